"""How far a distribution has moved."""

from collections.abc import Sequence

import numpy as np

_FEW = 1e-4
"""Share that an empty bin is taken for, so that its logarithm is a number."""


def population_stability(before: Sequence[int], now: Sequence[int]) -> float | None:
    """Return the population stability index of two histograms over the same bins, 4 decimals, at least 0.

    Sum over the bins of (now - before) * log(now / before), shares each: 0 is no drift, above 0.25 much. None when one
    of them counts nothing.

    >>> population_stability([10, 10], [5, 5])
    0.0
    >>> population_stability([90, 10], [50, 50])
    0.8789
    """
    if not sum(before) or not sum(now):
        return None
    shares = [np.maximum(np.array(bins) / sum(bins), _FEW) for bins in (before, now)]
    return round(float(np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0]))), 4)
