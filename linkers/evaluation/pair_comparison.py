"""Two models' probabilities for the same pairs of records: every measure before and after, and whether it is chance."""

import numpy as np
from numpy.typing import NDArray

from linkers.evaluation.bootstrap import intervals
from linkers.evaluation.model_comparison import MeasureChange, Verdict

Floats = NDArray[np.float64]
_COUNTS = 5


def compare_pairs(
    current: Floats, refitted: Floats, same: NDArray[np.bool_], groups: NDArray[np.int64]
) -> dict[str, MeasureChange]:
    """Return F1 of the pairs with a probability of at least one half, Brier score and log loss, of both models.

    current, refitted: (n,) in [0, 1]. same: (n,). groups: (n,) numbers of the sets of pairs that share records, the
    units of the bootstrap. F1 is 1.0 where no pair is likely and none the same; log loss is in nats, of
    probabilities cut to [1e-6, 1 - 1e-6].
    """
    _, unit = np.unique(groups, return_inverse=True)
    counted = np.hstack([_counts(each, same, unit) for each in (current, refitted)])

    def measured(sums: Floats) -> dict[str, Floats]:
        before, after = _measures(sums[:, :_COUNTS]), _measures(sums[:, _COUNTS:])
        found = {f"current {name}": values for name, values in before.items()}
        found |= {f"refitted {name}": values for name, values in after.items()}
        return found | {f"difference {name}": after[name] - before[name] for name in before}

    whole = {name: float(values[0]) for name, values in measured(counted.sum(axis=0, keepdims=True)).items()}
    spread = intervals(counted, measured)
    names = [name.removeprefix("current ") for name in whole if name.startswith("current ")]
    return {
        name: MeasureChange(
            whole[f"current {name}"],
            spread[f"current {name}"],
            whole[f"refitted {name}"],
            spread[f"refitted {name}"],
            whole[f"difference {name}"],
            spread[f"difference {name}"],
        )
        for name in names
    }


def verdict_of_pairs(change: MeasureChange) -> Verdict:
    """Return "better" or "worse" when the interval of the difference of the log loss lies on one side of 0."""
    if change.difference_interval is None:
        return "no difference"
    low, high = change.difference_interval
    return "better" if high < 0.0 else "worse" if low > 0.0 else "no difference"


def _counts(probability: Floats, same: NDArray[np.bool_], unit: NDArray[np.intp]) -> Floats:
    likely = probability >= 0.5
    cut = np.clip(probability, 1e-6, 1.0 - 1e-6)
    columns = [
        np.ones(len(same)),
        likely & same,
        likely.astype(np.float64) + same,
        (probability - same) ** 2,
        -np.log(np.where(same, cut, 1.0 - cut)),
    ]
    size = int(unit.max()) + 1
    return np.column_stack([np.bincount(unit, weights=np.asarray(c, np.float64), minlength=size) for c in columns])


def _measures(sums: Floats) -> dict[str, Floats]:
    pairs, right, both, squared, loss = sums.T
    return {
        "f1": np.where(both > 0, 2 * right / np.maximum(both, 1.0), 1.0),
        "brier": squared / np.maximum(pairs, 1.0),
        "log_loss": loss / np.maximum(pairs, 1.0),
    }
