"""The records that an entity is made of, and why they are held to be it."""

from typing import Any

from kg.home import Home

_RECORDS = (
    "MATCH (r:Record)-[t:RESOLVED_TO]->(e:Entity {id: $id}) RETURN r.id AS id, r.source AS source, r.name AS name, "
    "t.probability AS probability, t.run_id AS run_id, t.decided_by AS decided_by ORDER BY id"
)


def entity_records(home: Home, entity_id: str, *, limit: int = 100) -> list[dict[str, Any]]:
    """Return id, source, name, probability, run_id and decided_by of at most `limit` records, ordered by id.

    entity_id: canonical; an entity that is not there has none.
    """
    found = home.graph.query(_RECORDS, {"id": entity_id}, limit=limit)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]
