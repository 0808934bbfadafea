"""What another threshold of links would give."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from linkers.evaluation.matching import Matched

THRESHOLDS = (*(number / 20 for number in range(1, 20)), 0.97, 0.98, 0.99, 0.995, 0.999)


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """Links at a threshold.

    links: mentions with a likeliest entity and a probability >= threshold. right: those whose entity is gold's.
    precision: right / links, 1.0 without links. recall: right / gold mentions that have an entity, 0.0 without.
    f1: their harmonic mean, 0.0 when both are 0.
    """

    threshold: float
    links: int
    right: int
    precision: float
    recall: float
    f1: float


def sweep(matched: Matched) -> list[SweepPoint]:
    """Return what would be linked at each of THRESHOLDS, rising, if nothing else kept a mention from being linked.

    Candidates that nothing tells apart are never linked in truth; their probability is at most about one half. With
    spans "system", decisions link and nil at other places take part: their links are wrong.
    """
    columns = ["best_entity_id", "probability"]
    named = pl.col("best_entity_id").is_not_null()
    own = matched.rows.filter(named).select(*columns, "best_right")
    beside = matched.elsewhere.filter(named).select(*columns, pl.lit(False).alias("best_right"))
    answers = pl.concat([own, beside]).sort("probability")
    probability = answers["probability"].to_numpy()
    right = answers["best_right"].cast(pl.Int64).to_numpy()
    inside = matched.rows["gold_id"].count()
    points = []
    for threshold in THRESHOLDS:
        first = int(np.searchsorted(probability, threshold, side="left"))
        links, hits = len(probability) - first, int(right[first:].sum())
        precision = hits / links if links else 1.0
        recall = hits / inside if inside else 0.0
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
        points.append(SweepPoint(threshold, links, hits, precision, recall, f1))
    return points
