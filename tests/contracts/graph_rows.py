"""Rows for graph stores, and what a graph store holds."""

from typing import Any

import pyarrow as pa

from schemas.batches import NODES, RELATION_EDGES
from schemas.ontology import AUDIO_ONTOLOGY, EntityType, RelationType
from schemas.protocols import GraphStore, NodeLabel

ONTOLOGY = AUDIO_ONTOLOGY.extended(
    [EntityType("radio_station", "agent")], [RelationType("ORDER", "ORDERED_BY"), RelationType("TO", "FROM")]
)


def rows(schema: pa.Schema, *values: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([_blank(schema) | value for value in values], schema=schema)


def _blank(schema: pa.Schema) -> dict[str, Any]:
    def blank(field: pa.Field) -> object:
        if field.nullable:
            return None
        return [] if pa.types.is_list(field.type) else "" if pa.types.is_string(field.type) else 0

    return {field.name: blank(field) for field in schema}


def entities(*values: dict[str, Any]) -> pa.Table:
    return rows(NODES["Entity"], *({"status": "catalog", "properties": "{}"} | value for value in values))


def relations(*pairs: tuple[str, str], source: str = "s") -> pa.Table:
    return rows(RELATION_EDGES, *({"from_id": a, "to_id": b, "source": source} for a, b in pairs))


def put_entities(graph: GraphStore, *ids: str) -> None:
    graph.put_nodes("Entity", entities(*({"id": i, "name": f"name of {i}", "type": "artist"} for i in ids)))


def pairs_of(graph: GraphStore, edge_type: str, from_ids: list[str] | None = None) -> list[tuple[str, str]]:
    table = graph.edges(edge_type, from_ids)
    return list(zip(table["from_id"].to_pylist(), table["to_id"].to_pylist(), strict=True))


def ids_of(graph: GraphStore, label: NodeLabel = "Entity") -> list[str]:
    found: list[str] = graph.nodes(label)["id"].to_pylist()
    return found
