"""How features become probabilities without labels: Fellegi-Sunter by EM, then logistic regression on what it says."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from linkers.records.learning_kernels import counted, slopes, solved, summed
from linkers.records.pair_model import PairModel
from linkers.records.sharing_out import in_threads

Floats = NDArray[np.float64]
Bins = NDArray[np.uint8]

BINS, STEPS = 12, 4
"""Edges of bins by quantiles, and how many even steps have one near (4, not 6: chosen on the open sets)."""
SAMPLE = 40_000
"""Pairs that a fit looks at: all likely ones up to half of it, and evenly drawn others that stand for the rest."""
_ROUNDS, _STEPS = 30, 12
_RIDGE = 6.0


@dataclass(frozen=True, slots=True)
class Additive:
    """Weights of bins, those of feature f at [places[f], places[f + 1]), and the prior."""

    places: NDArray[np.int64]
    weights: Floats
    prior: float

    def log_odds(self, bins: Bins) -> Floats:
        """Return the log-odds of pairs."""
        found: Floats = summed(bins, self.places, self.weights, self.prior)
        return found


def probability(log_odds: Floats) -> Floats:
    """Return the probability of log-odds."""
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds, -40.0, 40.0)))


def edges_of(values: NDArray[np.float32], likely: NDArray[np.bool_]) -> tuple[tuple[float, ...], ...]:
    """Return the edges of bins: half of them quantiles of all pairs, half of the likely ones, who are few.

    Where most pairs of a large table share a value (the artist, for they are of one album), quantiles fall together;
    even steps that have none near tell how far apart the others are.
    """
    return tuple(in_threads(lambda place: _edges(values[:, place], likely), range(values.shape[1])))


def _edges(column: NDArray[np.float32], likely: NDArray[np.bool_]) -> tuple[float, ...]:
    known = ~np.isnan(column)
    every, some = column[known], column[known & likely]
    if not len(every):
        return ()
    parts = np.linspace(0, 1, BINS // 2 + 1)
    found = np.unique(np.concatenate([np.quantile(part, parts) for part in (every, some) if len(part)]))
    steps = np.linspace(float(every.min()), float(every.max()), STEPS + 1)
    gap = np.abs(steps[:, None] - found).min(axis=1)
    empty = steps[gap > (steps[1] - steps[0]) / 2]
    return tuple(map(float, np.unique(np.concatenate([found, empty]).astype(np.float32))))


def empty_model(names: tuple[str, ...], edges: tuple[tuple[float, ...], ...]) -> PairModel:
    """Return a model that says nothing yet, to put features into bins."""
    return PairModel(names, edges, tuple((0.0,) * (len(edge) + 2) for edge in edges), 0.0)


def places_of(edges: tuple[tuple[float, ...], ...]) -> NDArray[np.int64]:
    """Return where the weights of each feature begin, int64 (features + 1,)."""
    return np.concatenate([[0], np.cumsum([len(edge) + 2 for edge in edges])]).astype(np.int64)


def fellegi_sunter(bins: Bins, places: NDArray[np.int64], p: Floats) -> Additive:
    """Return the weights that expectation maximisation finds from a first guess p, (pairs,).

    A weight is ln(m / u): how often matches and strangers have the bin. A missing value weighs nothing.
    Source: Fellegi and Sunter, "A Theory for Record Linkage", Journal of the American Statistical Association, 1969.
    """
    size = int(places[-1])
    weights, prior = np.zeros(size), 0.0
    for _ in range(_ROUNDS):
        match, stranger = counted(bins, places, p, size)
        share = float(np.clip(p.mean(), 1e-6, 1 - 1e-6))
        prior = float(np.log(share / (1 - share)))
        for begin, end in pairwise(places):
            m, u = match[begin:end] + 0.5, stranger[begin:end] + 1.0
            weights[begin:end] = np.log(m / m.sum()) - np.log(u / u.sum())
            weights[end - 1] = 0.0
        after = probability(summed(bins, places, weights, prior))
        if float(np.abs(after - p).max(initial=0.0)) < 1e-3:
            break
        p = after
    return Additive(places, weights, prior)


def logistic(bins: Bins, places: NDArray[np.int64], wanted: Floats, start: Additive | None = None) -> Additive:
    """Return the weights of logistic regression with a ridge penalty, fitted to wanted probabilities (Newton)."""
    chosen, heavy = _sample(wanted)
    bins, wanted = bins[chosen], wanted[chosen]
    size = int(places[-1])
    weights = np.zeros(size + 1) if start is None else np.append(start.weights, start.prior)
    ridge = np.append(np.full(size, _RIDGE), 1e-6)
    before = np.inf
    step = np.zeros(size + 1)
    for _ in range(_STEPS):
        loss, gradient, curvature = slopes(bins, places, weights, wanted, heavy)
        loss += 0.5 * float((ridge * weights**2).sum())
        if loss > before:  # too far: go back half of the way
            step /= 2
            weights += step
            continue
        if before - loss < 1e-4 * abs(loss):
            break
        before = loss
        step = solved(curvature + np.diag(ridge), gradient + ridge * weights)
        weights = weights - step
    return Additive(places, weights[:-1], float(weights[-1]))


def _sample(wanted: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return which pairs a fit looks at, and for how many each stands."""
    if len(wanted) <= SAMPLE:
        return np.arange(len(wanted)), np.ones(len(wanted))
    likely, rest = np.flatnonzero(wanted > 0.01), np.flatnonzero(wanted <= 0.01)
    parts = []
    for rows, room in ((likely, SAMPLE // 2), (rest, SAMPLE - min(len(likely), SAMPLE // 2))):
        step = max(1, -(-len(rows) // max(room, 1)))
        parts.append((rows[::step], np.full(len(rows[::step]), float(step))))
    chosen, heavy = (np.concatenate([part[place] for part in parts]) for place in range(2))
    order = np.argsort(chosen, kind="stable")
    return chosen[order], heavy[order]


def pair_model(names: tuple[str, ...], edges: tuple[tuple[float, ...], ...], fitted: Additive) -> PairModel:
    """Return fitted weights as a model."""
    weights = tuple(tuple(map(float, fitted.weights[begin:end])) for begin, end in pairwise(fitted.places))
    return PairModel(names, edges, weights, fitted.prior)
