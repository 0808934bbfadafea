"""Two ways of deciding, the arms, against one gold: on the same documents, or each on its own half of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkers.evaluation.bootstrap import Interval, intervals
from linkers.evaluation.matching import match
from linkers.evaluation.measures import COUNTED, matrix, measures, tallies
from linkers.evaluation.model_comparison import Verdict
from schemas.span import GoldSpan

Floats = NDArray[np.float64]
COMPARED = ("f1", "precision", "recall", "accuracy", "link_precision", "link_recall")
"""Of `linkers.evaluation.measures.MEASURES`, at the spans of the gold."""


@dataclass(frozen=True, slots=True)
class ArmDifference:
    """One measure of two arms, in [0, 1].

    difference: other - current. interval: 95 % bootstrap interval of it over documents; None with fewer than two.
    verdict:    of the other arm: "better" or "worse" when the interval lies on one side of 0.
    """

    current: float
    other: float
    difference: float
    interval: Interval | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ArmComparison:
    """Two arms. documents: of the gold, that each arm was measured on. measures: by name, COMPARED."""

    documents: tuple[int, int]
    mentions: tuple[int, int]
    measures: dict[str, ArmDifference]


def paired_arms(current: pa.Table, other: pa.Table, gold: Sequence[GoldSpan]) -> ArmComparison:
    """Compare two sets of decisions (DECISIONS) on all documents of the gold; each draw has the same ones for both."""
    one, two = _per_document(current, gold), _per_document(other, gold)
    sizes, mentions = (len(one),) * 2, (_mentions(one),) * 2
    return ArmComparison((sizes[0], sizes[1]), (mentions[0], mentions[1]), _compared(np.hstack([one, two])))


def split_arms(current: pa.Table, other: pa.Table, gold: Sequence[GoldSpan], *, seed: int) -> ArmComparison:
    """Compare two sets of decisions, each on the documents that the seed gives to it, as an A/B test would.

    A draw takes documents of both arms, so the interval is wider than that of `paired_arms`.
    """
    sides = [[row for row in gold if arm_of(row.doc_id, seed) == arm] for arm in (0, 1)]
    one, two = _per_document(current, sides[0]), _per_document(other, sides[1])
    stacked = np.vstack([np.hstack([one, np.zeros_like(one)]), np.hstack([np.zeros_like(two), two])])
    mentions = _mentions(one), _mentions(two)
    return ArmComparison((len(one), len(two)), mentions, _compared(stacked))


def arm_of(doc_id: str, seed: int) -> int:
    """Return the arm of a document: 0 or 1, as likely, and the same on every machine."""
    return hashlib.sha256(f"{seed} {doc_id}".encode()).digest()[0] & 1


def _compared(counted: Floats) -> dict[str, ArmDifference]:
    width = counted.shape[1] // 2

    def differences(sums: Floats) -> dict[str, Floats]:
        current, other = measures(sums[:, :width]), measures(sums[:, width:])
        return {name: other[name] - current[name] for name in COMPARED}

    whole = counted.sum(axis=0, keepdims=True)
    current, other = measures(whole[:, :width]), measures(whole[:, width:])
    spread = intervals(counted, differences)
    found = {}
    for name in COMPARED:
        before, after = float(current[name][0]), float(other[name][0])
        found[name] = ArmDifference(before, after, after - before, spread[name], _verdict(spread[name]))
    return found


def _mentions(counted: Floats) -> int:
    return int(counted[:, COUNTED.index("gold")].sum())


def _verdict(interval: Interval | None) -> Verdict:
    if interval is None or interval[0] <= 0.0 <= interval[1]:
        return "no difference"
    return "better" if interval[0] > 0.0 else "worse"


def _per_document(decisions: pa.Table, gold: Sequence[GoldSpan]) -> Floats:
    """Return the counts of each document of the gold, ordered by id."""
    return matrix(tallies(match(decisions, gold, "gold")))
