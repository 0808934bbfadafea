"""Whether a probability of 0.8 is right eight times in ten."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

BINS = 10
EDGES = tuple(number / BINS for number in range(1, BINS))


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin of the reliability table: probabilities in [low, high), the last one [0.9, 1.0].

    mentions: how many. probability: their mean. right: the share of them that is right. Both None in an empty bin.
    """

    low: float
    high: float
    mentions: int
    probability: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the probability of the likeliest answer (an entity or NIL) agrees with its being right.

    Over the gold mentions that have a decision, whatever it is.

    mentions: how many. ece: expected calibration error over ten bins of equal width: the mean of |share right - mean
    probability| of the bins, each weighed by its mentions (M. P. Naeini et al., AAAI 2015). brier: mean of
    (probability - right)^2 (G. W. Brier, 1950). Both in [0, 1], lower is better, None without mentions.
    bins: the reliability table, ten rows.
    """

    mentions: int
    ece: float | None
    brier: float | None
    bins: tuple[Bin, ...]


def calibration(rows: pl.DataFrame) -> Calibration:
    """Return the calibration of rows of Matched; missed mentions have no probability and are left out."""
    decided = rows.filter(pl.col("decision").is_not_null())
    return calibrated(decided["probability"].to_numpy(), decided["best_right"].cast(pl.Float64).to_numpy())


def calibrated(probability: NDArray[np.float64], right: NDArray[np.float64]) -> Calibration:
    """Return the calibration of answers: probability in [0, 1] and right (0.0 or 1.0), (n,) each."""
    mentions = len(probability)
    number = np.searchsorted(EDGES, probability, side="right")
    bins = []
    error = 0.0
    for place in range(BINS):
        mine = number == place
        size = int(mine.sum())
        mean = float(probability[mine].mean()) if size else None
        share = float(right[mine].mean()) if size else None
        if mean is not None and share is not None:
            error += size / mentions * abs(share - mean)
        bins.append(Bin(place / BINS, (place + 1) / BINS, size, mean, share))
    brier = float(np.mean((probability - right) ** 2)) if mentions else None
    return Calibration(mentions, error if mentions else None, brier, tuple(bins))
