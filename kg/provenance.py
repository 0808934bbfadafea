"""`kg show --provenance`: which record each value of an entity comes from, and what ties the record to it."""

from dataclasses import dataclass
from typing import Any

import orjson

from kg.entities import entity_id_of
from kg.home import Home
from kg.record_settings import record_settings
from linkers.clustering.survivorship import StatedValue, stated_values
from schemas.record import Record


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an entity comes from.

    records: {record, probability, decided_by, run_id} of each record, in order of key.
    values:  what the records state, by field; what the entity keeps comes first.
    """

    entity_id: str
    records: list[dict[str, Any]]
    values: list[StatedValue]


def provenance(home: Home, given: str) -> Provenance:
    """Return where the values of an entity come from. Raises NotFoundError."""
    entity_id = entity_id_of(home, given)
    query = (
        "MATCH (r:Record)-[t:RESOLVED_TO]->(e:Entity {id: $id}) "
        "RETURN r, t.probability, t.decided_by, t.run_id ORDER BY r.id"
    )
    rows = home.graph.query(query, {"id": entity_id}).rows
    tied = [
        {"record": node["id"], "probability": probability, "decided_by": decided_by, "run_id": run_id}
        for node, probability, decided_by, run_id in rows
    ]
    records = [_record(node) for node, *_ in rows]
    return Provenance(entity_id, tied, stated_values(records, record_settings(home)) if records else [])


def _record(node: dict[str, Any]) -> Record:
    properties = orjson.loads(node["properties"] or "{}")
    return Record(
        source=node["source"],
        record_id=node["id"].partition(":")[2],
        name=node["name"],
        type=node["type"],
        aliases=tuple(node["aliases"] or ()),
        description=node["description"],
        popularity=node["popularity"],
        properties={key: tuple(value) if isinstance(value, list) else value for key, value in properties.items()},
    )
