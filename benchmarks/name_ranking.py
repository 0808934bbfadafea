"""Makes linkers/search/ranking.json: `python -m benchmarks.name_ranking`.

Of three kinds of pairs, each of equal weight: the declared halves of the open sets of misheard and of other names (those whose
id has an even first byte of SHA-256; the other half is for measuring only), and names with errors made by seed.
"""

import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.name_maker import NameMaker, questions
from benchmarks.name_sets import NameSet, names_folder
from linkers.grouping import Groups
from linkers.index import CatalogIndex
from linkers.normalization import normalize
from linkers.search import name_candidates
from linkers.search.candidates import FEATURES
from linkers.search.ranking import FITTED, NameRanking
from schemas.entity import Entity

SETS = ("asr-errors", "wikipedia-aliases")
MADE, MADE_ASKED, LEAST_OF_INITIALS = 30_000, 300, 3
HARD, OTHERS = 30, 15
"""Rivals of a question: so many of the most alike, and so many of the rest."""
NOISE = 0.3
"""Share of questions whose answer is taken for chance: alignment noise, renamed things."""
PENALTY, ROUNDS = 1e-3, 200
FIRST = (
    {"heard": 10.0},
    {"grams": 5.0, "asked_covered": 5.0, "name_covered": 5.0},
    {"joined": 4.0, "begins": 4.0, "shared_run": 4.0},
    {"initials": 8.0},
)
"""What the experts start from: the misheard, the reworded, the misspelt, the abbreviated."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """Candidates of questions.

    features: (pairs, len(FEATURES)). group: number of the question of each pair, from 0, rising. right: the pair that
    is meant, one a question. weights: of the questions.
    """

    features: Floats
    group: NDArray[np.int64]
    right: NDArray[np.int64]
    weights: Floats


def pairs_of(names: Sequence[str], asked: Sequence[str], meant: Sequence[int], choice: np.random.Generator) -> Pairs:
    """Return the candidates of questions that have the right one among them; many easy rivals are left out."""
    with tempfile.TemporaryDirectory() as folder:
        index = CatalogIndex.build(
            Path(folder), [Entity(f"{n:07}", name, "") for n, name in enumerate(names)], [], encoder=None
        )
        found = name_candidates(asked, index)
        right = index.alias_entities[found.hits.target] == np.array(meant)[found.hits.query]
    column = {name: found.features[:, number] for number, name in enumerate(FEATURES)}
    easy = np.maximum(1.2 * column["heard"], 2 * column["grams"] + column["asked_covered"] + column["name_covered"])
    order = np.lexsort((-easy, found.hits.query))
    groups = Groups.of(found.hits.query[order])
    kept = np.zeros(len(order), dtype=bool)
    kept[order] = (groups.places < HARD) | (choice.random(len(order)) < OTHERS / groups.spread(groups.sizes))
    known = np.zeros(len(asked), dtype=bool)
    known[found.hits.query[right]] = True
    kept = (kept | right) & known[found.hits.query]
    _, group = np.unique(found.hits.query[kept], return_inverse=True)
    right_at = np.flatnonzero(right[kept])
    right_at = right_at[np.unique(group[right_at], return_index=True)[1]]
    weights = np.full(len(right_at), 1 / len(right_at))
    return Pairs(found.features[kept].astype(np.float64), group, right_at, weights)


def joined(parts: Sequence[Pairs]) -> Pairs:
    """Return several sets of candidates as one."""
    pairs = np.cumsum([0, *(len(part.group) for part in parts)])
    questions_before = np.cumsum([0, *(len(part.right) for part in parts)])
    return Pairs(
        np.concatenate([part.features for part in parts]),
        np.concatenate([part.group + before for part, before in zip(parts, questions_before, strict=False)]),
        np.concatenate([part.right + before for part, before in zip(parts, pairs, strict=False)]),
        np.concatenate([part.weights for part in parts]) / len(parts),
    )


def fit(pairs: Pairs) -> NameRanking:
    """Return the ranking under which the right candidates are likeliest, weights drawn towards FIRST."""
    scale = pairs.features.std(0) + 1e-3
    inputs = np.hstack([pairs.features / scale, np.ones((len(pairs.group), 1))])
    first = np.zeros((len(FIRST), inputs.shape[1]))
    for expert, values in enumerate(FIRST):
        for name, value in values.items():
            first[expert, FEATURES.index(name)] = value * scale[FEATURES.index(name)]
    trust = np.full(inputs.shape[1], PENALTY)
    trust[-1] = PENALTY / 10
    groups = Groups.of(pairs.group)

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(first.shape)
        each = inputs @ weights.T
        joint = np.logaddexp.reduce(each, axis=1)
        share = np.exp(each - joint[:, None])
        odds = np.exp(joint - groups.spread(groups.highest(joint)))
        chance = odds / groups.spread(groups.sum(odds))
        found = (1 - NOISE) * chance[pairs.right]
        likely = found + NOISE / groups.sizes
        pull = pairs.weights * found / likely
        slope = chance * groups.spread(pull)
        slope[pairs.right] -= pull
        away = weights - first
        value = -(pairs.weights * np.log(likely)).sum() + (trust * away**2).sum()
        return value, ((slope[:, None] * share).T @ inputs + 2 * trust * away).ravel()

    best = minimize(loss, first.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x.reshape(
        first.shape
    )
    weights = np.round(best[:, :-1] / scale, 3)
    intercepts = np.round(best[:, -1], 3)
    return NameRanking(weights, intercepts, calibrated(NameRanking(weights, intercepts, (1.0, 0.0)), pairs))


def calibrated(ranking: NameRanking, pairs: Pairs) -> tuple[float, float]:
    """Return the factor and offset by which scores are log odds that the best candidate of a question is the right one."""
    score = ranking.scores(pairs.features.astype(np.float32))
    order = np.lexsort((-score, pairs.group))
    best = order[Groups.of(pairs.group[order]).starts]
    right = (best == pairs.right).astype(np.float64)

    def loss(line: Floats) -> float:
        odds = line[0] * score[best] + line[1]
        return float((pairs.weights * (np.logaddexp(0, odds) - right * odds)).sum())

    factor, offset = minimize(loss, [1.0, -5.0], method="Nelder-Mead").x
    return round(float(factor), 4), round(float(offset), 3)


def made() -> tuple[list[str], list[str], list[int]]:
    """Return names, misspelt, shortened, joined and abbreviated questions for them, and which names they mean."""
    names = list(dict.fromkeys(map(normalize, NameMaker(seed=3).make(MADE))))
    place = {name: number for number, name in enumerate(names)}
    choice = random.Random(5)
    asked = [pair for pairs in questions(names, MADE_ASKED, seed=4).values() for pair in pairs]
    for name in choice.sample([name for name in names if len(name.split()) >= LEAST_OF_INITIALS], MADE_ASKED):
        asked.append(("".join(word[0] for word in name.split()), name))
    for name in choice.sample([name for name in names if " " in name], MADE_ASKED):
        asked.append((name.replace(" ", "", 1), name))
    choice.shuffle(asked)
    return names, [text for text, _ in asked], [place[name] for _, name in asked]


def main() -> None:
    """Fit and write the ranking."""
    choice = np.random.default_rng(0)
    parts = []
    for name in SETS:
        known = NameSet.read(names_folder() / name)
        own = [(text, place) for text, place in zip(known.asked, known.meant, strict=True) if known.declared(place)]
        parts.append(pairs_of(known.names, [text for text, _ in own], [place for _, place in own], choice))
    parts.append(pairs_of(*made(), choice))
    pairs = joined(parts)
    ranking = fit(pairs)
    experts = [
        {"weights": weights.tolist(), "intercept": float(intercept)}
        for weights, intercept in zip(ranking.weights, ranking.intercepts, strict=True)
    ]
    values = {
        "made": "python -m benchmarks.name_ranking, names whose id has an even first byte of SHA-256, and made errors",
        "questions": len(pairs.right),
        "features": list(FEATURES),
        "experts": experts,
        "calibration": dict(zip(("factor", "offset"), ranking.calibration, strict=True)),
    }
    FITTED.write_text(
        json.dumps(values).replace('"features"', '\n"features"').replace('{"weights"', '\n{"weights"') + "\n"
    )


if __name__ == "__main__":
    main()
