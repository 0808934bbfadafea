"""A pair model fitted again to pairs that people decided, from the present model as the prior."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from linkers.records.pair_model import PairModel

Floats = NDArray[np.float64]
STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
"""How strongly the present weights are held; the one that predicts unseen pairs best is taken."""
INNER_FOLDS = 3


@dataclass(frozen=True)
class LabelledPairs:
    """Pairs of records of one kind that people decided.

    features: (n, k) float32 as PairModel takes them. same: (n,) whether they are one thing. groups: (n,) numbers of
    sets of pairs that share records, which are kept together in one fold.
    """

    features: NDArray[np.float32]
    same: NDArray[np.bool_]
    groups: NDArray[np.int64]

    def take(self, chosen: NDArray[np.bool_]) -> "LabelledPairs":
        """Return some of the pairs."""
        return LabelledPairs(self.features[chosen], self.same[chosen], self.groups[chosen])


@dataclass(frozen=True)
class PairRefit:
    """The outcome. current, refitted: (n,) probabilities of both models, those of the refitted one out of fold."""

    model: PairModel
    strength: float
    current: Floats
    refitted: Floats


def pair_groups(left: Sequence[str], right: Sequence[str]) -> NDArray[np.int64]:
    """Return a number for each pair; pairs that share a record, over any number of steps, have the same."""
    number = {key: place for place, key in enumerate(dict.fromkeys([*left, *right]))}
    ends = [[number[key] for key in side] for side in (left, right)]
    edges = coo_array((np.ones(len(left), np.int8), (ends[0], ends[1])), shape=(len(number), len(number)))
    _, component = connected_components(edges, directed=False)
    return np.asarray(component[ends[0]], np.int64)


def refit_pairs(labelled: LabelledPairs, current: PairModel, *, folds: int, seed: int = 0) -> PairRefit:
    """Fit the weights of a model to labelled pairs; the bins stay.

    The strength of the prior is chosen by cross-validation inside each fold, so the probabilities out of fold are of
    pairs that took no part in the fit. folds: at least 2. Deterministic.
    """
    fold = _folds(labelled.groups, folds, seed)
    refitted = np.empty(len(labelled.same))
    for number in range(folds):
        seen = labelled.take(fold != number)
        model = _fit(seen, current, _strength(seen, current, seed))
        refitted[fold == number] = model.probability(labelled.features[fold == number])
    strength = _strength(labelled, current, seed)
    model = _fit(labelled, current, strength)
    return PairRefit(model, strength, current.probability(labelled.features), refitted)


def _folds(groups: NDArray[np.int64], folds: int, seed: int) -> NDArray[np.int64]:
    """Return the fold of each pair: groups are dealt out, the largest first, each to the fold that has the least."""
    names, sizes = np.unique(groups, return_counts=True)
    shuffled = np.random.default_rng(seed).permutation(len(names))
    filled = np.zeros(folds, np.int64)
    fold_of = np.empty(len(names), np.int64)
    for place in sorted(shuffled, key=lambda place: -sizes[place]):
        fold_of[place] = int(np.argmin(filled))
        filled[fold_of[place]] += sizes[place]
    return np.asarray(fold_of[np.searchsorted(names, groups)], np.int64)


def _strength(labelled: LabelledPairs, current: PairModel, seed: int) -> float:
    fold = _folds(labelled.groups, INNER_FOLDS, seed + 1)
    losses = []
    for strength in STRENGTHS:
        predicted = np.empty(len(labelled.same))
        for number in range(INNER_FOLDS):
            model = _fit(labelled.take(fold != number), current, strength)
            predicted[fold == number] = model.probability(labelled.features[fold == number])
        losses.append(float(log_loss(predicted, labelled.same).sum()))
    best = min(losses)
    # of equal ones the strongest: nearest to what there is
    return max(strength for strength, loss in zip(STRENGTHS, losses, strict=True) if loss <= best)


def log_loss(probability: Floats, same: NDArray[np.bool_]) -> Floats:
    """Return -ln of the probability that was given to what is true, (n,); probabilities are cut to [1e-6, 1 - 1e-6]."""
    cut = np.clip(probability, 1e-6, 1.0 - 1e-6)
    return np.asarray(-np.log(np.where(same, cut, 1.0 - cut)), np.float64)


def _fit(labelled: LabelledPairs, current: PairModel, strength: float) -> PairModel:
    """Return the weights with the least loss plus strength / 2 times the squared distance from the present ones."""
    # loaded here, since every command would wait for it
    from scipy.optimize import minimize
    from scipy.special import expit

    bins = current.bins(labelled.features)
    begins = np.concatenate([[1], 1 + np.cumsum([len(weights) for weights in current.weights])]).astype(np.int64)
    places = bins.astype(np.int64) + begins[:-1]
    start = current.log_odds(labelled.features)
    same = labelled.same.astype(np.float64)

    def loss(moved: Floats) -> tuple[float, Floats]:
        odds = start + moved[0] + moved[places].sum(axis=1)
        wrong = expit(odds) - same
        slope = strength * moved
        slope[0] += wrong.sum()
        np.add.at(slope, places, wrong[:, None])
        value = np.logaddexp(0.0, odds) - same * odds
        return float(value.sum() + strength / 2 * (moved**2).sum()), slope

    moved = minimize(loss, np.zeros(begins[-1]), jac=True, method="L-BFGS-B").x
    weights = tuple(
        tuple(float(weight + moved[begin + place]) for place, weight in enumerate(row))
        for begin, row in zip(begins, current.weights, strict=False)
    )
    return replace(current, weights=weights, prior=float(current.prior + moved[0]))
