"""Fits the weights of the two logistic models to candidates with known answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True)
class Prior:
    """What is believed of weights before a fit: (f,) centres, and how strongly (penalty of a squared deviation).

    Deviations are counted in standard deviations of the feature, so that a cosine, which varies little, is not held
    back more than a flag.
    """

    centre: Floats
    penalty: Floats

    @classmethod
    def of(cls, known: Mapping[str, float], names: Sequence[str], *, trust: float, penalty: float) -> "Prior":
        """Return the prior with centre `known` and penalty `trust` where a weight is known, else 0 and `penalty`."""
        return cls(
            np.array([known.get(name, 0.0) for name in names]),
            np.array([trust if name in known else penalty for name in names]),
        )


LEAST_DEVIATION = 0.05
"""A feature that hardly varies in the sample is scaled as if it varied so much."""
ODD = 0.3
"""Share of mentions whose gold may follow no rule that the features know: they shall not bend the weights."""
_BY_CHANCE = 0.02


def fit_ranker(sample: Sample, prior: Prior) -> Floats:
    """Return the weights under which right candidates are likeliest among their rivals.

    A conditional logit (multinomial logistic regression over each mention's candidates), mixed with a share ODD of
    mentions that are right by chance, so that an outlier's pull is bounded; maximum a posteriori under `prior`.
    """
    found = sample.answered()
    features, starts, groups = found.features.astype(np.float64), found.starts, found.groups
    sizes = np.diff(np.append(starts, len(groups)))
    within = features - (np.add.reduceat(features, starts) / sizes[:, None])[groups]
    scale = np.maximum(np.sqrt((within**2).mean(axis=0)), LEAST_DEVIATION)
    scaled, total = features / scale, found.weights.sum()
    centre = prior.centre * scale

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = scaled @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[groups])
        shares = raised / np.add.reduceat(raised, starts)[groups]
        right = np.add.reduceat(shares * found.right, starts)
        mixed = (1.0 - ODD) * right + ODD * _BY_CHANCE
        pull = ((1.0 - ODD) / mixed * found.weights)[groups] * shares * (found.right - right[groups])
        away = weights - centre
        penalty = float((prior.penalty * away) @ away)
        return penalty - float(np.log(mixed) @ found.weights) / total, 2 * prior.penalty * away - pull @ scaled / total

    return np.asarray(_least(loss, centre, steps=800) / scale)


def fit_temperature(scores: Floats, sample: Sample) -> float:
    """Return the temperature at which the shares of right candidates are likeliest, on mentions not trained on."""
    starts = sample.starts

    def loss(temperature: float) -> float:
        scaled = scores / temperature
        scaled -= np.maximum.reduceat(scaled, starts)[sample.groups]
        total = np.log(np.add.reduceat(np.exp(scaled), starts))[sample.groups]
        return -float(((scaled - total)[sample.right] * sample.weights[sample.groups[sample.right]]).sum())

    # loaded here, and below, since every command would wait for it
    from scipy.optimize import minimize_scalar

    return float(minimize_scalar(loss, bounds=(0.3, 5.0), method="bounded").x)


def fit_acceptor(
    inputs: Floats, known: NDArray[np.bool_], weights: Floats, prior: Prior, intercept: float
) -> tuple[Floats, float]:
    """Return weights and intercept of the probability that a mention's entity is among its candidates.

    Logistic regression, maximum a posteriori under `prior`; intercept: where the search for the intercept begins.
    Targets are 0.99 and 0.01: gold is never quite certain, and nor shall the model be.
    """
    targets = np.where(known, 0.99, 0.01)
    scale = np.maximum(inputs.std(axis=0), LEAST_DEVIATION)
    scaled, total = inputs / scale, weights.sum()
    centre = prior.centre * scale

    def loss(parameters: Floats) -> tuple[float, Floats]:
        logits = scaled @ parameters[:-1] + parameters[-1]
        log_yes, log_no = -np.logaddexp(0.0, -logits), -np.logaddexp(0.0, logits)
        likelihood = ((targets * log_yes + (1 - targets) * log_no) * weights).sum() / total
        gap = (np.exp(log_yes) - targets) * weights / total
        away = parameters[:-1] - centre
        slope = np.append(gap @ scaled + 2 * prior.penalty * away, gap.sum())
        return float((prior.penalty * away) @ away - likelihood), slope

    begin = np.append(centre, intercept)
    fitted = _least(loss, begin, steps=1000)
    return np.asarray(fitted[:-1] / scale), float(fitted[-1])


def _least(loss: Callable[[Floats], tuple[float, Floats]], begin: Floats, *, steps: int) -> Floats:
    """Return where a convex loss is least; loss: gives its value and slope."""
    from scipy.optimize import minimize

    return np.asarray(minimize(loss, begin, jac=True, method="L-BFGS-B", options={"maxiter": steps}).x)


def precision_curve(probability: Floats, right: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Return (least probability, share right at or above it), thresholds from 0.5 to 0.99 in steps of 0.005.

    probability, right: (n,) of links on mentions not trained on. Rightness is first made to rise with probability by
    isotonic regression (pool adjacent violators; M. Ayer et al., Annals of Mathematical Statistics 26:641, 1955), so
    that an odd link or two among the most probable ones hide no precision. One more is then counted as wrong, so
    that few links promise little. Shares rise: a threshold for which too few speak says what the one before said.
    """
    from scipy.optimize import isotonic_regression

    distinct, place = np.unique(probability, return_inverse=True)
    links = np.bincount(place, minlength=len(distinct)).astype(np.float64)
    risen = isotonic_regression(np.bincount(place, right) / links, weights=links).x * links if len(distinct) else links
    curve, best = [], 0.0
    for least in np.round(np.arange(0.500, 0.9925, 0.005), 3):
        above = distinct >= least
        best = max(best, float(risen[above].sum()) / (float(links[above].sum()) + 1.0))
        curve.append((float(least), round(best, 4)))
    return curve


LINK_PRECISION = 0.95
"""Share of right links that a model's own threshold aims at."""


def link_threshold(curve: Sequence[tuple[float, float]]) -> float:
    """Return the least probability of a link that reached LINK_PRECISION on a precision curve, within [0.55, 0.8]."""
    reached = [least for least, share in curve if share >= LINK_PRECISION and least > 0.5]
    return min(max(reached[0] if reached else 0.8, 0.55), 0.8)
