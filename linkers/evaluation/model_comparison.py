"""Two models' answers to the same gold mentions: every measure before and after, and whether the change is chance."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from linkers.evaluation.bootstrap import Interval, intervals
from linkers.evaluation.calibration import BINS, EDGES

Floats = NDArray[np.float64]
Verdict = Literal["better", "no difference", "worse"]
HIGHER = ("accuracy", "in_catalog_accuracy", "link_precision", "link_recall")
LOWER = ("brier", "ece")
_COUNTS = 7
"""Columns before those of the bins."""


class Answered(Protocol):
    """Answers to mentions, (m,) each: probability of the likeliest answer, and whether it is right; links."""

    @property
    def probability(self) -> Floats:
        """Of the likeliest answer."""

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the likeliest answer is gold's."""

    @property
    def linked(self) -> NDArray[np.bool_]:
        """Whether a link is asserted."""

    @property
    def right_link(self) -> NDArray[np.bool_]:
        """Whether the asserted link is gold's."""


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """One measure of two models, in [0, 1], with 95 % bootstrap intervals over documents.

    difference: refitted - current; its interval draws the same documents for both.
    """

    current: float
    current_interval: Interval | None
    refitted: float
    refitted_interval: Interval | None
    difference: float
    difference_interval: Interval | None


def compare_models(
    current: Answered, refitted: Answered, in_catalog: NDArray[np.bool_], doc_ids: NDArray[np.str_]
) -> dict[str, MeasureChange]:
    """Return HIGHER and LOWER measures of two models, defined as `kg evaluate` does.

    in_catalog: (m,) whether gold has an entity. doc_ids: (m,), the units of the bootstrap.
    """
    _, document = np.unique(doc_ids, return_inverse=True)
    tables = [_per_document(answers, in_catalog, document) for answers in (current, refitted)]
    counted = np.hstack(tables)
    width = tables[0].shape[1]

    def measured(sums: Floats) -> dict[str, Floats]:
        before, after = _measures(sums[:, :width]), _measures(sums[:, width:])
        found = {f"current {name}": values for name, values in before.items()}
        found |= {f"refitted {name}": values for name, values in after.items()}
        return found | {f"difference {name}": after[name] - before[name] for name in before}

    whole = {name: float(values[0]) for name, values in measured(counted.sum(axis=0, keepdims=True)).items()}
    spread = intervals(counted, measured)
    return {
        name: MeasureChange(
            *(
                value
                for side in ("current", "refitted", "difference")
                for value in (whole[f"{side} {name}"], spread[f"{side} {name}"])
            )  # type: ignore[arg-type]
        )
        for name in (*HIGHER, *LOWER)
    }


def verdict_of(change: MeasureChange) -> Verdict:
    """Return "better" or "worse" when the interval of the difference of accuracy lies on one side of 0."""
    if change.difference_interval is None:
        return "no difference"
    low, high = change.difference_interval
    return "better" if low > 0.0 else "worse" if high < 0.0 else "no difference"


def _per_document(answers: Answered, in_catalog: NDArray[np.bool_], document: NDArray[np.intp]) -> Floats:
    """Return counts of each document: (documents, _COUNTS + 3 * BINS)."""
    bins = np.searchsorted(EDGES, answers.probability, side="right")
    one = np.ones(len(document))
    columns = [
        one,
        in_catalog,
        answers.right & in_catalog,
        answers.linked,
        answers.right_link,
        answers.right,
        (answers.probability - answers.right) ** 2,
        *((bins == place) * one for place in range(BINS)),
        *((bins == place) * answers.probability for place in range(BINS)),
        *((bins == place) * answers.right for place in range(BINS)),
    ]
    size = int(document.max()) + 1
    return np.column_stack([np.bincount(document, weights=np.asarray(c, np.float64), minlength=size) for c in columns])


def _measures(sums: Floats) -> dict[str, Floats]:
    gold, inside, inside_right, links, right_links, right, squared = sums[:, :_COUNTS].T
    tail = sums[:, _COUNTS:]
    probability, share = tail[:, BINS : 2 * BINS], tail[:, 2 * BINS :]
    return {
        "accuracy": right / np.maximum(gold, 1.0),
        "in_catalog_accuracy": inside_right / np.maximum(inside, 1.0),
        "link_precision": np.where(links > 0, right_links / np.maximum(links, 1.0), 1.0),
        "link_recall": right_links / np.maximum(inside, 1.0),
        "brier": squared / np.maximum(gold, 1.0),
        "ece": np.abs(share - probability).sum(axis=1) / np.maximum(gold, 1.0),
    }
