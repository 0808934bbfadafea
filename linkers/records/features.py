"""How alike the records of each pair are: one row of numbers a pair."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.records.competition import rivals
from linkers.records.numbers import closeness, equal_digits, spread
from linkers.records.pair_kernels import BY_COLUMN, OVERALL, compare
from linkers.records.searching import Found
from linkers.records.sharing_out import in_threads, parts_of
from linkers.records.terms import Terms
from linkers.records.values import Values

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
_AT_ONCE = 1 << 15


@dataclass(frozen=True)
class Features:
    """A feature matrix. values: float32 (pairs, features), NaN where nothing can be said. names: of its columns.

    kind: of each feature, as EM needs it: "whole", "cosine", "held" (of a column of words), "number", "rival".
    """

    values: Matrix
    names: tuple[str, ...]
    kinds: tuple[str, ...]


def features(values: Values, known: Terms, found: Found, *, competing: bool) -> Features:
    """Return the features of pairs.

    competing: no source has duplicates, so that how a pair stands beside its rivals says something.
    """
    text = _text(values, known, found)
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
    if competing:
        for feature in COMPETING:
            parts.append(_against_rivals(np.nan_to_num(text[:, feature]), found, values.source))
            names += [f"all: {WHOLE[feature]} over both rivals", f"all: {WHOLE[feature]} over the best rival"]
            kinds += ["rival", "rival"]
    return Features(np.concatenate(parts, axis=1) if len(parts) > 1 else text, tuple(names), tuple(kinds))


def _text(values: Values, known: Terms, found: Found) -> Matrix:
    shown = len(values.words)
    out = np.empty((len(found.left), OVERALL + BY_COLUMN * shown), np.float32)

    def part(rows: range) -> None:
        pairs = (rows.start, rows.stop, found.left, found.right)
        compare(*pairs, known.words, known.grams, known.columns, shown, out)

    in_threads(part, parts_of(len(out), _AT_ONCE))
    return out


def _against_rivals(score: Matrix, found: Found, source: NDArray[np.int32]) -> Matrix:
    of_left, of_right = rivals(score, found.left, found.right, source)
    return np.stack([2 * score - of_left - of_right, score - np.maximum(of_left, of_right)], axis=1).astype(np.float32)
