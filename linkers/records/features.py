"""How alike the records of each pair are: one row of numbers a pair."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.records.competition import rivals
from linkers.records.numbers import closeness, equal_digits, spread
from linkers.records.pair_kernels import OVERALL
from linkers.records.pair_texts import PairTexts
from linkers.records.searching import Found
from linkers.records.terms import Terms
from linkers.records.values import Values
from linkers.records.workforce import THREADS, Workforce

Matrix = NDArray[np.float32]

WHOLE = (
    "cosine",
    "shared of smaller",
    "shared of larger",
    "unshared of smaller",
    "unshared of larger",
    "shared",
    "numerals",
)
OF_COLUMN = ("cosine", "larger share held", "smaller share held")
COMPETING = (0, 2, 5)
"""Features of the whole record in which rivals are looked at."""


@dataclass(frozen=True)
class Features:
    """A feature matrix. values: float32 (pairs, features), NaN where nothing can be said. names: of its columns.

    kind: of each feature, as EM needs it: "whole", "cosine", "held" (of a column of words), "number", "rival".
    """

    values: Matrix
    names: tuple[str, ...]
    kinds: tuple[str, ...]


def features(
    values: Values, known: Terms, found: Found, *, rivals_of: NDArray[np.int32] | None, by: Workforce = THREADS
) -> Features:
    """Return the features of pairs.

    rivals_of: int32 (records,), the source of each record where a record has at most one counterpart in each source, so
    that how a pair stands beside its rivals says something; None where it does not. by: who compares the texts.
    """
    text = by.compared(PairTexts.of(known, len(values.words)), found.left, found.right)
    names = [f"all: {what}" for what in WHOLE] + [f"{c}: {what}" for c in values.words for what in OF_COLUMN]
    kinds = ["whole"] * OVERALL + ["cosine", "held", "held"] * len(values.words)
    parts = [text]
    for name, column in values.numbers:
        parts.append(closeness(column[found.left], column[found.right], spread(column))[:, None])
        names.append(f"{name}: closeness")
    for name, column in values.days:
        parts.append(equal_digits(column[found.left], column[found.right])[:, None])
        names.append(f"{name}: equal digits")
    kinds += ["number"] * (len(values.numbers) + len(values.days))
    if rivals_of is not None:
        for feature in COMPETING:
            parts.append(_against_rivals(np.nan_to_num(text[:, feature]), found, rivals_of))
            names += [f"all: {WHOLE[feature]} over both rivals", f"all: {WHOLE[feature]} over the best rival"]
            kinds += ["rival", "rival"]
    return Features(np.concatenate(parts, axis=1) if len(parts) > 1 else text, tuple(names), tuple(kinds))


def cosines(known: Terms, left: NDArray[np.integer], right: NDArray[np.integer]) -> NDArray[np.float32]:
    """Return how alike the whole texts of the records of pairs are, float32 (pairs,), in [0, 1]."""
    order = np.argsort(left, kind="stable")
    found = np.empty(len(order), np.float32)
    ends = left[order].astype(np.int32), right[order].astype(np.int32)
    found[order] = THREADS.compared(PairTexts.of(known, 0), *ends)[:, 0]
    return found


def _against_rivals(score: Matrix, found: Found, source: NDArray[np.int32]) -> Matrix:
    of_left, of_right = rivals(score, found.left, found.right, source)
    return np.stack([2 * score - of_left - of_right, score - np.maximum(of_left, of_right)], axis=1).astype(np.float32)
