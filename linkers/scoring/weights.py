"""Fits the weights of the two logistic models to candidates with known answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sample:
    """Candidates of mentions whose meaning is known.

    features: (n, f), float32, ordered by mention. groups: (n,), index of the mention, rising without gaps.
    right:    (n,), whether the candidate is the one meant; none is for a mention that is NIL or was not found.
    weights:  (m,), how much each mention counts.
    """

    features: NDArray[np.float32]
    groups: Ints
    right: NDArray[np.bool_]
    weights: Floats

    @property
    def starts(self) -> Ints:
        """First row of each mention."""
        return np.flatnonzero(np.diff(self.groups, prepend=-1))

    @property
    def answerable(self) -> NDArray[np.bool_]:
        """Whether the right entity is among a mention's candidates, (m,)."""
        return np.logical_or.reduceat(self.right, self.starts)

    def answered(self) -> "Sample":
        """Return the mentions whose right entity is among the candidates."""
        kept = self.answerable
        rows = kept[self.groups]
        groups = (np.cumsum(kept) - 1)[self.groups[rows]]
        return Sample(self.features[rows], groups, self.right[rows], self.weights[kept])


def fit_ranker(sample: Sample, *, penalty: float, floors: Floats) -> Floats:
    """Return the weights under which right candidates are likeliest among their rivals.

    A conditional logit (multinomial logistic regression over each mention's candidates) with an L2 penalty.
    floors: (f,), no weight is below; -inf leaves it free.
    """
    found = sample.answered()
    features, starts, groups = found.features.astype(np.float64), found.starts, found.groups
    total = found.weights.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = features @ weights
        scores -= np.maximum.reduceat(scores, starts)[groups]
        raised = np.exp(scores)
        shares = raised / np.add.reduceat(raised, starts)[groups]
        likelihood = (np.log(shares[found.right] + 1e-12) * found.weights[groups[found.right]]).sum() / total
        slope = ((shares - found.right) * found.weights[groups]) @ features / total
        return penalty * float(weights @ weights) - likelihood, slope + 2 * penalty * weights

    fitted = minimize(
        loss,
        np.maximum(floors, 0.0),
        jac=True,
        method="L-BFGS-B",
        bounds=[(floor, np.inf) for floor in floors],
        options={"maxiter": 500},
    )
    return np.asarray(fitted.x)


def fit_temperature(scores: Floats, sample: Sample) -> float:
    """Return the temperature at which the shares of right candidates are likeliest, on mentions not trained on."""
    starts = sample.starts

    def loss(temperature: float) -> float:
        scaled = scores / temperature
        scaled -= np.maximum.reduceat(scaled, starts)[sample.groups]
        total = np.log(np.add.reduceat(np.exp(scaled), starts))[sample.groups]
        return -float(((scaled - total)[sample.right] * sample.weights[sample.groups[sample.right]]).sum())

    return float(minimize_scalar(loss, bounds=(0.3, 5.0), method="bounded").x)


def fit_acceptor(inputs: Floats, known: NDArray[np.bool_], weights: Floats, *, penalty: float) -> tuple[Floats, float]:
    """Return weights and intercept of the probability that a mention's entity is among its candidates.

    Targets are 0.99 and 0.01: gold is never quite certain, and nor shall the model be.
    """
    targets = np.where(known, 0.99, 0.01)
    total = weights.sum()

    def loss(parameters: Floats) -> tuple[float, Floats]:
        logits = inputs @ parameters[:-1] + parameters[-1]
        log_yes, log_no = -np.logaddexp(0.0, -logits), -np.logaddexp(0.0, logits)
        likelihood = ((targets * log_yes + (1 - targets) * log_no) * weights).sum() / total
        gap = (np.exp(log_yes) - targets) * weights / total
        slope = np.append(gap @ inputs, gap.sum())
        slope[:-1] += 2 * penalty * parameters[:-1]
        return penalty * float(parameters[:-1] @ parameters[:-1]) - float(likelihood), slope

    fitted = minimize(loss, np.zeros(inputs.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 1000})
    return np.asarray(fitted.x[:-1]), float(fitted.x[-1])


def precision_curve(probability: Floats, right: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Return (least probability, share right at or above it), thresholds from 0.5 to 0.99, made to rise."""
    curve, best = [], 0.0
    for least in np.round(np.arange(0.50, 0.995, 0.01), 2):
        above = probability >= least
        share = float(right[above].mean()) if above.sum() >= 20 else best
        best = max(best, share)
        curve.append((float(least), round(best, 4)))
    return curve
