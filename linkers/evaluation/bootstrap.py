"""How far a number would move with other documents: percentile intervals by drawing documents again.

The bootstrap of B. Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7 (1979), with
documents as the units, since the mentions of a document are not independent of each other.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Interval = tuple[float, float]

DRAWS = 1_000
SEED = 20_240_229
LEVEL = 0.95


def resampled(counted: Floats) -> Floats:
    """Return the sums of DRAWS samples of as many documents, drawn with replacement.

    counted: (documents, k) counts. Returns (DRAWS, k); the same counts give the same draws.
    """
    documents = len(counted)
    random = np.random.default_rng(SEED)
    sums = np.empty((DRAWS, counted.shape[1]))
    for draw in range(DRAWS):
        times = np.bincount(random.integers(0, documents, size=documents), minlength=documents)
        sums[draw] = times @ counted
    return sums


def intervals(counted: Floats, measure: Callable[[Floats], Mapping[str, Floats]]) -> dict[str, Interval | None]:
    """Return the 95 % percentile interval of each measure.

    measure: from lines of counts (n, k) to n values by name. None for all with fewer than two documents: one document
    cannot tell how far documents differ.
    """
    if len(counted) < 2:
        return dict.fromkeys(measure(np.zeros((1, counted.shape[1]))))
    tail = (1.0 - LEVEL) / 2.0
    found: dict[str, Interval | None] = {}
    for name, values in measure(resampled(counted)).items():
        low, high = np.quantile(values, [tail, 1.0 - tail])
        found[name] = (float(low), float(high))
    return found
