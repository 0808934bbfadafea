"""How the features of a pair become a probability: one table of weights a feature, added up."""

import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.records.learning_kernels import binned
from linkers.records.sharing_out import in_threads, parts_of
from schemas.errors import ModelError

Floats = NDArray[np.float64]
_AT_ONCE = 1 << 15


@dataclass(frozen=True)
class PairModel:
    """An additive model over binned features; what EM and what logistic regression give has this one form.

    features: names, in the order of the columns of a feature matrix.
    edges:    per feature the rising upper edges of its bins but the last: value v is in bin #{edges <= v}.
    weights:  per feature len(edges) + 2 log-odds: one for each bin, and the last for a missing value (NaN).
    prior:    log-odds of a pair of which nothing is known.
    """

    features: tuple[str, ...]
    edges: tuple[tuple[float, ...], ...]
    weights: tuple[tuple[float, ...], ...]
    prior: float

    def bins(self, features: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Return the bin of each value, (n, k) float32 -> (n, k) uint8; NaN goes to the bin behind the last."""
        if features.ndim != 2 or features.shape[1] != len(self.features):
            problem = f"was given features of shape {features.shape}; it has {len(self.features)} features"
            raise ModelError("record pairs", problem)
        found = np.empty(features.shape, np.uint8)
        edges = np.concatenate([np.zeros(0, np.float32), *(np.asarray(row, np.float32) for row in self.edges)])
        begins = np.concatenate([[0], np.cumsum([len(row) for row in self.edges])]).astype(np.int64)
        rows = parts_of(len(features), _AT_ONCE)
        in_threads(lambda part: binned(part.start, part.stop, features, edges, begins, found), rows)
        return found

    def log_odds(self, features: NDArray[np.float32]) -> Floats:
        """Return the log-odds (natural) that each pair is one thing, (n, k) float32 -> (n,)."""
        bins = self.bins(features)
        total = np.full(len(features), self.prior)
        for place, weights in enumerate(self.weights):
            total += np.asarray(weights)[bins[:, place]]
        return total

    def probability(self, features: NDArray[np.float32]) -> Floats:
        """Return the probability that each pair is one thing, before clustering, (n, k) float32 -> (n,)."""
        return 1.0 / (1.0 + np.exp(-np.clip(self.log_odds(features), -60.0, 60.0)))

    def to_json(self) -> str:
        """Return the model as one line of JSON."""
        parts = {"features": self.features, "edges": self.edges, "weights": self.weights, "prior": self.prior}
        return json.dumps(parts)

    @classmethod
    def from_json(cls, text: str) -> "PairModel":
        """Read what `to_json` wrote. Raises ModelError for anything else."""
        try:
            found = json.loads(text)
            edges = tuple(tuple(float(v) for v in row) for row in found["edges"])
            weights = tuple(tuple(float(v) for v in row) for row in found["weights"])
            model = cls(tuple(map(str, found["features"])), edges, weights, float(found["prior"]))
        except (ValueError, KeyError, TypeError) as fault:
            raise ModelError("record pairs", f"cannot be read: {fault!r}; fit it again") from fault
        fits = [len(w) == len(e) + 2 for e, w in zip(edges, weights, strict=False)]
        if not len(model.features) == len(edges) == len(weights) or not all(fits):
            raise ModelError("record pairs", "has tables that do not fit its features; fit it again")
        return model
