"""What an entity is joined to: how much by each relation, and the best known of it."""

from dataclasses import dataclass
from typing import Any

from kg.entities import entity_id_of
from kg.home import Home
from kg.paging import place_of, token_of
from schemas.errors import OntologyError

CO_MENTIONED = "CO_MENTIONED"
_PATTERNS = {
    "out": "(e:Entity {{id: $id}})-[r:{0}]->(o:Entity)",
    "in": "(e:Entity {{id: $id}})<-[r:{0}]-(o:Entity)",
    "both": "(e:Entity {{id: $id}})-[r:{0}]-(o:Entity)",
}
_NODE = "o.id AS id, o.name AS name, o.type AS type, o.status AS status, o.popularity AS popularity"
_UNKNOWN = -1.0
"""Rank of an entity whose popularity is not known: after those with one."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The neighbours of an entity by one relation and direction.

    relation:   name of the edges, as in Cypher. direction: "out", "in"; "both" for CO_MENTIONED.
    count:      how many there are.
    neighbours: the first of them: id, name, type, status, popularity, and source of the relation, or documents and
                npmi of CO_MENTIONED. The most popular come first; of CO_MENTIONED those with most documents.
    next:       token of the next page, "" when there is none.
    """

    relation: str
    direction: str
    count: int
    neighbours: list[dict[str, Any]]
    next: str = ""


def neighbourhood(home: Home, given: str, *, limit: int = 10) -> tuple[str, list[Neighbours]]:
    """Return the canonical id of an entity, and the first `limit` neighbours by each relation that it has.

    Ordered by relation and direction. Raises NotFoundError.
    """
    entity_id = entity_id_of(home, given)
    counts = (
        f"MATCH {_pattern(name, way)} RETURN '{name}' AS relation, '{way}' AS direction, count(*) AS number"
        for name, way in _ways(home)
    )
    found = home.graph.query(" UNION ALL ".join(counts), {"id": entity_id})
    present = sorted((name, way, number) for name, way, number in found.rows if number)
    return entity_id, [_page(home, entity_id, (name, way), number, limit=limit) for name, way, number in present]


def neighbours(
    home: Home, given: str, relation: str, direction: str, *, limit: int = 50, after: str = ""
) -> tuple[str, Neighbours]:
    """Return the canonical id of an entity and a page of its neighbours by one relation.

    Raises NotFoundError, PageError, OntologyError for a relation or a direction that there is not.
    """
    if (relation, direction) not in _ways(home):
        known = {" ".join(way) for way in _ways(home)}
        raise OntologyError(f"{relation} {direction}", "is no relation with a direction", known)
    entity_id = entity_id_of(home, given)
    query = f"MATCH {_pattern(relation, direction)} RETURN count(*)"
    number = home.graph.query(query, {"id": entity_id}).rows[0][0]
    return entity_id, _page(home, entity_id, (relation, direction), number, limit=limit, after=after)


def _ways(home: Home) -> list[tuple[str, str]]:
    related = [(name, way) for name in sorted(home.config.ontology.relation_names) for way in ("out", "in")]
    return [*related, (CO_MENTIONED, "both")]


def _pattern(relation: str, direction: str) -> str:
    return _PATTERNS[direction].format(relation)


def _page(home: Home, entity_id: str, way: tuple[str, str], count: int, *, limit: int, after: str = "") -> Neighbours:
    relation, direction = way
    together = relation == CO_MENTIONED
    rank = "r.documents" if together else "coalesce(o.popularity, $unknown)"
    shown = "r.documents AS documents, r.npmi AS npmi" if together else "r.source AS source"
    place = place_of(after, int if together else float, str)
    later = f"WHERE {rank} < $rank OR ({rank} = $rank AND o.id > $after) " if place else ""
    values: dict[str, Any] = {"id": entity_id} | ({} if together else {"unknown": _UNKNOWN})
    values |= {"rank": place[0], "after": place[1]} if place else {}
    query = f"MATCH {_pattern(relation, direction)} {later}RETURN {_NODE}, {shown} ORDER BY {rank} DESC, o.id"
    found = home.graph.query(query, values, limit=limit)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    return Neighbours(relation, direction, count, rows, _next(rows[-1], together) if found.truncated else "")


def _next(last: dict[str, Any], together: bool) -> str:
    if together:
        return token_of(last["documents"], last["id"])
    return token_of(_UNKNOWN if last["popularity"] is None else last["popularity"], last["id"])
