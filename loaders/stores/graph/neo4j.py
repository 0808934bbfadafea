"""The graph in Neo4j, a server."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, repeat
from typing import Any, TypeVar
from urllib.parse import urlsplit

import neo4j
import pyarrow as pa

from loaders.stores.graph.base import (
    EDGE_KEY,
    LABELS,
    NODE_KEY,
    edge_pairs,
    edge_rows,
    id_rows,
    in_order,
    known_edge_type,
    known_label,
    node_rows,
    stored,
)
from loaders.stores.graph.ddl import quoted, statements
from loaders.stores.graph.neo4j_answers import rows_of
from loaders.stores.graph.neo4j_errors import CA_SETTING, driver_errors, query_errors
from loaders.stores.graph.neo4j_indexes import make_missing
from loaders.stores.graph.neo4j_reading import refuse_unless_reading
from loaders.stores.graph.neo4j_vectors import drop_vectors, make_index, put_vectors, vector_keys
from loaders.stores.patience import Patience
from loaders.stores.tls import refuse_unproved, trusting
from schemas.batches import NODES, edge_labels, edge_schema
from schemas.errors import StoreRejected, StoreUnavailable
from schemas.ontology import Ontology
from schemas.protocols import NodeLabel, QueryResult

# what the driver logs of a server that is away is told in kg's words; a handler that was set up gets it all the same
logging.getLogger("neo4j").addHandler(logging.NullHandler())
Made = TypeVar("Made")
Rows = list[dict[str, Any]]
DEFAULT_PORT = 7687


@dataclass(frozen=True, slots=True)
class Neo4jSettings:
    """How Neo4j is used.

    query_timeout_s:   seconds after which the server gives a user's query up, > 0.
    connect_timeout_s: seconds to wait for a connection.
    retry_s:           seconds during which a transaction that failed for the moment is tried again.
    batch:             nodes or edges written in one transaction.
    at_once:           transactions of nodes or of new edges in flight, >= 1; one is made ready while another is done.
    delete_batch:      nodes deleted, with all their edges, in one transaction.
    vector_batch:      vectors written in one transaction.
    ca_file:           PEM file of the authorities trusted with TLS; "" takes those of the system.
    patience:          waits while the server is away; not for queries that write, which may have been done.
    """

    query_timeout_s: float = 60.0
    connect_timeout_s: float = 10.0
    retry_s: float = 5.0
    batch: int = 10_000
    at_once: int = 2
    delete_batch: int = 2_000
    vector_batch: int = 1_000
    ca_file: str = ""
    patience: Patience = field(default_factory=Patience)


class Neo4jGraph:
    """A graph store on a Neo4j server of version 5.26 or later.

    url:      neo4j://HOST:PORT or bolt://HOST:PORT, with +s for TLS.
    ontology: its relation types are the only ones written, its entity types the second labels of Entity nodes.
    database: None for the server's default.

    Connects when first used. Rows are written in transactions of a bounded number of rows, so a call that fails may
    have done part of its work; the same call again completes it. May be used by several threads.
    """

    def __init__(
        self,
        url: str,
        ontology: Ontology,
        *,
        user: str,
        password: str,
        database: str | None = None,
        settings: Neo4jSettings | None = None,
    ) -> None:
        self._url = _without_credentials(url)
        self._ontology = ontology
        self._database = database
        self._settings = settings or Neo4jSettings()
        address, security = _secured(self._url, self._settings.ca_file)
        with driver_errors(self._url):
            self._driver = neo4j.GraphDatabase.driver(
                address,
                auth=(user, password),
                **security,
                connection_timeout=self._settings.connect_timeout_s,
                max_transaction_retry_time=self._settings.retry_s,
                notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
            )

    @property
    def url(self) -> str:
        """Address of the server, without credentials."""
        return self._url

    def prepare(self) -> None:
        """Create the constraints and indexes that are missing, and wait until they are online."""
        labels = sorted(entity_type.label for entity_type in self._ontology.entity_types)
        wanted = statements("neo4j.cypher", {"label": labels})
        self._managed(lambda session: make_missing(session, wanted), neo4j.WRITE_ACCESS)

    def nodes(self, label: NodeLabel) -> pa.Table:
        """Return all nodes of a label in the columns of NODES, ordered by id."""
        schema = NODES[known_label(label)]
        columns = ", ".join(f"n.{quoted(name)}" for name in schema.names)
        statement = f"MATCH (n:{quoted(label)}) WHERE n.id IS NOT NULL RETURN {columns}"
        return in_order(self._table(statement, schema, [{}]), NODE_KEY)

    def edges(self, edge_type: str, from_ids: Sequence[str] | None = None) -> pa.Table:
        """Return the edges of a type, ordered by (from_id, to_id); only those from `from_ids` when given."""
        schema = edge_schema(known_edge_type(self._ontology, edge_type))
        start, end = (quoted(label) for label in edge_labels(edge_type))
        columns = ", ".join(["a.id", "b.id", *(f"r.{quoted(name)}" for name in schema.names[2:])])
        edge = f"-[r:{quoted(edge_type)}]->(b:{end}) RETURN {columns}"
        if from_ids is None:
            table = self._table(f"MATCH (a:{start}){edge}", schema, [{}])
        else:
            batches = [{"ids": rows["id"].to_pylist()} for rows in self._batches(id_rows(from_ids))]
            table = self._table(f"UNWIND $ids AS id MATCH (a:{start} {{id: id}}){edge}", schema, batches)
        return in_order(table, EDGE_KEY)

    def put_nodes(self, label: NodeLabel, rows: pa.Table) -> None:
        """Create nodes, or replace every property of those whose id exists; edges stay."""
        merged = f"UNWIND $rows AS row MERGE (n:{quoted(known_label(label))} {{id: row.id}}) SET n = row"

        def write(batch: pa.Table) -> None:
            by_label = self._by_second_label(label, batch.to_pylist())
            self._write([(f"{merged}{self._relabel(label, second)}", part) for second, part in by_label.items()])

        # no two batches hold the same id, so that none waits for another
        self._write_beside(write, node_rows(self._url, label, rows), self._settings.at_once)

    def put_edges(self, edge_type: str, rows: pa.Table) -> None:
        """Create edges, or replace the properties of those whose ends have one; rows without both ends are skipped."""
        known_edge_type(self._ontology, edge_type)
        start, end = (quoted(label) for label in edge_labels(edge_type))
        table = edge_rows(self._url, edge_type, rows)
        # a row is a list: names and maps in each would cost the server more time than the edges themselves
        own = ", ".join(f"{quoted(name)}: row[{at}]" for at, name in enumerate(table.column_names[2:], start=2))
        both = f"UNWIND $rows AS row MATCH (a:{start} {{id: row[0]}}) MATCH (b:{end} {{id: row[1]}}) "
        made = f"(a)-[r:{quoted(edge_type)}]->(b) SET r = {{{own}}}"
        merged, created = f"{both}MERGE {made}", f"{both}CREATE {made}"
        # where there is none of the type yet, none needs to be looked for; a second try may come after all
        once = [] if self._count(edge_type) else [created]

        def write(batch: pa.Table) -> None:
            values = list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
            self._write([(chain(once, repeat(merged)), values)])

        # MERGE locks both ends until its transaction ends, so that two at once may wait for each other
        self._write_beside(write, table, self._settings.at_once if once else 1)

    def delete_nodes(self, label: NodeLabel, ids: Sequence[str]) -> None:
        """Delete nodes with their edges; ids that do not exist are passed over."""
        statement = f"UNWIND $rows AS row MATCH (n:{quoted(known_label(label))} {{id: row.id}}) DETACH DELETE n"
        for batch in self._batches(id_rows(ids), self._settings.delete_batch):
            self._write([(statement, batch.to_pylist())])

    def delete_edges(self, edge_type: str, pairs: pa.Table) -> None:
        """Delete edges by their from_id and to_id; pairs that do not exist are passed over."""
        known_edge_type(self._ontology, edge_type)
        start, end = (quoted(label) for label in edge_labels(edge_type))
        statement = (
            f"UNWIND $rows AS row MATCH (a:{start} {{id: row.from_id}})"
            f"-[r:{quoted(edge_type)}]->(b:{end} {{id: row.to_id}}) DELETE r"
        )
        for batch in self._batches(edge_pairs(self._url, edge_type, pairs)):
            self._write([(statement, batch.to_pylist())])

    def vector_keys(self) -> dict[str, str]:
        """Return the key of every vector that there is, by the id of its entity."""
        return self._managed(vector_keys, neo4j.READ_ACCESS)

    def put_vectors(self, keys: Sequence[tuple[str, str]], vectors: pa.FixedSizeListArray) -> None:
        """Write vectors of one length, in transactions of a bounded number of them; the index is made when missing."""
        self._managed(lambda session: make_index(session, vectors.type.list_size), neo4j.WRITE_ACCESS)
        step = self._settings.vector_batch
        for start in range(0, len(keys), step):
            part, values = keys[start : start + step], vectors.slice(start, step)
            self._managed(partial(put_vectors, keys=part, vectors=values), neo4j.WRITE_ACCESS)

    def drop_vectors(self) -> None:
        """Delete all vectors and their index."""
        self._managed(drop_vectors, neo4j.WRITE_ACCESS)

    def clear(self) -> None:
        """Delete every Entity, Record and Document node, and nothing else; in many small transactions."""
        for label in LABELS:
            statement = (
                f"MATCH (n:{quoted(label)}) CALL (n) {{ DETACH DELETE n }} "
                f"IN TRANSACTIONS OF {int(self._settings.delete_batch)} ROWS"
            )
            self._managed(partial(_run, statement=statement), neo4j.WRITE_ACCESS)

    def query(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        limit: int | None = None,
    ) -> QueryResult:
        """Run a query; at most `limit` rows are fetched.

        Raises QueryError on bad Cypher, after the timeout, on any write unless `write`, and, unless `write`, on
        LOAD CSV, which reads files, and on administration.
        """
        if write:
            return self._asked(cypher, dict(parameters or {}), write, limit)
        return self._settings.patience.keep(lambda: self._asked(cypher, dict(parameters or {}), write, limit))

    def _asked(self, cypher: str, given: dict[str, Any], write: bool, limit: int | None) -> QueryResult:
        timeout_s = self._settings.query_timeout_s
        access = neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS
        with self._certified(), query_errors(self._url, cypher, timeout_s), self._session(access) as session:
            if not write:
                explained = neo4j.Query(f"EXPLAIN {cypher}", timeout=timeout_s)
                refuse_unless_reading(session.run(explained, given).consume(), cypher)
            result = session.run(neo4j.Query(cypher, timeout=timeout_s), given)
            rows = rows_of(result, self._ontology, limit)
            result.consume()
            return rows

    def check(self) -> str:
        """Return the name, version and edition of the server; raises StoreUnavailable, or StoreRejected."""
        question = "CALL dbms.components() YIELD name, versions, edition RETURN name, versions[0], edition"
        found = self._managed(lambda session: session.run(question).values(), neo4j.READ_ACCESS)
        name, version, edition = next((row for row in found if "Neo4j" in row[0]), ("Neo4j", "", ""))
        return f"{name.replace(' Kernel', '')} {version} {edition}".strip()

    def close(self) -> None:
        """Release the connections; the object is not used afterwards."""
        self._driver.close()

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(database=self._database, default_access_mode=access, fetch_size=2000)

    def _batches(self, rows: pa.Table, size: int | None = None) -> Iterator[pa.Table]:
        step = size or self._settings.batch
        for start in range(0, rows.num_rows, step):
            yield rows.slice(start, step)

    def _write_beside(self, write: Callable[[pa.Table], None], rows: pa.Table, at_once: int) -> None:
        """Write rows in batches, some at once: one is made ready while the server works on another."""
        with ThreadPoolExecutor(at_once) as pool:
            for _ in pool.map(write, self._batches(rows)):
                pass

    def _write(self, work: Sequence[tuple[str | Iterator[str], Sequence[object]]]) -> None:
        """Write rows in one transaction; a statement may differ from one try to the next."""
        tries = [(repeat(each) if isinstance(each, str) else each, rows) for each, rows in work]

        def make(transaction: neo4j.ManagedTransaction) -> None:
            for statements_of_tries, rows in tries:
                transaction.run(next(statements_of_tries), rows=rows).consume()

        self._managed(lambda session: session.execute_write(make), neo4j.WRITE_ACCESS)

    def _table(self, statement: str, schema: pa.Schema, parameters: Sequence[Mapping[str, Any]]) -> pa.Table:
        def read(transaction: neo4j.ManagedTransaction) -> list[list[Any]]:
            found = (transaction.run(statement, dict(each)).values() for each in parameters)
            return [row for rows in found for row in rows]

        rows = self._managed(lambda session: session.execute_read(read), neo4j.READ_ACCESS)
        columns = zip(*rows, strict=True) if rows else [()] * len(schema)
        return stored([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema)

    def _managed(self, work: Callable[[neo4j.Session], Made], access: str) -> Made:
        def done() -> Made:
            with self._certified(), driver_errors(self._url), self._session(access) as session:
                return work(session)

        return self._settings.patience.keep(done)

    @contextmanager
    def _certified(self) -> Iterator[None]:
        """Tell a refused certificate from a server that is away, where the driver only says that it found no route."""
        try:
            yield
        except StoreUnavailable:
            parts = urlsplit(self._url)
            if parts.scheme.endswith("+s"):
                address = parts.hostname or "", parts.port or DEFAULT_PORT
                refuse_unproved(self._url, address, trusting(self._settings.ca_file, CA_SETTING), CA_SETTING)
            raise

    def _count(self, edge_type: str) -> int:
        counted = f"MATCH ()-[r:{quoted(edge_type)}]->() RETURN count(r)"  # answered from the server's own counts
        [[count]] = self._managed(lambda session: session.run(counted).values(), neo4j.READ_ACCESS)
        return int(count)

    def _by_second_label(self, label: str, rows: Rows) -> dict[str | None, Rows]:
        groups: dict[str | None, Rows] = {}
        for row in rows:
            second = self._ontology.label(row["type"]) if label == "Entity" else None
            groups.setdefault(second, []).append(row)
        return groups

    def _relabel(self, label: str, second: str | None) -> str:
        if label != "Entity":
            return ""
        others = sorted({t.label for t in self._ontology.entity_types} - {second})
        removed = "".join(f":{quoted(other)}" for other in others)
        return (f" REMOVE n{removed}" if removed else "") + (f" SET n:{quoted(second)}" if second else "")


def _run(session: neo4j.Session, statement: str) -> None:
    session.run(statement).consume()


def _secured(url: str, ca_file: str) -> tuple[str, dict[str, Any]]:
    """Return the address and settings for the driver; it takes authorities of one's own beside a plain scheme only."""
    scheme, _, rest = url.partition("://")
    if not ca_file:
        return url, {}
    if not scheme.endswith("+s"):
        problem = f"a CA file is given ({ca_file!r}), but {scheme}:// does not ask for TLS; use {scheme}+s://"
        raise StoreRejected(url, problem)
    trusting(ca_file, CA_SETTING)
    return f"{scheme[:-2]}://{rest}", {"encrypted": True, "trusted_certificates": neo4j.TrustCustomCAs(ca_file)}


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    plain = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    try:
        _ = parts.port
    except ValueError as error:
        raise StoreRejected(plain, f"{error}; valid: neo4j://HOST:7687") from error
    return plain
