"""The graph in a file: LadybugDB, an embedded database that speaks Cypher."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ladybug
import pyarrow as pa

from loaders.stores.graph.base import (
    EDGE_KEY,
    LABELS,
    NODE_KEY,
    edge_pairs,
    edge_rows,
    edge_types,
    id_rows,
    in_order,
    known_edge_type,
    known_label,
    node_rows,
    stored,
)
from loaders.stores.graph.ddl import quoted, statements
from loaders.stores.graph.embedded_answers import execute, rows_of, run, table_of
from loaders.stores.graph.embedded_errors import engine_errors, query_errors
from loaders.stores.graph.embedded_file import EmbeddedSettings, GraphFile
from loaders.stores.graph.embedded_journal import Change
from loaders.stores.graph.embedded_reading import (
    refuse_plan_unless_reading,
    refuse_unless_about_the_graph,
)
from loaders.stores.graph.embedded_writes import apply, renamed
from schemas.batches import NODES, edge_labels, edge_schema
from schemas.errors import OntologyError
from schemas.ontology import Ontology
from schemas.protocols import NodeLabel, QueryResult

# An unused parameter: with it the engine takes one statement only, and looks for no tables in the caller's variables.
_ONE_STATEMENT = {"kg_one_statement": True}


class EmbeddedGraph:
    """A graph store in one file, for one process that writes and any number that read.

    path:      the file; beside it lie PATH.lock, and PATH.writing while changes are not yet published.
    ontology:  its relation types are the only ones that can be written.
    read_only: refuse every change.

    Every call that changes the graph is one transaction and survives the end of the process. Other processes see
    the changes after close(). May be used by several threads. Raises StoreUnavailable when a change is asked for
    while another process is writing.
    """

    def __init__(
        self,
        path: Path,
        ontology: Ontology,
        *,
        read_only: bool = False,
        settings: EmbeddedSettings | None = None,
    ) -> None:
        self._ontology = ontology
        self._timeout_s = (settings or EmbeddedSettings()).query_timeout_s
        self._file = GraphFile(
            Path(path).absolute(), apply, read_only=read_only, settings=settings or EmbeddedSettings()
        )

    @property
    def url(self) -> str:
        """``embedded:`` and the path of the file."""
        return self._file.store

    def prepare(self) -> None:
        """Create the tables that are missing.

        Raises OntologyError for a relation type that is called like a node label: its table could not be told
        from the label's.
        """
        labels = {label.upper(): label for label in LABELS}
        for name in self._ontology.relation_names:
            if name in labels:
                raise OntologyError(name, f"cannot be a relation type here: {labels[name]} is a node label")
        if not {*LABELS, *edge_types(self._ontology)} <= self._tables():
            ddl = statements("ladybug.cypher", {"relation": self._ontology.relation_names})
            self._change("tables", "", pa.table({"statement": ddl}))

    def nodes(self, label: NodeLabel) -> pa.Table:
        """Return all nodes of a label in the columns of NODES, ordered by id."""
        schema = NODES[known_label(label)]
        columns = ", ".join(f"n.{quoted(name)}" for name in schema.names)
        found = self._read(f"MATCH (n:{quoted(label)}) RETURN {columns}")
        return in_order(stored(found.columns, schema), NODE_KEY)

    def edges(self, edge_type: str, from_ids: Sequence[str] | None = None) -> pa.Table:
        """Return the edges of a type, ordered by (from_id, to_id); only those from `from_ids` when given."""
        schema = edge_schema(known_edge_type(self._ontology, edge_type))
        start, end = (quoted(label) for label in edge_labels(edge_type))
        columns = ", ".join(["a.id", "b.id", *(f"r.{quoted(name)}" for name in schema.names[2:])])
        edge = f"-[r:{quoted(edge_type)}]->(b:{end}) RETURN {columns}"
        if from_ids is None:
            found = self._read(f"MATCH (a:{start}){edge}")
        else:
            rows = renamed(id_rows(from_ids))
            if not rows.num_rows:
                return schema.empty_table()
            found = self._read(f"LOAD FROM $rows MATCH (a:{start} {{id: row_id}}){edge}", rows)
        return in_order(stored(found.columns, schema), EDGE_KEY)

    def put_nodes(self, label: NodeLabel, rows: pa.Table) -> None:
        """Create nodes, or replace every property of those whose id exists; edges stay."""
        self._change("put_nodes", label, node_rows(self.url, label, rows))

    def put_edges(self, edge_type: str, rows: pa.Table) -> None:
        """Create edges, or replace the properties of those whose ends have one; rows without both ends are skipped."""
        known_edge_type(self._ontology, edge_type)
        self._change("put_edges", edge_type, edge_rows(self.url, edge_type, rows))

    def delete_nodes(self, label: NodeLabel, ids: Sequence[str]) -> None:
        """Delete nodes with their edges; ids that do not exist are passed over."""
        self._change("delete_nodes", known_label(label), id_rows(ids))

    def delete_edges(self, edge_type: str, pairs: pa.Table) -> None:
        """Delete edges by their from_id and to_id; pairs that do not exist are passed over."""
        known_edge_type(self._ontology, edge_type)
        self._change("delete_edges", edge_type, edge_pairs(self.url, edge_type, pairs))

    def clear(self) -> None:
        """Delete every Entity, Record and Document node, and nothing else."""
        self._change("clear", "", pa.table({"label": list(LABELS)}))

    def query(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        limit: int | None = None,
    ) -> QueryResult:
        """Run a query; at most `limit` rows are fetched.

        Raises QueryError on bad Cypher, after the timeout, on any write unless `write`, and always on what reads
        or writes files, drops tables or changes settings. The parameters of a write must be values of JSON.
        """
        given = {name: _listed(value) for name, value in (parameters or {}).items()} | _ONE_STATEMENT
        refuse_unless_about_the_graph(cypher, write=write)
        if write:
            return self._write_query(cypher, given, limit)
        with self._file.reading() as connection, query_errors(self.url, cypher, self._timeout_s):
            connection.set_query_timeout(int(self._timeout_s * 1000))
            run(connection, "BEGIN TRANSACTION READ ONLY")
            refuse_plan_unless_reading(connection, cypher, given)
            return rows_of(execute(connection, cypher, given), self._ontology, limit)

    def check(self) -> str:
        """Return the name and version of the engine, after it has answered."""
        self._tables()
        return f"LadybugDB {ladybug.Database.get_version()}"

    def close(self) -> None:
        """Publish the changes and release the file; the object is not used afterwards."""
        self._file.close()

    def _tables(self) -> set[str]:
        if not self._file.exists():
            return set()
        return set(self._read("CALL show_tables() RETURN name")["name"].to_pylist())

    def _read(self, cypher: str, rows: pa.Table | None = None) -> pa.Table:
        with self._file.reading() as connection, engine_errors(self.url):
            return table_of(connection, cypher, rows)

    def _change(self, verb: str, name: str, rows: pa.Table) -> None:
        if rows.num_rows:
            change = Change(verb, name, rows)
            self._file.change(change, lambda connection: apply(connection, change))

    def _write_query(self, cypher: str, given: dict[str, Any], limit: int | None) -> QueryResult:
        def make(connection: ladybug.Connection) -> QueryResult:
            with query_errors(self.url, cypher, self._timeout_s):
                connection.set_query_timeout(int(self._timeout_s * 1000))
                return rows_of(execute(connection, cypher, given), self._ontology, limit)

        with query_errors(self.url, cypher, self._timeout_s):
            data = pa.table({"parameters": [json.dumps(given, allow_nan=False)]})
        return self._file.change(Change("cypher", cypher, data), make)


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
