"""What the other names in a document say about a candidate: full forms, other names, related entities."""

import numpy as np
import polars as pl

from linkers.index import CatalogIndex

HUB = 400
"""An entity with more related entities says nothing about any one of them."""

_PAIR = ["doc", "query", "entity"]


def document_features(
    pairs: pl.DataFrame, names: pl.DataFrame, exact: pl.DataFrame, index: CatalogIndex
) -> pl.DataFrame:
    """Return doc, query, entity with the features that the rest of the document gives.

    pairs: doc, query, entity: the candidates of each surface (query) of each document, distinct.
    names: query, core, common: the normal form of each surface.
    exact: query, entity, share: entities of exactly that name, and 1 / how many there are.
    `full_form` is 0 to 1: certain names count 1; `other_full_form` says that a longer name is not this entity's.
    """
    spoken = pairs.select("doc", "query").unique().join(names, on="query").sort("doc", "query")
    named = spoken.join(exact, on="query").select("doc", "query", "core", "common", "entity", "share")
    found = (
        pairs.join(_full_forms(spoken, named), on=_PAIR, how="left", maintain_order="left")
        .join(_holders(spoken), on=["doc", "query"], how="left", maintain_order="left")
        .join(_also_named(pairs, named), on=_PAIR, how="left", maintain_order="left")
        .join(_coherence(pairs, named, index), on=_PAIR, how="left", maintain_order="left")
    )
    return found.with_columns(
        pl.col("full_form", "coherence").fill_null(0.0),
        pl.col("also_named").fill_null(False),
        (pl.col("held").fill_null(False) & pl.col("full_form").is_null()).alias("other_full_form"),
    ).drop("held")


def _longer(spoken: pl.DataFrame) -> pl.DataFrame:
    """Return doc, query, long: surfaces of a document and those that hold all their words in a row."""
    words = spoken.select("doc", "query", "core", pl.col("core").str.split(" ").alias("word"))
    # joined by the first word only: a name that holds another holds its first word
    first = words.with_columns(pl.col("word").list.first())
    held = words.select("doc", pl.col("query").alias("long"), pl.col("core").alias("long_core"), "word").explode("word")
    spaced = [pl.lit(" ") + pl.col(name) + pl.lit(" ") for name in ("core", "long_core")]
    return (
        first.join(held.unique(), on=["doc", "word"])
        .filter(pl.col("long_core").str.len_chars() > pl.col("core").str.len_chars())
        .filter(spaced[1].str.contains(spaced[0], literal=True))
        .select("doc", "query", "long")
        .unique()
    )


def _full_forms(spoken: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    full = named.select("doc", pl.col("query").alias("long"), "entity", "share")
    return _longer(spoken).join(full, on=["doc", "long"]).group_by(_PAIR).agg(pl.col("share").max().alias("full_form"))


def _holders(spoken: pl.DataFrame) -> pl.DataFrame:
    return _longer(spoken).select("doc", "query").unique().with_columns(pl.lit(True).alias("held"))


def _also_named(pairs: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """Entities that another surface with another normal form names, and no other entity."""
    certain = named.filter((pl.col("share") == 1.0) & ~pl.col("common"))
    other = certain.select("doc", "entity", pl.col("query").alias("other"), pl.col("core").alias("other_core"))
    cores = named.select("query", "core").unique()
    return (
        pairs.select(_PAIR)
        .join(other, on=["doc", "entity"])
        .join(cores, on="query", how="left")
        .filter((pl.col("query") != pl.col("other")) & pl.col("other_core").ne_missing(pl.col("core")))
        .select(_PAIR)
        .unique()
        .with_columns(pl.lit(True).alias("also_named"))
    )


def _coherence(pairs: pl.DataFrame, named: pl.DataFrame, index: CatalogIndex) -> pl.DataFrame:
    """1 - exp(-sum) over related entities that other surfaces name: certain names and rare ties count more."""
    sources = named.select("entity").unique().sort("entity")
    rows = sources["entity"].to_numpy().astype(np.int64)
    starts, related = index.neighbours(rows)
    degree = np.diff(starts)
    edges = pl.DataFrame(
        {
            "source": np.repeat(rows, degree),
            "entity": related.astype(np.int64),
            "weight": np.repeat(1.0 / np.log2(2.0 + degree), degree) * (np.repeat(degree, degree) <= HUB),
        }
    ).filter(pl.col("weight") > 0)
    weighed = named.select(
        "doc",
        pl.col("query").alias("other"),
        pl.col("core").alias("other_core"),
        pl.col("entity").cast(pl.Int64).alias("source"),
        (pl.col("share") * pl.when(pl.col("common")).then(0.3).otherwise(1.0)).alias("certainty"),
    )
    told = (
        weighed.join(edges, on="source")
        .group_by("doc", "other", "other_core", "entity")
        .agg((pl.col("certainty") * pl.col("weight")).max().alias("strength"))
    )
    cores = named.select("query", pl.col("core")).unique()
    return (
        pairs.select("doc", "query", pl.col("entity").cast(pl.Int64))
        .join(told, on=["doc", "entity"])
        .join(cores, on="query", how="left")
        .filter((pl.col("other") != pl.col("query")) & pl.col("other_core").ne_missing(pl.col("core")))
        # one name written in several ways is one witness
        .group_by("doc", "query", "entity", "other_core")
        .agg(pl.col("strength").max())
        .sort(*_PAIR, "other_core")
        .group_by(_PAIR, maintain_order=True)
        .agg((1.0 - (-2.0 * pl.col("strength").sum()).exp()).round(4).alias("coherence"))
        .with_columns(pl.col("entity").cast(pairs.schema["entity"]))
    )
