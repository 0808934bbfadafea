"""Candidates that only the context leads to: nicknames, first names and common nouns that stand for an entity."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.index import CatalogIndex
from linkers.scoring.context_evidence import TextVectors, cosines, unit

HOLDERS = 1_000
"""Most names that hold all words of a surface among which the context chooses."""


def context_candidates(
    mentions: pl.DataFrame, known: pl.DataFrame, vectors: TextVectors, index: CatalogIndex, limit: int
) -> pl.DataFrame:
    """Return doc, query, entity: the entities nearest to surface and sentence together, without those that are known.

    mentions: doc, query, surface, key, sentence. known: query, entity. Of all entities, and once more of those whose
    names hold all words of the surface (there may be hundreds of the same given name), `limit` each.
    The vector that is searched for is the sum of the surface's and the mean of its sentences' in the document.
    """
    if not vectors.available or not index.vectors.shape[1] or not mentions.height:
        return mentions.select("doc", "query", pl.lit(None, dtype=pl.Int32).alias("entity")).clear()
    told = mentions.select("doc", "query", "surface", "key", "sentence").unique().sort("doc", "query", "sentence")
    asked = told.select("doc", "query", "surface", "key").unique(maintain_order=True)
    groups = told.select(pl.struct("doc", "query").rle_id()).to_series().to_numpy().astype(np.int64)
    sums = np.add.reduceat(vectors.of(told["sentence"].to_list()), np.flatnonzero(np.diff(groups, prepend=-1)))
    sentences = unit(sums)
    hits = index.vector_search(unit(sentences + vectors.of(asked["surface"].to_list())), limit)
    near = asked.select("doc", "query")[hits.query].with_columns(pl.Series("entity", hits.target, dtype=pl.Int32))
    found = pl.concat([near, _holders(asked, sentences, index, limit)]).unique()
    new = found.join(known.select("query", "entity"), on=["query", "entity"], how="anti")
    return new.sort("doc", "query", "entity")


def _holders(asked: pl.DataFrame, sentences: NDArray[np.float32], index: CatalogIndex, limit: int) -> pl.DataFrame:
    """Return the entities that are nearest to the sentences among those whose names hold the word that is asked."""
    words = asked.with_row_index("row").filter(~pl.col("key").str.contains(" "))
    hits = index.tokens(words["key"].to_list(), HOLDERS)
    entities = index.aliases["entity"].take(hits.target).to_numpy().astype(np.int64)
    rows = words["row"].to_numpy()[hits.query].astype(np.int64)
    holders = (
        words[hits.query]
        .select("doc", "query")
        .with_columns(pl.Series("entity", entities, dtype=pl.Int32), cosines(rows, entities, sentences, index))
    )
    holders = holders.unique(subset=["doc", "query", "entity"]).sort(
        ["doc", "query", "cosine", "entity"], descending=[False, False, True, False]
    )
    return holders.group_by("doc", "query", maintain_order=True).head(limit).drop("cosine")
