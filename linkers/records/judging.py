"""The probability of each pair: one procedure, told by the plan whether rivals count."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.records.competition import matches_expected, slots
from linkers.records.features import Features
from linkers.records.learning import (
    Additive,
    edges_of,
    empty_model,
    fellegi_sunter,
    logistic,
    pair_model,
    places_of,
    probability,
)
from linkers.records.matching import one_to_one
from linkers.records.pair_model import PairModel
from linkers.records.searching import Found
from schemas.errors import ModelError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ROUNDS = 3
LEAST_FEATURES = 2
"""With fewer features that hardly depend on one another EM takes those of the whole record too."""
_OF_ALL = ("all: unshared of smaller", "all: numerals", "all: shared of larger")
_SURE = 0.9
_FARTHEST = 12.0
_DOUBT = 4.0
"""Decoys make no match of a pair whose odds expectation maximisation holds to be worse than e to minus this."""


@dataclass(frozen=True, slots=True)
class Judged:
    """log_odds: of each pair, calibrated. joined: pairs that a one-to-one choice takes; all where rivals do not count.

    model: gives these log-odds. expected: how many pairs are matches, estimated.
    """

    log_odds: Floats
    joined: Flags
    model: PairModel
    expected: float


def judge(
    found: Found,
    told: Features,
    records: int,
    *,
    rivals_of: NDArray[np.int32] | None,
    model: PairModel | None = None,
) -> Judged:
    """Return what the features say of each pair, learned from the pairs themselves. rivals_of: see `features`.

    Fellegi-Sunter by EM on features that hardly depend on one another gives a first probability; logistic regression on
    all features then weighs those that do. Where rivals count, every round chooses pairs one to one and shifts the
    log-odds until as many are expected to be matches as EM finds within what decoys allow (`matches_expected`). A model
    takes the place of all that. Raises ModelError when its features are not these.
    """
    if model is not None:
        return _by_model(found, told, rivals_of, model)
    if not len(told.values):
        empty = empty_model(told.names, tuple(() for _ in told.names))
        return Judged(np.zeros(0), np.zeros(0, bool), empty, 0.0)
    competing = rivals_of is not None
    start = told.values[:, told.names.index("all: cosine over both rivals")] if competing else told.values[:, 0]
    likely = _first(start, records, competing)
    edges = edges_of(told.values, likely)
    bins, places = empty_model(told.names, edges).bins(told.values), places_of(edges)
    named = list(zip(told.names, told.kinds, strict=True))
    chosen = np.asarray([_independent(name, kind, competing) for name, kind in named])
    if chosen.sum() < LEAST_FEATURES:
        chosen |= np.asarray([name in _OF_ALL for name, _ in named])
    some = [edge for edge, is_in in zip(edges, chosen, strict=True) if is_in]
    first = fellegi_sunter(np.ascontiguousarray(bins[:, chosen]), places_of(tuple(some)), np.where(likely, _SURE, 0.0))
    log_odds = first.log_odds(np.ascontiguousarray(bins[:, chosen]))
    if rivals_of is None:
        fitted = logistic(bins, places, probability(log_odds))
        log_odds = fitted.log_odds(bins)
        return Judged(
            log_odds,
            np.ones(len(log_odds), bool),
            pair_model(told.names, edges, fitted),
            float(probability(log_odds).sum()),
        )
    return _with_rivals(found, told, rivals_of, (edges, bins, log_odds))


def _by_model(found: Found, told: Features, rivals_of: NDArray[np.int32] | None, model: PairModel) -> Judged:
    if model.features != told.names:
        other = sorted(set(model.features) ^ set(told.names))
        raise ModelError(
            "record pairs", f"was fitted to other features; not in both: {', '.join(other[:5])}; fit it again"
        )
    log_odds = model.log_odds(told.values)
    if rivals_of is None:
        return Judged(log_odds, np.ones(len(log_odds), bool), model, float(probability(log_odds).sum()))
    joined = one_to_one(found, log_odds, rivals_of)
    expected = float(probability(log_odds[joined]).sum())
    return Judged(_beside_rivals(log_odds, joined, found, rivals_of), joined, model, expected)


def _with_rivals(
    found: Found,
    told: Features,
    source: NDArray[np.int32],
    before: tuple[tuple[tuple[float, ...], ...], NDArray[np.uint8], Floats],
) -> Judged:
    edges, bins, log_odds = before
    places = places_of(edges)
    guess = _shared_out(np.clip(log_odds, -30, 30), found, source)
    expected = matches_expected(told.values[:, 0], guess, found.left, found.right, source)
    joined = one_to_one(found, log_odds, source)
    expected = min(expected, float((log_odds[joined] >= -_DOUBT).sum()))
    wanted = _top(log_odds, joined, expected)
    fitted, shift = Additive(places, np.zeros(int(places[-1])), 0.0), 0.0
    for _ in range(ROUNDS):
        fitted = logistic(bins, places, wanted, fitted)
        log_odds = fitted.log_odds(bins)
        joined = one_to_one(found, log_odds, source)
        shift = _shift(log_odds[joined], expected)
        wanted = np.where(joined, probability(log_odds + shift), 0.0)
    shifted = Additive(places, fitted.weights, fitted.prior + shift)
    log_odds = _beside_rivals(log_odds + shift, joined, found, source)
    return Judged(log_odds, joined, pair_model(told.names, edges, shifted), expected)


def _first(start: NDArray[np.float32], records: int, competing: bool) -> Flags:
    """Return the pairs that a first guess takes for matches: the most alike, a few for every eight records."""
    count = min(len(start), max(20, records // (8 if competing else 4)))
    likely = np.zeros(len(start), bool)
    likely[np.argsort(-start, kind="stable")[:count]] = True
    return likely


def _independent(name: str, kind: str, competing: bool) -> bool:
    """Say whether EM takes a feature; it counts those that say the same twice."""
    if not competing:
        return kind in ("cosine", "number")
    of_all = ("all: cosine over both rivals", "all: unshared of smaller", "all: numerals")
    return kind == "number" or name in of_all or name.endswith(": larger share held")


def _shared_out(log_odds: Floats, found: Found, source: NDArray[np.int32]) -> Floats:
    """Return probabilities where the rivals of a pair take their part of it."""
    of_left, of_right, count = slots(found.left, found.right, source)
    odds = np.exp(log_odds)
    total = np.bincount(np.concatenate([of_left, of_right]), np.concatenate([odds, odds]), count)
    shares: Floats = odds / (1 + total[of_left] + total[of_right] - odds)
    return shares


def _beside_rivals(log_odds: Floats, joined: Flags, found: Found, source: NDArray[np.int32]) -> Floats:
    """Return log-odds where pairs that were not chosen have what their rivals leave them."""
    left = _shared_out(np.clip(log_odds, -30, 30), found, source)
    return np.where(joined, log_odds, np.minimum(log_odds, np.log(left) - np.log1p(-left)))


def _top(log_odds: Floats, joined: Flags, expected: float) -> Floats:
    """Return 1.0 for the so many best pairs among the joined, else 0.0."""
    rows = np.flatnonzero(joined)
    best = rows[np.argsort(-log_odds[rows], kind="stable")[: round(expected)]]
    wanted = np.zeros(len(log_odds))
    wanted[best] = 1.0
    return wanted


def _shift(log_odds: Floats, expected: float) -> float:
    """Return what must be added to log-odds for their probabilities to sum up to what is expected."""
    low, high = -_FARTHEST, _FARTHEST
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if probability(log_odds + middle).sum() < expected else (low, middle)
    return (low + high) / 2
