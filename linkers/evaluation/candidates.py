"""Whether blocking finds the right entity at all, and how far down."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.blocking import CHANNELS, BlockingSettings, block
from linkers.encoding import Encoder
from linkers.index import CatalogIndex
from linkers.scoring.names import Names
from linkers.scoring.surface_vectors import surface_vectors
from linkers.scoring.text_vectors import TextVectors

DEPTHS = (1, 5, 10, 30)
ALL = "all"
SURFACES_AT_ONCE = 2_000
"""Bound on the surfaces whose candidates are in memory together."""


@dataclass(frozen=True, slots=True)
class CandidateRecall:
    """Share of the gold mentions with an entity whose entity is among their candidates.

    The candidates of every gold surface are sought again in the index, with the home's budgets: a decision keeps the
    first few only. Their order is that of blocking (by name alone), not that of the ranker.

    mentions: gold mentions with an entity. searched: those whose surface could be sought (the document is here).
    recall:   by depth ("1", "5", "10", "30", "all"): the gold entity is among the first so many candidates.
    channels: the same for each channel alone: its place is counted among the candidates that this channel found.
    kept:     by depth, the share whose entity is among the first so many candidates that the decision keeps, in the
              ranker's order; no depth is deeper than a decision keeps.
    All shares are None without gold mentions that have an entity; what could not be searched counts as not found.
    """

    mentions: int
    searched: int
    recall: dict[str, float | None]
    channels: dict[str, dict[str, float | None]]
    kept: dict[str, float | None]


def candidate_recall(
    wanted: pl.DataFrame,
    index: CatalogIndex,
    *,
    settings: BlockingSettings,
    encoder: Encoder | None,
    kept_depth: int,
) -> CandidateRecall:
    """Return the recall of blocking.

    wanted: one row a gold mention with an entity: surface (null when not known), gold_id, candidates (list of the
    entity ids that its decision keeps, best first; null without decision). encoder: the one of the index, or None.
    kept_depth: how many candidates a decision keeps at most.
    """
    rows = wanted.with_columns(pl.Series("entity", index.row_of(wanted["gold_id"].to_list()), dtype=pl.Int64))
    surfaces = rows["surface"].drop_nulls().unique().sort()
    found = _blocked(surfaces.to_list(), index, settings, encoder)
    places = found.with_columns(_place().alias(ALL))
    for number, name in enumerate(CHANNELS):
        mine = (pl.col("channels") & (1 << number)) > 0
        place = mine.cast(pl.Int64).cum_sum().over("query")
        places = places.with_columns(pl.when(mine).then(place).alias(name))
    numbered = pl.DataFrame({"surface": surfaces, "query": np.arange(len(surfaces), dtype=np.int32)})
    joined = rows.join(numbered, on="surface", how="left", maintain_order="left").join(
        places.drop("channels"), on=["query", "entity"], how="left", maintain_order="left"
    )
    return CandidateRecall(
        mentions=rows.height,
        searched=rows["surface"].count(),
        recall=_recall(joined[ALL]),
        channels={name: _recall(joined[name]) for name in CHANNELS},
        kept={
            depth: share
            for depth, share in _recall(_kept_places(rows)).items()
            if depth != ALL and int(depth) <= kept_depth
        },
    )


def _blocked(
    surfaces: Sequence[str], index: CatalogIndex, settings: BlockingSettings, encoder: Encoder | None
) -> pl.DataFrame:
    """Return query (place of the surface), entity and channels of all candidates, best first within a surface."""
    parts = []
    for start in range(0, max(len(surfaces), 1), SURFACES_AT_ONCE):
        some = surfaces[start : start + SURFACES_AT_ONCE]
        table = block(some, index, settings=settings, vectors=vectors_of(some, index, encoder)).table
        query = (pl.col("query") + start).cast(pl.Int32)
        parts.append(table.select(query, pl.col("entity").cast(pl.Int64), "channels"))
    return pl.concat(parts)


def vectors_of(surfaces: Sequence[str], index: CatalogIndex, encoder: Encoder | None) -> NDArray[np.float32] | None:
    """Return the vectors that linking blocks surfaces with, (n, d); None without encoder or vectors in the index."""
    return surface_vectors(Names(surfaces), index, TextVectors.of_index(encoder, index))


def _kept_places(rows: pl.DataFrame) -> pl.Series:
    """Return the place of the gold entity among the candidates that each decision keeps, null where it is not."""
    numbered = rows.select("gold_id", "candidates").with_row_index("row")
    listed = numbered.explode("candidates", empty_as_null=True).with_columns(
        pl.int_range(1, pl.len() + 1).over("row").alias("place")
    )
    right = listed.filter(pl.col("candidates") == pl.col("gold_id")).group_by("row").agg(pl.col("place").min())
    return numbered.join(right, on="row", how="left", maintain_order="left")["place"]


def _place() -> pl.Expr:
    """Return the place of a candidate within its surface, from 1."""
    return pl.int_range(1, pl.len() + 1).over("query")


def _recall(places: pl.Series) -> dict[str, float | None]:
    mentions = len(places)
    if not mentions:
        return dict.fromkeys([*(str(depth) for depth in DEPTHS), ALL])
    within: dict[str, float | None] = {str(depth): float((places <= depth).sum()) / mentions for depth in DEPTHS}
    return within | {ALL: float(places.count()) / mentions}
