"""What is decided about compared pairs: join, review or apart."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.records.second_evidence import NAME_ALONE

JOIN, REVIEW, APART = "join", "review", "apart"
LIKELY = 0.5
"""From this probability on a pair that is not joined is one for review."""
KEPT = 0.05
"""Pairs under this probability that are not joined are not kept."""


def decide_compared(pairs: pl.DataFrame, backed: NDArray[np.bool_]) -> pl.DataFrame:
    """Return the pairs that are kept, with `decision`, and their probability as it is stood by.

    pairs:  left_key, right_key, probability, one_cluster (bool: the clustering put both together), hard_left,
            hard_right (numbers of the clusters that are one already), and any more columns.
    backed: (n,) whether more than a name speaks for the pair (`SecondEvidence`). Without it nothing joins, and the
            probability is at most NAME_ALONE.
    A pair of one cluster joins when it is likely, or when nothing likelier connects its records: the joins of a cluster
    connect what it holds. Every other likely pair is for review.
    """
    told = pairs.with_columns(
        pl.Series("backed", backed),
        pl.when(pl.Series(backed)).then("probability").otherwise(pl.min_horizontal("probability", NAME_ALONE)),
    )
    told = told.filter(pl.col("hard_left") != pl.col("hard_right"))
    within = pl.col("one_cluster") & pl.col("backed")
    firm = within & (pl.col("probability") >= LIKELY)
    needed = _connecting(told.filter(firm), told.filter(within & ~firm))
    told = told.join(needed, on=["left_key", "right_key"], how="left", maintain_order="left")
    joined = firm | pl.col("connects").is_not_null()
    decision = pl.when(joined).then(pl.lit(JOIN)).when(pl.col("probability") >= LIKELY).then(pl.lit(REVIEW))
    told = told.with_columns(decision.otherwise(pl.lit(APART)).alias("decision")).drop("backed", "connects")
    return told.filter((pl.col("decision") == JOIN) | (pl.col("probability") >= KEPT))


def _connecting(firm: pl.DataFrame, weak: pl.DataFrame) -> pl.DataFrame:
    """Return the keys of those weak pairs, likeliest first, that connect what firm pairs leave apart."""
    parent: dict[int, int] = {}

    def root(number: int) -> int:
        while parent.setdefault(number, number) != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    columns = ["hard_left", "hard_right", "left_key", "right_key"]
    for left, right, *_ in firm.select(columns).iter_rows():
        parent[root(left)] = root(right)
    found: list[Sequence[object]] = []
    ordered = weak.sort(["probability", "left_key", "right_key"], descending=[True, False, False])
    for left, right, *key in ordered.select(columns).iter_rows():
        if root(left) != root(right):
            parent[root(left)] = root(right)
            found.append((*key, True))
    schema = {"left_key": pl.String, "right_key": pl.String, "connects": pl.Boolean}
    return pl.DataFrame(found, schema=schema, orient="row")
