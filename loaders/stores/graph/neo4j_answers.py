"""Makes plain values of what the Neo4j driver answers."""

from neo4j import Result
from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point
from neo4j.time import Date, DateTime, Duration, Time

from loaders.stores.graph.base import LABELS
from loaders.stores.graph.neo4j_vectors import PROPERTIES
from loaders.stores.graph.values import edge_value, iso_duration, node_value, plain
from schemas.ontology import Ontology
from schemas.protocols import QueryResult


def rows_of(result: Result, ontology: Ontology, limit: int | None) -> QueryResult:
    """Return at most `limit` rows of an answer as plain values; the rest is not fetched."""
    columns = tuple(result.keys())
    rows: list[tuple[object, ...]] = []
    for record in result:
        if limit is not None and len(rows) == limit:
            return QueryResult(columns, rows, truncated=True)
        rows.append(tuple(_value(value, ontology) for value in record.values()))
    return QueryResult(columns, rows)


def _value(value: object, ontology: Ontology) -> object:
    if isinstance(value, Node):
        shown = {k: _value(v, ontology) for k, v in value.items() if k not in PROPERTIES}
        return node_value(_main_label(value), shown)
    if isinstance(value, Relationship):
        return edge_value(ontology, value.type, {k: _value(v, ontology) for k, v in value.items()})
    if isinstance(value, Path):
        between = [item for pair in zip(value.nodes, value.relationships, strict=False) for item in pair]
        return [_value(item, ontology) for item in [*between, value.end_node]]
    if isinstance(value, dict):
        return {name: _value(item, ontology) for name, item in value.items()}
    if isinstance(value, list):
        return [_value(item, ontology) for item in value]
    return plain(_native(value))


def _main_label(node: Node) -> str:
    own: list[str] = [label for label in LABELS if label in node.labels]
    return next(iter(own or sorted(node.labels)), "")


def _native(value: object) -> object:
    if isinstance(value, Date | DateTime | Time):
        return value.to_native()
    if isinstance(value, Duration):
        months, days, seconds, nanoseconds = value
        return iso_duration(months=months, days=days, seconds=seconds, nanoseconds=nanoseconds)
    if isinstance(value, Point):
        return [float(part) for part in value]
    return value
