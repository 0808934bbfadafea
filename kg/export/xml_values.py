"""What GraphML and GEXF share: ids, values and types in a document that XML 1.0 can hold."""

import re
from collections.abc import Iterator

import pyarrow as pa

from kg.export.graph_image import Row
from schemas.batches import NODES, edge_labels, edge_schema
from schemas.errors import ConfigError
from schemas.ontology import RESERVED_RELATIONS

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENDS = {"from_id", "to_id"}


def node_columns() -> dict[str, str]:
    """Return the attributes that a node can have, "node" (its label) first, and their types in XML."""
    return _columns("node", [field for schema in NODES.values() for field in schema])


def edge_columns() -> dict[str, str]:
    """Return the attributes that an edge can have, "edge" (its type) first, and their types in XML.

    All types of the ontology have the columns of any one of them.
    """
    schemas = [edge_schema(name) for name in (*sorted(RESERVED_RELATIONS), "any other")]
    return _columns("edge", [field for schema in schemas for field in schema if field.name not in _ENDS])


def node_key(label: str, node_id: str) -> str:
    """Return the id of a node in the document: its label and its id.

    Raises ConfigError for an id with a character that XML cannot hold, for two nodes could become one.
    """
    if _FORBIDDEN.search(node_id):
        problem = f"XML cannot hold the id {node_id!r}; valid: jsonl, parquet, jsonld, turtle, neo4j-csv"
        raise ConfigError("format", problem)
    return f"{label}:{node_id}"


def edge_keys(edge_type: str, row: Row) -> tuple[str, str]:
    """Return the ids of the nodes that an edge leads from and to; raises ConfigError as node_key does."""
    start, end = edge_labels(edge_type)
    return node_key(start, row["from_id"]), node_key(end, row["to_id"])


def attributes(row: Row) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a node or an edge that are not null, as texts; lists are joined by "|"."""
    for name, value in row.items():
        if value is not None and name not in _ENDS:
            yield name, text(value)


def text(value: object) -> str:
    """Return a value as a text of XML, with U+FFFD for what XML cannot hold (control characters)."""
    joined = "|".join(map(str, value)) if isinstance(value, list) else str(value)
    return _FORBIDDEN.sub("\ufffd", joined)


def _columns(first: str, columns: list[pa.Field]) -> dict[str, str]:
    found = {first: "string"}
    for column in columns:
        kind = (
            "long" if pa.types.is_integer(column.type) else "double" if pa.types.is_floating(column.type) else "string"
        )
        if found.setdefault(column.name, kind) != kind:
            message = f"{column.name} has two types"
            raise TypeError(message)
    return found
