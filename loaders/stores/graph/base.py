"""What both graph stores share: which names are allowed, and the one form that tables have."""

from collections.abc import Iterable, Sequence
from typing import get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.batches import NODES, edge_schema
from schemas.errors import OntologyError, StoreRejected
from schemas.ontology import RESERVED_RELATIONS, Ontology
from schemas.protocols import NodeLabel

LABELS: tuple[NodeLabel, ...] = get_args(NodeLabel)
NODE_KEY = ["id"]
EDGE_KEY = ["from_id", "to_id"]


def known_label(label: str) -> str:
    """Return a node label that kg writes; raises OntologyError for any other."""
    if label not in NODES:
        raise OntologyError(label, "is not a node label", NODES)
    return label


def known_edge_type(ontology: Ontology, edge_type: str) -> str:
    """Return an edge type of kg or of the ontology; raises OntologyError for any other."""
    if edge_type in RESERVED_RELATIONS:
        return edge_type
    return ontology.relation(edge_type).name


def edge_types(ontology: Ontology) -> tuple[str, ...]:
    """Return every edge type that a store may hold, sorted."""
    return tuple(sorted({*RESERVED_RELATIONS, *ontology.relation_names}))


def node_rows(store: str, label: str, rows: pa.Table) -> pa.Table:
    """Return rows as the columns of NODES, the last one of each id; raises StoreRejected when they do not fit."""
    return _last_of_each(_conformed(store, known_label(label), rows, NODES[label]), NODE_KEY)


def edge_rows(store: str, edge_type: str, rows: pa.Table) -> pa.Table:
    """Return rows as the columns of edge_schema, the last one of each pair; raises StoreRejected as above."""
    return _last_of_each(_conformed(store, edge_type, rows, edge_schema(edge_type)), EDGE_KEY)


def edge_pairs(store: str, edge_type: str, pairs: pa.Table) -> pa.Table:
    """Return the distinct from_id and to_id of a table; raises StoreRejected when they are missing."""
    schema = pa.schema([edge_schema(edge_type).field(name) for name in EDGE_KEY])
    return _last_of_each(_conformed(store, edge_type, pairs, schema), EDGE_KEY)


def id_rows(ids: Iterable[str]) -> pa.Table:
    """Return a table with one column `id`, each once, in order of first appearance."""
    return pa.table({"id": pa.array(list(dict.fromkeys(ids)), pa.string())})


def in_order(table: pa.Table, key: Sequence[str]) -> pa.Table:
    """Return rows sorted by the key columns; by code points, for that is the order of UTF-8."""
    return table.take(pc.sort_indices(table, sort_keys=[(name, "ascending") for name in key]))


def stored(columns: Sequence[pa.Array | pa.ChunkedArray], schema: pa.Schema) -> pa.Table:
    """Return columns that a store has answered as a table of exactly that schema.

    What a user's own query left out ("", 0 or an empty list) is filled in where the schema allows no null.
    """
    filled = [
        column.cast(field.type) if field.nullable else _without_null(column.cast(field.type))
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.table(filled, schema=schema)


def _without_null(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    if not column.null_count:
        return column
    empty: object = [] if pa.types.is_list(column.type) else "" if pa.types.is_string(column.type) else 0
    return pc.coalesce(column, pa.scalar(empty, column.type))


def _conformed(store: str, what: str, rows: pa.Table, schema: pa.Schema) -> pa.Table:
    missing = [name for name in schema.names if name not in rows.column_names]
    if missing:
        problem = f"rows of {what} lack {', '.join(missing)}; they need {', '.join(schema.names)}"
        raise StoreRejected(store, problem)
    empty = [f.name for f in schema if not f.nullable and rows[f.name].null_count]
    if empty:
        problem = f"rows of {what} hold null in {', '.join(empty)}, which always has a value"
        raise StoreRejected(store, problem)
    try:
        return rows.select(schema.names).cast(schema).combine_chunks()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as error:
        problem = f"rows of {what} do not have the types of its columns: {error}"
        raise StoreRejected(store, problem) from error


def _last_of_each(table: pa.Table, key: list[str]) -> pa.Table:
    places = pa.table({name: table[name] for name in key} | {"place": pa.array(np.arange(table.num_rows))})
    last = places.group_by(key).aggregate([("place", "max")])["place_max"]
    if len(last) == table.num_rows:
        return table
    return table.take(last.combine_chunks().sort())
