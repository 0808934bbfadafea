"""How likely a name is another writing of an alias: a fitted mixture of linear experts."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from linkers.search.candidates import FEATURES
from schemas.errors import ModelError

FITTED = Path(__file__).with_name("ranking.json")


@dataclass(frozen=True)
class NameRanking:
    """Weights of the experts: each knows one kind of writing (misheard, shortened, misspelt), and what asks for it.

    weights:     float64 (experts, len(FEATURES)).
    intercepts:  float64 (experts,).
    calibration: factor and offset that turn the joint score into log odds.
    """

    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    calibration: tuple[float, float]

    @classmethod
    def load(cls, path: Path = FITTED) -> "NameRanking":
        """Read the weights; raises ModelError when they are for other features."""
        return _loaded(path)

    def scores(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the joint score of the experts for each pair (n, len(FEATURES)), the logarithm of summed odds."""
        each = features @ self.weights.T.astype(np.float32) + self.intercepts
        return np.asarray(np.logaddexp.reduce(each, axis=1), dtype=np.float64)

    def chances(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return for each pair how likely it is right, by name alone, were it the best of its question."""
        factor, offset = self.calibration
        odds = factor * self.scores(features) + offset
        return np.round(1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30))), 6)


@lru_cache(8)
def _loaded(path: Path) -> NameRanking:
    values = json.loads(path.read_text(encoding="utf-8"))
    if tuple(values["features"]) != FEATURES:
        raise ModelError(str(path), f"has weights for {values['features']!r}, not for {list(FEATURES)!r}")
    weights = np.array([expert["weights"] for expert in values["experts"]])
    intercepts = np.array([expert["intercept"] for expert in values["experts"]])
    return NameRanking(weights, intercepts, (values["calibration"]["factor"], values["calibration"]["offset"]))
