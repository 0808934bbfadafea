"""From mentions to candidates with all their features: the columnar core of linking."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from linkers.blocking import CHANNELS, block
from linkers.encoding import Encoder
from linkers.index import CatalogIndex
from linkers.scoring.combinations import combine
from linkers.scoring.context_candidates import context_candidates
from linkers.scoring.context_evidence import TextVectors, context_features, cosines, description_features
from linkers.scoring.document_evidence import document_features
from linkers.scoring.features import FEATURES, matrix
from linkers.scoring.kinship import kinship
from linkers.scoring.name_evidence import describe, name_features
from linkers.scoring.settings import LinkSettings
from linkers.scoring.surface_vectors import surface_vectors
from linkers.scoring.type_evidence import type_features

SOUNDS_LIKE = 0.85
"""Least score of aligned sounds that says of two names that they sound alike."""
PAIRS_AT_ONCE = 250_000
"""Bound on the candidates whose features are in memory together, unless one document alone has more."""


@dataclass(frozen=True)
class Gathered:
    """Candidates of the mentions of some whole documents.

    mentions: the MENTIONS rows, with `mention`: their row number in the batch.
    pairs:    one row a candidate, ordered by mention: mention, entity (row in the index), alias, channels (bit mask)
              and one column a feature. Mentions without candidates have no row.
    features: (len(pairs), number of features), float32.
    """

    mentions: pl.DataFrame
    pairs: pl.DataFrame
    features: NDArray[np.float32]


def gather(
    batch: pa.Table, index: CatalogIndex, *, encoder: Encoder | None, settings: LinkSettings
) -> Iterator[Gathered]:
    """Yield the candidates of a batch of MENTIONS in bounded parts of whole documents, in the batch's order.

    Surfaces and contexts are blocked and encoded once each. What is yielded for a document does not depend on
    the other documents of the batch.
    """
    vectors = TextVectors.of_index(encoder, index)
    mentions = pl.DataFrame(pl.from_arrow(batch)).with_row_index("mention")
    surfaces = mentions.select("surface").unique().sort("surface").with_row_index("query")
    mentions = mentions.join(surfaces, on="surface", how="left", maintain_order="left").with_columns(
        pl.col("doc_id").rle_id().alias("doc")
    )
    names = describe(surfaces["surface"].to_list()).with_columns(surfaces["query"])
    sources = _Sources(names, surface_vectors(names, index, vectors), vectors, index, settings)
    candidates = _candidates(sources)
    sizes = candidates.group_by("query").len("pairs")
    for part in _parts(mentions.join(sizes, on="query", how="left", maintain_order="left")):
        pairs = _featured(part, candidates, sources)
        yield Gathered(part, pairs, matrix(pairs))


@dataclass(frozen=True)
class _Sources:
    """What every part of a batch is compared with.

    names: `describe` of the distinct surfaces, with their number as `query`. lines: a vector a query, zeros for a
    surface that needs none; None without vectors.
    """

    names: pl.DataFrame
    lines: NDArray[np.float32] | None
    vectors: TextVectors
    index: CatalogIndex
    settings: LinkSettings


def _candidates(sources: _Sources) -> pl.DataFrame:
    """Return query, entity and what surface and entity have together, ordered by query and entity."""
    surfaces, settings = sources.names["text"].to_list(), sources.settings.blocking
    found = block(surfaces, sources.index, settings=settings, vectors=sources.lines).table
    pairs = found.select("query", "entity", "alias", "channels", "exact", "ngram", "sound")
    return _described(pairs.with_columns(pl.col("query").cast(pl.UInt32)), sources)


def _described(pairs: pl.DataFrame, sources: _Sources) -> pl.DataFrame:
    """Return pairs of surface and entity with everything that the two say by themselves.

    pairs: query, entity, alias (row of the best name), channels, exact, ngram, sound.
    """
    names, index = sources.names, sources.index
    rows = pairs["alias"].to_arrow()
    alias = pl.Series("alias", pl.from_arrow(index.aliases["alias"].take(rows)), dtype=pl.String)
    main = pl.Series("main", pl.from_arrow(index.aliases["is_name"].take(rows)), dtype=pl.Boolean)
    pairs = pairs.drop("alias").with_columns(alias, main, _surface_cosines(pairs, index, sources.lines))
    pairs = pairs.join(names.select("query", "text"), on="query", how="left", maintain_order="left")
    channels = {name: (pl.col("channels") & (1 << number)) > 0 for number, name in enumerate(CHANNELS)}
    # an alignment of sounds is a candidate long before it is evidence; an equal code has no score
    heard = channels["phonetic"] & ((pl.col("sound") == 0) | (pl.col("sound") >= SOUNDS_LIKE))
    pairs = pairs.with_columns(
        heard.alias("phonetic"), channels["form"].alias("form"), channels["people"].alias("people")
    )
    keys = pl.Series("key", pl.from_arrow(index.aliases["key"].take(rows)), dtype=pl.String)
    distinct = pl.DataFrame([alias, keys]).unique(subset="alias").sort("alias")
    known = describe(distinct["alias"].to_list(), distinct["key"].to_list())
    pairs = name_features(pairs, names.drop("query"), known)
    return _entity_columns(pairs, index).sort("query", "entity")


def _surface_cosines(pairs: pl.DataFrame, index: CatalogIndex, lines: NDArray[np.float32] | None) -> pl.Series:
    if lines is None or not pairs.height:
        return pl.Series("vector", np.zeros(pairs.height))
    return cosines(pairs["query"].to_numpy(), pairs["entity"].to_numpy(), lines, index).alias("vector")


def _entity_columns(pairs: pl.DataFrame, index: CatalogIndex) -> pl.DataFrame:
    rows = pairs["entity"].unique().sort()
    table = index.entities.select(["type", "popularity", "description"]).take(rows.to_arrow())
    columns = pl.DataFrame(pl.from_arrow(table)).rename({"type": "entity_type", "popularity": "weight"})
    return pairs.join(columns.with_columns(rows.alias("entity")), on="entity", how="left", maintain_order="left")


def _ambiguity(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add what a candidate's rivals for the same surface in a document say: homonyms, popularity, better names."""
    core = pl.col("exact_core")
    homonyms = core.sum().over("doc", "query")
    tier = (
        pl.when(core)
        .then(0)
        .when(pl.col("contained") | pl.col("abbreviated") | pl.col("containing"))
        .then(1)
        .otherwise(2)
    )
    pairs = pairs.with_columns(tier.alias("tier"), homonyms.alias("same_name"))
    rivals = ("doc", "query", "tier")
    whole = pl.col("weight").sum().over(rivals)
    known = pl.col("weight").is_not_null() & (whole > 0) & (pl.col("weight").count().over(rivals) > 1)
    return pairs.with_columns(
        (core & (pl.col("same_name") == 1)).alias("exact_unique"),
        (pl.col("same_name").cast(pl.Float64) + 1.0).log().alias("homonyms"),
        pl.when(known).then(pl.col("weight") / whole).otherwise(0.5).round(4).alias("popularity"),
        (~core & (pl.col("same_name") > 0)).alias("beaten"),
        (pl.col("same_name") > 0).alias("any_exact"),
    )


