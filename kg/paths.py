"""How two entities are joined: the shortest paths between them, found from both ends at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

from kg.entities import entity_id_of
from kg.home import Home

EDGES_AT_ONCE = 20_000
"""Edges read in one step at most: what lies behind a larger front is not looked at."""

_STEP = "MATCH (e:Entity)-[r]->(o:Entity) WHERE {0}.id IN $ids RETURN e.id AS a, r, o.id AS b ORDER BY a, b"
_NAMED = "MATCH (e:Entity) WHERE e.id IN $ids RETURN e.id, e.name, e.type"


@dataclass(frozen=True, slots=True)
class Step:
    """An edge as it is walked: relation, its ends by id as the graph has it, and the values of the edge."""

    relation: str
    from_id: str
    to_id: str
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Paths:
    """The shortest paths between two entities.

    entities: id -> {name, type} of every entity on a path.
    paths:    each a list of ids, from the one to the other; in the order of where the two searches met.
    edges:    every edge between neighbours on a path, ordered.
    complete: False when a step had more edges than are read, so that a path may be missing.
    """

    start: str
    end: str
    entities: dict[str, dict[str, str]] = field(default_factory=dict)
    paths: list[list[str]] = field(default_factory=list)
    edges: list[Step] = field(default_factory=list)
    complete: bool = True


class _Front:
    """What is reached from one end: before[x] are the entities from which x was reached first."""

    def __init__(self, start: str) -> None:
        self.before: dict[str, set[str]] = {start: set()}
        self.newest = {start}

    def add(self, edges: list[Step]) -> None:
        reached: dict[str, set[str]] = {}
        for step in edges:
            for here, there in ((step.from_id, step.to_id), (step.to_id, step.from_id)):
                if here in self.newest and there not in self.before:
                    reached.setdefault(there, set()).add(here)
        self.before |= reached
        self.newest = set(reached)


def paths(home: Home, start: str, end: str, *, most_steps: int = 4, limit: int = 10) -> Paths:
    """Return at most `limit` of the shortest paths between two entities, of at most `most_steps` edges.

    Edges are walked in either direction, relations and CO_MENTIONED alike. Raises NotFoundError.
    """
    ends = entity_id_of(home, start), entity_id_of(home, end)
    fronts = _Front(ends[0]), _Front(ends[1])
    steps: dict[tuple[str, str, str], Step] = {}
    complete = True
    for _ in range(most_steps):
        if fronts[0].before.keys() & fronts[1].before.keys():
            break
        front = min(fronts, key=lambda f: len(f.newest))
        if not front.newest:
            return Paths(*ends, complete=complete)
        found, whole = _edges(home, front.newest)
        complete &= whole
        steps |= {(step.from_id, step.relation, step.to_id): step for step in found}
        front.add(found)
    walked = list(islice(_walked(fronts), limit))
    edges = {key for key in steps if any(_follows(path, key[0], key[2]) for path in walked)}
    ids = sorted({entity_id for path in walked for entity_id in path})
    named = {i: {"name": n, "type": t} for i, n, t in home.graph.query(_NAMED, {"ids": ids}).rows} if ids else {}
    return Paths(*ends, named, walked, [steps[key] for key in sorted(edges)], complete)


def _edges(home: Home, ids: set[str]) -> tuple[list[Step], bool]:
    found: list[Step] = []
    whole = True
    for end in ("e", "o"):
        result = home.graph.query(_STEP.format(end), {"ids": sorted(ids)}, limit=EDGES_AT_ONCE)
        whole &= not result.truncated
        for a, edge, b in result.rows:
            found.append(Step(edge["_type"], a, b, {k: v for k, v in edge.items() if k != "_type"}))
    return found, whole


def _walked(fronts: tuple[_Front, _Front]) -> Iterator[list[str]]:
    """Yield every path over the entities where the fronts met; there may be very many."""
    for middle in sorted(fronts[0].before.keys() & fronts[1].before.keys()):
        for first in _back(fronts[0], middle):
            for last in _back(fronts[1], middle):
                yield [*first[::-1], *last[1:]]


def _back(front: _Front, entity_id: str) -> Iterator[list[str]]:
    before = front.before[entity_id]
    if not before:
        yield [entity_id]
    for earlier in sorted(before):
        for rest in _back(front, earlier):
            yield [entity_id, *rest]


def _follows(path: list[str], a: str, b: str) -> bool:
    return any({a, b} == {here, there} for here, there in pairwise(path))
