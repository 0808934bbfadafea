"""Makes one change of the embedded graph, inside a transaction that the caller holds.

Rows travel as Arrow tables: new ones by bulk COPY, existing ones by a join with LOAD FROM, which is many times
faster than one statement a row. Columns are renamed to row_..., for `type` or `end` as a bare name may be a keyword.
"""

import json
from collections.abc import Callable

import ladybug
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.stores.graph.base import LABELS
from loaders.stores.graph.ddl import quoted
from loaders.stores.graph.embedded_answers import execute, run, table_of
from loaders.stores.graph.embedded_journal import Change
from schemas.batches import edge_labels

_BATCH = 50_000
_NO_END = "Unable to find primary key"
_FEW = 256  # so many edges are faster looked up one by one than by a join, which reads all of their type


def apply(connection: ladybug.Connection, change: Change) -> None:
    """Make a change; raises RuntimeError, as the engine does."""
    _VERBS[change.verb](connection, change.name, change.rows)


def renamed(rows: pa.Table) -> pa.Table:
    """Return rows with their columns called row_NAME."""
    return rows.rename_columns([f"row_{name}" for name in rows.column_names])


def _tables(connection: ladybug.Connection, _: str, rows: pa.Table) -> None:
    for statement in rows["statement"].to_pylist():
        run(connection, statement)


def _put_nodes(connection: ladybug.Connection, label: str, rows: pa.Table) -> None:
    is_old = pc.is_in(rows["id"], value_set=_present(connection, label, rows["id"]))
    _copy(connection, label, rows.filter(pc.invert(is_old)))
    old = rows.filter(is_old)
    if old.num_rows:
        values = _assignments("n", rows.column_names[1:])
        _in_batches(connection, f"LOAD FROM $rows {_node(label)} SET {values}", renamed(old))


def _put_edges(connection: ladybug.Connection, edge_type: str, rows: pa.Table) -> None:
    is_old = _edge_exists(connection, edge_type, rows)
    fresh = rows.filter(pc.invert(is_old))
    try:
        _copy(connection, edge_type, fresh)
    except RuntimeError as error:
        if _NO_END not in str(error):
            raise
        # callers send rows with both ends, so looking them all up first would cost as much again as copying them;
        # the engine has rolled the transaction back, in which nothing else had been done
        run(connection, "BEGIN TRANSACTION")
        _copy(connection, edge_type, _with_ends(connection, edge_type, fresh))
    _to_edges(connection, edge_type, "SET " + _assignments("r", rows.column_names[2:]), rows.filter(is_old))


def _with_ends(connection: ladybug.Connection, edge_type: str, rows: pa.Table) -> pa.Table:
    start, end = edge_labels(edge_type)
    has_start = pc.is_in(rows["from_id"], value_set=_present(connection, start, rows["from_id"]))
    has_end = pc.is_in(rows["to_id"], value_set=_present(connection, end, rows["to_id"]))
    return rows.filter(pc.and_(has_start, has_end))


def _present(connection: ladybug.Connection, label: str, ids: pa.ChunkedArray) -> pa.Array:
    rows = pa.table({"row_id": ids.unique()})
    found = table_of(connection, f"LOAD FROM $rows {_node(label)} RETURN row_id", rows)
    return found["row_id"].cast(pa.string()).combine_chunks()


def _delete_nodes(connection: ladybug.Connection, label: str, rows: pa.Table) -> None:
    _in_batches(connection, f"LOAD FROM $rows {_node(label)} DETACH DELETE n", renamed(rows))


def _delete_edges(connection: ladybug.Connection, edge_type: str, rows: pa.Table) -> None:
    _to_edges(connection, edge_type, "DELETE r", rows)


def _in_batches(connection: ladybug.Connection, cypher: str, rows: pa.Table) -> None:
    for start in range(0, rows.num_rows, _BATCH):
        run(connection, cypher, {"rows": rows.slice(start, _BATCH)})


def _clear(connection: ladybug.Connection, _: str, __: pa.Table) -> None:
    for label in LABELS:
        run(connection, f"MATCH (n:{quoted(label)}) DETACH DELETE n")


def _cypher(connection: ladybug.Connection, query: str, rows: pa.Table) -> None:
    run(connection, query, json.loads(rows["parameters"][0].as_py()))


def _copy(connection: ladybug.Connection, table: str, rows: pa.Table) -> None:
    if rows.num_rows:
        run(connection, f"COPY {quoted(table)} FROM $rows", {"rows": rows.combine_chunks()})


def _node(label: str) -> str:
    return f"MATCH (n:{quoted(label)} {{id: row_id}})"


def _edge_exists(connection: ladybug.Connection, edge_type: str, rows: pa.Table) -> pa.Array:
    if not _count(connection, edge_type):
        return pa.array(np.zeros(rows.num_rows, dtype=bool))
    places = pa.array(np.arange(rows.num_rows))
    ends = renamed(rows.select(["from_id", "to_id"]).append_column("place", places))
    if rows.num_rows <= _FEW:
        statement = f"{_edge(edge_type, '$')} RETURN $row_place AS row_place"
        answers = [execute(connection, statement, row) for row in ends.to_pylist()]
        found = pa.array([place for answered in answers for (place,) in answered.get_all()], pa.int64())
    else:
        joined = table_of(connection, f"LOAD FROM $rows {_edge(edge_type)} RETURN row_place", ends)
        found = joined["row_place"].cast(pa.int64()).combine_chunks()
    return pc.is_in(places, value_set=found)


def _count(connection: ladybug.Connection, edge_type: str) -> int:
    [[count]] = execute(connection, f"MATCH ()-[r:{quoted(edge_type)}]->() RETURN count(*)", {}).get_all()
    return int(count)


def _to_edges(connection: ladybug.Connection, edge_type: str, clause: str, rows: pa.Table) -> None:
    if rows.num_rows <= _FEW:
        statement = f"{_edge(edge_type, '$')} {clause.replace('= row_', '= $row_')}"
        for row in renamed(rows).to_pylist():
            run(connection, statement, row)
    else:
        _in_batches(connection, f"LOAD FROM $rows {_edge(edge_type)} {clause}", renamed(rows))


def _edge(edge_type: str, mark: str = "") -> str:
    start, end = (quoted(label) for label in edge_labels(edge_type))
    return f"MATCH (a:{start} {{id: {mark}row_from_id}})-[r:{quoted(edge_type)}]->(b:{end} {{id: {mark}row_to_id}})"


def _assignments(variable: str, columns: list[str]) -> str:
    return ", ".join(f"{variable}.{quoted(name)} = row_{name}" for name in columns)


_VERBS: dict[str, Callable[[ladybug.Connection, str, pa.Table], None]] = {
    "tables": _tables,
    "put_nodes": _put_nodes,
    "put_edges": _put_edges,
    "delete_nodes": _delete_nodes,
    "delete_edges": _delete_edges,
    "clear": _clear,
    "cypher": _cypher,
}