def _parts(mentions: pl.DataFrame) -> Iterator[pl.DataFrame]:
    sizes = mentions.group_by("doc", maintain_order=True).agg(pl.col("pairs").fill_null(0).sum())
    part = (sizes["pairs"].cum_sum() - 1).clip(0) // PAIRS_AT_ONCE
    numbered = mentions.drop("pairs").join(sizes.select("doc", part.alias("part")), on="doc", maintain_order="left")
    for rows in numbered.partition_by("part", maintain_order=True):
        yield rows.drop("part")


def _by_context(mentions: pl.DataFrame, candidates: pl.DataFrame, sources: _Sources) -> pl.DataFrame:
    """Return the candidates that only the context leads to, as `candidates` are, with doc."""
    if not sources.vectors.available:
        return candidates.clear().select(mentions["doc"].clear(), pl.all())
    # a name of several words that is there as it stands needs no such help
    settled = candidates.filter(pl.col("exact_core") & (pl.col("s_size") > 1)).select("query").unique()
    asked = mentions.join(settled, on="query", how="anti", maintain_order="left")
    found = context_candidates(
        asked.join(sources.names.select("query", "key"), on="query", how="left", maintain_order="left"),
        candidates,
        sources.vectors,
        sources.index,
        sources.settings.blocking.context,
    )
    pairs = found.select("query", "entity").unique(maintain_order=True)
    pairs = pairs.with_columns(
        pl.Series("alias", sources.index.name_rows[pairs["entity"].to_numpy()], dtype=pl.Int32),
        pl.lit(1 << CHANNELS.index("context"), dtype=pl.UInt16).alias("channels"),
        pl.lit(False).alias("exact"),
        *(pl.lit(0.0, dtype=pl.Float32).alias(name) for name in ("ngram", "sound")),
    )
    described = _described(pairs, sources)
    columns = ["doc", *candidates.columns]
    return found.join(described, on=["query", "entity"], how="left", maintain_order="left").select(columns)


def _featured(mentions: pl.DataFrame, candidates: pl.DataFrame, sources: _Sources) -> pl.DataFrame:
    """Return the candidates of mentions with every feature."""
    wanted = mentions.select("doc", "query").unique().sort("doc", "query")
    candidates = candidates.join(wanted, on="query", how="semi", maintain_order="left")
    more = _by_context(mentions, candidates, sources)
    in_documents = pl.concat([wanted.join(candidates, on="query", how="inner", maintain_order="left"), more])
    in_documents = _ambiguity(in_documents.sort("doc", "query", "entity"))
    exact = in_documents.filter(pl.col("exact_core")).select(
        "query", "entity", (1.0 / pl.col("same_name")).alias("share")
    )
    exact = exact.unique(maintain_order=True)
    cores = sources.names.select("query", "core", "common")
    told = document_features(in_documents.select("doc", "query", "entity"), cores, exact, sources.index)
    in_documents = in_documents.join(told, on=["doc", "query", "entity"], how="left", maintain_order="left")
    own = mentions.select("mention", "doc", "query", "surface", "start", "type", "cue", "sentence", "context")
    kin = kinship(in_documents)
    in_documents = in_documents.join(kin, on=["doc", "query", "entity"], how="left", maintain_order="left")
    pairs = own.select("mention", "doc", "query", "type", "cue", "sentence").join(
        in_documents, on=["doc", "query"], how="inner", maintain_order="left_right"
    )
    pairs = type_features(pairs, sources.settings.ontology)
    described = in_documents.select("entity", "description").unique(subset="entity", maintain_order=True)
    pairs = description_features(pairs.drop("description"), own, described)
    places = own.select("mention", "doc", "query", "surface", "start", "sentence")
    pairs = context_features(pairs, places, sources.vectors, sources.index)
    return combine(pairs).select("mention", "entity", "alias", "channels", *FEATURES)
