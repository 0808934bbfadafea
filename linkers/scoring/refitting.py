"""Refits a model to gold by cross-validation over documents, with the model itself as the prior."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from linkers.scoring.features import FEATURES
from linkers.scoring.gold_sample import Answers, GoldSample, Scores, answers_of, best_two, scores_of
from linkers.scoring.model import OUTLOOK, LinkerModel, outlook
from linkers.scoring.weights import (
    Prior,
    Sample,
    fit_acceptor,
    fit_ranker,
    fit_temperature,
    link_threshold,
    precision_curve,
)

Ints = NDArray[np.int64]
Folds = frozenset[int]
STRENGTHS = (1.0, 4.0, 16.0, 64.0, 256.0)
"""How many mentions' log-likelihood it must be worth to move a weight by one standard deviation of its feature.

The penalty of a squared deviation is strength / mentions, so that trust in the prior falls as labels grow."""
_LEAST = 1e-6


@dataclass(frozen=True)
class CurvePoint:
    """Accuracy with NIL on documents not trained on. mentions: how many were trained on, on average."""

    mentions: int
    accuracy: float


@dataclass(frozen=True)
class Refit:
    """A model fitted to gold, and what it is worth.

    model:    fitted to all mentions; its temperature, threshold and precision curve come from out-of-fold scores.
    strength: of the prior, one of STRENGTHS.
    current, refitted: answers of the model before and after to each mention; those after are out of fold: strength,
              weights, temperature and thresholds were fitted without the mention's fold.
    curve:    accuracy by the number of labels, at the chosen strength and temperature.
    """

    model: LinkerModel
    strength: float
    current: Answers
    refitted: Answers
    curve: tuple[CurvePoint, ...]

    @property
    def gain_of_twice(self) -> float:
        """Estimated gain of accuracy from twice the labels: slope of a line through `curve` over log2(mentions)."""
        places = np.log2([point.mentions for point in self.curve])
        slope = float(np.polyfit(places, [point.accuracy for point in self.curve], 1)[0])
        return round(slope, 4) + 0.0


def folds_of(doc_ids: NDArray[np.str_], folds: int, seed: int) -> Ints:
    """Return the fold of each mention, 0 to folds - 1: documents in the order of a hash of their id, dealt in turn."""
    ordered = sorted(set(doc_ids.tolist()), key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).digest())
    fold = {name: number % folds for number, name in enumerate(ordered)}
    return np.array([fold[name] for name in doc_ids.tolist()], dtype=np.int64)


def refit(
    sample: GoldSample,
    current: LinkerModel,
    *,
    folds: Ints,
    precision: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Refit:
    """Fit the weights of a model to gold again.

    folds: (m,), at least three different ones. precision: the operating point at which links are measured.
    progress: told how many fits are done, of how many.
    Nested cross-validation (S. Varma, R. Simon, BMC Bioinformatics 7:91, 2006): the strength is chosen by the
    log-likelihood of held-out folds, apart for each outer fold, so that choosing it does not flatter the result.
    """
    work = _Refitting(sample, current, folds, progress)
    every = frozenset(folds.tolist())
    model, strength = work.crossfit(every)
    answers = []
    for fold in sorted(every):
        fitted, _ = work.crossfit(every - {fold})
        own = sample.take(folds == fold)
        answers.append((np.flatnonzero(folds == fold), answers_of(fitted, own, scores_of(fitted, own), precision)))
    return Refit(
        model,
        strength,
        answers_of(current, sample, scores_of(current, sample), precision),
        _in_order(answers),
        work.curve(model, strength),
    )


def fitted_to(sample: GoldSample, current: LinkerModel, strength: float) -> LinkerModel:
    """Return a model with weights fitted to a sample; temperature and thresholds stay."""
    part = sample.candidates
    names = dict(zip(FEATURES, current.rank_weights, strict=True))
    if part.answerable.any():
        trust = strength / int(part.answerable.sum())
        rank = fit_ranker(part, Prior.of(names, FEATURES, trust=trust, penalty=trust))
        ranked = replace(current, name="refitted", rank_weights=_rounded(rank))
    else:
        ranked = replace(current, name="refitted")
    scores = ranked.rank(part.features)
    best, second = best_two(part, scores)
    inputs = np.hstack([part.features[best].astype(np.float64), outlook(scores[best], second)])
    trust = strength / len(best)
    seen = (*FEATURES, *OUTLOOK)
    prior = Prior.of(dict(zip(seen, current.accept_weights, strict=True)), seen, trust=trust, penalty=trust)
    weights, intercept = fit_acceptor(inputs, part.answerable, part.weights, prior, current.accept_intercept)
    alone = np.setdiff1d(np.arange(len(sample.gold)), sample.found)
    nil = float((sample.gold[alone] < 0).sum())
    return replace(
        ranked,
        accept_weights=_rounded(weights),
        accept_intercept=round(intercept, 4),
        # the former probability counts as much as ten mentions
        nothing_found=round((nil + 10.0 * current.nothing_found) / (len(alone) + 10.0), 4),
    )


def _rounded(weights: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(weight) for weight in np.round(weights, 4))


def _in_order(parts: list[tuple[Ints, Answers]]) -> Answers:
    order = np.argsort(np.concatenate([rows for rows, _ in parts]))
    columns = ("probability", "right", "linked", "right_link")
    return Answers(*(np.concatenate([getattr(found, name) for _, found in parts])[order] for name in columns))


class _Refitting:
    """Fits by the folds that they see and the strength of the prior, each done once."""

    def __init__(
        self, sample: GoldSample, current: LinkerModel, folds: Ints, progress: Callable[[int, int], None] | None
    ) -> None:
        self._sample, self._current, self._folds, self._progress = sample, current, folds, progress
        self._fits: dict[tuple[Folds, float], LinkerModel] = {}
        number = len(set(folds.tolist()))
        self._expected = len(STRENGTHS) * (number + number * (number - 1) // 2) + 1

    def _within(self, folds: Folds) -> GoldSample:
        return self._sample.take(np.isin(self._folds, sorted(folds)))

    def _fit(self, folds: Folds, strength: float) -> LinkerModel:
        if (folds, strength) not in self._fits:
            self._fits[folds, strength] = fitted_to(self._within(folds), self._current, strength)
            if self._progress:
                self._progress(min(len(self._fits), self._expected), self._expected)
        return self._fits[folds, strength]

    def crossfit(self, folds: Folds) -> tuple[LinkerModel, float]:
        """Return the model fitted to some folds, all that it has chosen by scores out of fold, and the strength."""
        within = self._within(folds)
        own = self._folds[np.isin(self._folds, sorted(folds))]
        tried = []
        for strength in STRENGTHS:
            scores = self._held_out(within, own, folds, strength)
            temperature = _temperature(within.candidates, scores, self._current.temperature)
            tried.append((_loss(within, scores, temperature), -strength, temperature, scores))
        _, negative, temperature, scores = min(tried, key=lambda entry: entry[:2])
        model = replace(self._fit(folds, -negative), temperature=temperature)
        return _with_thresholds(model, within, scores), -negative

    def _held_out(self, within: GoldSample, own: Ints, folds: Folds, strength: float) -> Scores:
        """Return scores of each fold by the model that was fitted to the other ones."""
        rank = np.zeros(len(within.mention))
        in_catalog = np.full(len(within.gold), np.nan)
        for fold in sorted(folds):
            kept = own == fold
            held = within.take(kept)
            scores = scores_of(self._fit(folds - {fold}, strength), held)
            rank[kept[within.mention]] = scores.rank
            in_catalog[np.flatnonzero(kept)[held.found]] = scores.in_catalog
        return Scores(rank, in_catalog[within.found])

    def curve(self, model: LinkerModel, strength: float) -> tuple[CurvePoint, ...]:
        """Return accuracy on each fold of models fitted to one, to half and to all of the other folds."""
        names = sorted(set(self._folds.tolist()))
        points = []
        for size in sorted({1, len(names) // 2, len(names) - 1}):
            trained, right = 0, 0
            for place, fold in enumerate(names):
                others = frozenset(chain(names[place + 1 :], names[:place]))
                chosen = frozenset([*names[place + 1 :], *names[:place]][:size])
                fitted = replace(
                    self._fit(chosen if size < len(others) else others, strength), temperature=model.temperature
                )
                held = self._within(frozenset([fold]))
                trained += int(np.isin(self._folds, sorted(chosen)).sum())
                right += int(answers_of(fitted, held, scores_of(fitted, held), None).right.sum())
            points.append(CurvePoint(round(trained / len(names)), right / len(self._folds)))
        return tuple(points)


def _temperature(part: Sample, scores: Scores, present: float) -> float:
    rows = part.answerable[part.groups]
    if not rows.any():
        return present
    return round(fit_temperature(scores.rank[rows], part.answered()), 4)


def _loss(sample: GoldSample, scores: Scores, temperature: float) -> float:
    """Return the mean negative log-likelihood of the right candidates, or of none where none is right."""
    part = sample.candidates
    starts = part.starts
    scaled = scores.rank / temperature
    raised = np.exp(scaled - np.maximum.reduceat(scaled, starts)[part.groups])
    right = np.add.reduceat(raised * part.right, starts) / np.add.reduceat(raised, starts)
    likelihood = np.where(part.answerable, right * scores.in_catalog, 1.0 - scores.in_catalog)
    return float(-np.log(np.maximum(likelihood, _LEAST)).mean())


def _with_thresholds(model: LinkerModel, sample: GoldSample, scores: Scores) -> LinkerModel:
    part = sample.candidates
    best, _ = best_two(part, scores.rank)
    probability = model.shares(scores.rank, part.groups)[best] * scores.in_catalog
    curve = precision_curve(probability, part.right[best])
    return replace(model, link_threshold=link_threshold(curve), precision_curve=tuple(curve))
