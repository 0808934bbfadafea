"""Two sets of decisions against the same gold: what got better, what got worse, and whether that may be chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from linkers.evaluation.bootstrap import Interval, intervals
from linkers.evaluation.matching import SPAN, match
from schemas.span import GoldSpan

_ANSWER = ("decision", "entity_id", "best_entity_id", "probability")


@dataclass(frozen=True, slots=True)
class Change:
    """What changed between two answers to each gold mention.

    before, after: share of the gold mentions that are right; 0.0 without gold mentions. difference: after - before.
    interval:      95 % percentile interval of the difference, by drawing documents again, the same for both; None with
                   fewer than two documents.
    p_value:       exact two-sided McNemar test (Q. McNemar, Psychometrika 12, 1947): the chance of better and worse as
                   far from each other as these, were both equally likely; 1.0 when nothing changed.
    better, worse: mentions that became right, and that ceased to be, in the order of the gold: doc_id, start, end,
                   gold_id, and before and after with decision, entity_id, best_entity_id and probability (all None:
                   not decided).
    """

    before: float
    after: float
    difference: float
    interval: Interval | None
    p_value: float
    better: list[dict[str, Any]]
    worse: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Decisions after a former run beside the present ones.

    run_id:   the former run.
    asserted: right is: decided as gold says, at the operating point.
    likeliest: right is: the likeliest answer is gold's, whatever was decided.
    """

    run_id: str
    asserted: Change
    likeliest: Change


def compare(before: pa.Table, after: pa.Table, gold: Sequence[GoldSpan], *, run_id: str = "") -> Comparison:
    """Compare two sets of decisions (DECISIONS each) about the same gold; spans must agree exactly.

    A mention without decision is not right. Decisions at other places are not looked at.
    """
    left, right = (match(decisions, gold, "gold").rows for decisions in (before, after))
    told = left.select(*SPAN, "gold_id", *(pl.col(name).alias(f"before_{name}") for name in _ANSWER)).hstack(
        right.select(pl.col(name).alias(f"after_{name}") for name in _ANSWER)
    )
    asserted = [rows.select(right=pl.col("outcome") == "right")["right"] for rows in (left, right)]
    return Comparison(
        run_id,
        _change(told, asserted[0], asserted[1]),
        _change(told, left["best_right"], right["best_right"]),
    )


def _change(told: pl.DataFrame, before: pl.Series, after: pl.Series) -> Change:
    better, worse = told.filter(~before & after), told.filter(before & ~after)
    changed = better.height + worse.height
    documents = (
        told.select("doc_id", before=before.cast(pl.Float64), after=after.cast(pl.Float64))
        .group_by("doc_id", maintain_order=True)
        .agg(pl.len().cast(pl.Float64).alias("gold"), pl.col("after").sum() - pl.col("before").sum())
        .sort("doc_id")
    )
    counted = documents.select("gold", "after").to_numpy().reshape(-1, 2)
    found = intervals(counted, lambda sums: {"difference": sums[:, 1] / np.maximum(sums[:, 0], 1.0)})
    size = max(told.height, 1)
    return Change(
        before=float(before.sum()) / size,
        after=float(after.sum()) / size,
        difference=float(better.height - worse.height) / size,
        interval=found["difference"],
        p_value=_sign_test(better.height, changed),
        better=_listed(better),
        worse=_listed(worse),
    )


def _sign_test(better: int, changed: int) -> float:
    """Return how probable so uneven a change is by chance, in [0, 1]."""
    # loaded here, since every command would wait for it
    from scipy.stats import binomtest

    return float(binomtest(better, changed, 0.5).pvalue) if changed else 1.0


def _listed(rows: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {name: row[name] for name in (*SPAN, "gold_id")}
        | {side: {name: row[f"{side}_{name}"] for name in _ANSWER} for side in ("before", "after")}
        for row in rows.iter_rows(named=True)
    ]
