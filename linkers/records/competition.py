"""Rivals: in sources without duplicates a record has at most one counterpart in each other source."""

import numpy as np
from numpy.typing import NDArray

from linkers.records.learning_kernels import two_highest

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

_SURELY = 3.0
"""Standard errors that an estimate of decoys may be off when the best of several is chosen."""


def slots(left: Ints, right: Ints, source: Ints) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return for both sides of each pair the number of (record, source of the other), and how many there are."""
    sources = int(source.max(initial=0)) + 1
    of_left = left.astype(np.int64) * sources + source[right]
    of_right = right.astype(np.int64) * sources + source[left]
    return of_left, of_right, len(source) * sources


def two_best(score: NDArray[np.floating], left: Ints, right: Ints, source: Ints) -> tuple[Floats, Floats]:
    """Return the best and the second-best score of each slot, 0.0 where there is none."""
    of_left, of_right, count = slots(left, right, source)
    best, second = two_highest(score.astype(np.float64), of_left, of_right, count)
    return best, second


def rivals(score: NDArray[np.floating], left: Ints, right: Ints, source: Ints) -> tuple[Floats, Floats]:
    """Return for each pair the best score of another pair of its left record with that source, and of its right one."""
    best, second = two_best(score, left, right, source)
    of_left, of_right, _ = slots(left, right, source)
    return tuple(np.where(score >= best[slot], second[slot], best[slot]) for slot in (of_left, of_right))  # type: ignore[return-value]


def matches_expected(score: NDArray[np.floating], p: Floats, left: Ints, right: Ints, source: Ints) -> float:
    """Return how many pairs are matches, estimated without labels: what p sums up to, within what decoys allow.

    score: a likeness that knows nothing of rivals. p: present probability of each pair, rivals counted.
    The best score of a record in another source is that of its match, or of the most alike stranger. The second-best of
    a record that has a match is such a stranger too, so second-bests, weighed by the probability of a match, show how
    the best of strangers are distributed: a decoy. Where a share F of the bests and a share G of the decoys lie below
    some score, at least 1 - F / G of the records have a match. Taken where that is surely largest, within one standard
    error; of two sources the smaller estimate counts.
    """
    best, second = two_best(score, left, right, source)
    of_left, of_right, count = slots(left, right, source)
    weight = np.bincount(np.concatenate([of_left, of_right]), np.concatenate([p, p]), count).astype(np.float64)
    sources = int(source.max(initial=0)) + 1
    owner, of = np.repeat(source, sources), np.tile(np.arange(sources), len(source))
    if sources != 2:
        other = (owner != of) | (sources == 1)
        alike = max(sources - 1, 1)
        low, high = (count / 2 for count in _matched(best[other], second[other], weight[other], alike))
    else:
        sides = ((owner == side) & (of != side) for side in range(2))
        low, high = min(_matched(best[mine], second[mine], weight[mine], 1) for mine in sides)
    return float(np.clip(p.sum(), low, high))


def _matched(best: Floats, second: Floats, weight: Floats, alike: int) -> tuple[float, float]:
    """Return how many of these slots have a match, from and to. alike: so many are of one record and err together."""
    if not len(best):
        return 0.0, 0.0
    order = np.argsort(second, kind="stable")
    decoys, below = second[order], np.cumsum(weight[order] + 1e-9)
    effective = below[-1] ** 2 / float(((weight + 1e-9) ** 2).sum())
    bests = np.sort(best)
    surest, low, high = -np.inf, 0.0, 1.0
    for part in np.linspace(0.05, 0.9, 18):
        bar = decoys[min(int(np.searchsorted(below, part * below[-1])), len(decoys) - 1)]
        decoy = below[int(np.searchsorted(decoys, bar, side="right")) - 1] / below[-1]
        count = int(np.searchsorted(bests, bar, side="right"))
        mine = count / len(bests)
        error = (
            mine / decoy * np.sqrt(alike * ((1 - mine) / count + (1 - decoy) / (effective * decoy)))
            if count
            else alike / (len(bests) * decoy)
        )
        share = 1 - mine / decoy
        if share - _SURELY * error > surest:
            surest, low, high = share - _SURELY * error, max(share - error, 0.0), min(share + error, 1.0)
    return low * len(best), high * len(best)
