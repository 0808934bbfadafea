"""Runs a statement on the embedded engine and gives its answer: nothing, an Arrow table, or plain values."""

from collections.abc import Mapping
from typing import Any

import ladybug
import pyarrow as pa

from loaders.stores.graph.values import edge_value, node_value, plain
from schemas.ontology import Ontology
from schemas.protocols import QueryResult


def execute(
    connection: ladybug.Connection, cypher: str, parameters: Mapping[str, Any] | None = None
) -> ladybug.QueryResult:
    """Run one statement; raises RuntimeError, as the engine does."""
    result = connection.execute(cypher, dict(parameters or {}))
    if isinstance(result, list):
        message = "one statement is allowed, several were given"
        raise ValueError(message)
    return result


def run(connection: ladybug.Connection, cypher: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Run one statement that answers nothing."""
    execute(connection, cypher, parameters).close()


def table_of(connection: ladybug.Connection, cypher: str, rows: pa.Table | None = None) -> pa.Table:
    """Run one statement over rows, which it calls $rows, and return its answer."""
    result = execute(connection, cypher, None if rows is None else {"rows": rows})
    try:
        return result.get_as_arrow()
    finally:
        result.close()


def rows_of(result: ladybug.QueryResult, ontology: Ontology, limit: int | None) -> QueryResult:
    """Return at most `limit` rows of an answer as plain values."""
    columns = tuple(result.get_column_names())
    rows: list[tuple[object, ...]] = []
    while result.has_next() and (limit is None or len(rows) < limit):
        rows.append(tuple(_value(value, ontology) for value in result.get_next()))
    return QueryResult(columns, rows, truncated=result.has_next())


def _value(value: object, ontology: Ontology) -> object:
    if isinstance(value, list):
        return [_value(item, ontology) for item in value]
    if not isinstance(value, dict):
        return plain(value)
    if "_NODES" in value and "_RELS" in value:
        return _path(value["_NODES"], value["_RELS"], ontology)
    own = {name: item for name, item in value.items() if not (name.startswith("_") and name.isupper())}
    if "_SRC" in value:
        return edge_value(ontology, value["_LABEL"], own)
    if "_LABEL" in value:
        return node_value(value["_LABEL"], own)
    return {name: _value(item, ontology) for name, item in value.items()}


def _path(nodes: list[object], edges: list[object], ontology: Ontology) -> list[object]:
    if len(nodes) != len(edges) + 1:  # a relation of variable length, which comes with the nodes between
        return [_value(edge, ontology) for edge in edges]
    between = [item for pair in zip(nodes, edges, strict=False) for item in pair]
    return [_value(item, ontology) for item in [*between, nodes[-1]]]
