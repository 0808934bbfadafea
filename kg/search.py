"""`kg search`: which entities of the catalog a name may mean, by the name alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kg.home import Home
from linkers.grouping import Groups
from linkers.search import NameRanking, name_candidates

NAMES_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An entity that a name may mean.

    alias: the entity's name or alias that is most alike.
    score: 1.0 for the same name after normalisation; else, in [0, 1), how often a first hit that is so much alike was
           the right one where the measure was fitted. Hits are ordered by it.
    """

    id: str
    name: str
    type: str
    alias: str
    score: float


def search(home: Home, name: str, *, limit: int = 10) -> list[SearchHit]:
    """Return at most `limit` entities, the likeliest first; equal scores go by popularity, then by id."""
    return search_many(home, [name], limit=limit)[0]


def search_many(home: Home, names: Sequence[str], *, limit: int = 10) -> list[list[SearchHit]]:
    """Return the hits of each name, in the order of `names`."""
    found: list[list[SearchHit]] = []
    for start in range(0, len(names), NAMES_AT_ONCE):
        found.extend(_search(home, names[start : start + NAMES_AT_ONCE], limit))
    return found


def _search(home: Home, names: Sequence[str], limit: int) -> list[list[SearchHit]]:
    index = home.index
    candidates = name_candidates(names, index)
    query, alias = candidates.hits.query, candidates.hits.target
    ranking = NameRanking.load()
    likely = ranking.scores(candidates.features)
    shown = np.where(candidates.same, 1.0, np.minimum(ranking.chances(candidates.features), 0.999999))
    entity = index.alias_entities[alias]
    # the best alias of each entity, then the best entities; what rounds to one score goes by the exact one
    best = np.lexsort((alias, -likely, -shown, entity, query))
    best = best[Groups.of(query[best], entity[best]).starts]
    best = best[np.lexsort((entity[best], -index.popularity[entity[best]], -likely[best], -shown[best], query[best]))]
    top = best[Groups.of(query[best]).places < limit]
    rows = index.entities.select(["id", "name", "type"]).take(entity[top])
    columns = [rows[name].to_pylist() for name in ("id", "name", "type")]
    aliases = index.aliases["alias"].take(alias[top]).to_pylist()
    hits: list[list[SearchHit]] = [[] for _ in names]
    for number, entity_id, name, kind, found, score in zip(
        query[top].tolist(), *columns, aliases, shown[top].tolist(), strict=True
    ):
        hits[number].append(SearchHit(entity_id, name, kind, found, score))
    return hits
