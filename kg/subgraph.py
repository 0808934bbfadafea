"""A part of the graph to look at: given entities with all edges between them, and which entities to begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kg.home import Home

MOST_ENTITIES = 5_000
MOST_EDGES = 50_000

_ENTITIES = (
    "UNWIND $ids AS id MATCH (e:Entity {id: id}) RETURN e.id AS id, e.name AS name, e.type AS type, "
    "e.status AS status, e.popularity AS popularity, e.description AS description ORDER BY id"
)
_SPOKEN_OF = (
    "UNWIND $ids AS id MATCH (d:Document)-[m:MENTIONS]->(e:Entity {id: id}) "
    "RETURN id, sum(m.count) AS mentions, count(d) AS documents"
)
_EDGES = (
    "UNWIND $ids AS id MATCH (e:Entity {id: id})-[r]->(o:Entity) WHERE o.id IN $ids "
    "RETURN e.id AS a, r, o.id AS b ORDER BY a, b"
)
_MOST_SPOKEN_OF = (
    "MATCH (:Document)-[m:MENTIONS]->(e:Entity) RETURN e.id AS id, sum(m.count) AS mentions ORDER BY mentions DESC, id"
)
_MOST_POPULAR = "MATCH (e:Entity) RETURN e.id AS id, coalesce(e.popularity, -1.0) AS rank ORDER BY rank DESC, id"


@dataclass(frozen=True, slots=True)
class Subgraph:
    """Entities and the edges between them.

    entities: id, name, type, status, popularity, description, mentions and documents (how many speak of it), by id.
    edges:    relation, from_id, to_id and the values of the edge, ordered.
    complete: False when there are more edges than are read.
    """

    entities: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    complete: bool = True


def subgraph(home: Home, ids: Sequence[str]) -> Subgraph:
    """Return entities by their canonical ids, with every edge between two of them; ids that are not there are left out.

    ids: at most MOST_ENTITIES are looked at. At most MOST_EDGES edges are read.
    """
    asked = {"ids": sorted(set(ids[:MOST_ENTITIES]))}
    if not asked["ids"]:
        return Subgraph([], [])
    spoken_of = {row[0]: row[1:] for row in home.graph.query(_SPOKEN_OF, asked).rows}
    found = home.graph.query(_ENTITIES, asked)
    entities = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    for entity in entities:
        entity["mentions"], entity["documents"] = spoken_of.get(entity["id"], (0, 0))
    edges = home.graph.query(_EDGES, asked, limit=MOST_EDGES)
    told = [_edge(*row) for row in edges.rows]
    told.sort(key=lambda edge: (edge["from_id"], edge["relation"], edge["to_id"]))
    return Subgraph(entities, told, complete=not edges.truncated)


def foremost(home: Home, *, limit: int) -> list[str]:
    """Return the ids of the entities that texts speak of most; when these are fewer, the most popular after them."""
    first = [row[0] for row in home.graph.query(_MOST_SPOKEN_OF, limit=limit).rows]
    if len(first) == limit:
        return first
    others = home.graph.query(_MOST_POPULAR, limit=limit).rows
    return list(dict.fromkeys([*first, *(row[0] for row in others)]))[:limit]


def _edge(a: str, edge: dict[str, Any], b: str) -> dict[str, Any]:
    properties = {name: value for name, value in edge.items() if name != "_type"}
    return {"relation": edge["_type"], "from_id": a, "to_id": b, "properties": properties}
