"""`python -m benchmarks.loading [--rows 100000,1000000] [--stores neo4j,...] [--out FILE]`: loading beside the bare driver.

Both write the same rows to the same real store in the same run; the driver's rows lie ready, kg's come as Arrow tables. Best of
what the driver was tried with (connections, requests in flight). Servers are started for it and thrown away.
"""

import argparse
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import ladybug
import neo4j
import pyarrow as pa

from benchmarks import loading_raw as raw
from benchmarks import loading_rows as made
from benchmarks.index_size import resident
from loaders.stores.graph.ddl import statements
from loaders.stores.graph.embedded import EmbeddedGraph
from loaders.stores.graph.neo4j import Neo4jGraph
from loaders.stores.mentions import codec
from loaders.stores.mentions.cassandra import ENTITY_BUCKETS, REVIEW_BUCKETS, CassandraMentions
from loaders.stores.mentions.cassandra_records import bucket
from loaders.stores.mentions.embedded import EmbeddedMentions
from schemas.ontology import AUDIO_ONTOLOGY
from schemas.protocols import MentionStore
from tests.servers.cassandra import CassandraServer, cassandra_session
from tests.servers.neo4j import Neo4jServer

AT_ONCE = 100_000
IN_FLIGHT = (64, 128)
HEAD = "| store | rows | what | kg rows/s | driver rows/s | kg / driver | resident MB after a tenth, at the end |"
RUN = ("run", 1)


def line(store: str, rows: int, what: str, own: float, best: float, memory: str) -> str:
    return f"| {store} | {rows:,} | {what} | {rows / own:,.0f} | {rows / best:,.0f} | {best / own:.0%} | {memory} |"


class Memory:
    """Resident memory after the first tenth and at the end."""

    def __init__(self, rows: int) -> None:
        self._rows, self._first = rows, ""

    def at(self, done: int) -> None:
        if not self._first and done >= self._rows / 10:
            self._first = f"{resident():,.0f}"

    def text(self) -> str:
        return f"{self._first}, {resident():,.0f}"


def in_parts(table: pa.Table) -> Iterator[pa.Table]:
    for first in range(0, table.num_rows, AT_ONCE):
        yield table.slice(first, AT_ONCE)


def put(write: Callable[[pa.Table], object], table: pa.Table) -> tuple[float, str]:
    """Return the seconds in which a store took a table, given part by part, and its memory."""
    memory, seconds = Memory(table.num_rows), 0.0
    for number, part in enumerate(in_parts(table)):
        seconds += raw.seconds_of(lambda part=part: write(part))  # type: ignore[misc]
        memory.at((number + 1) * AT_ONCE)
    return seconds, memory.text()


def on_neo4j(rows: int, folder: Path) -> Iterator[str]:
    server = Neo4jServer(folder / "neo4j", heap_mb=1024)
    server.start()
    nodes, documents, edges = made.entities(rows), made.documents(rows // made.A_DOCUMENT), made.mention_edges(rows)
    try:
        with (
            neo4j.GraphDatabase.driver(server.url, auth=(server.user, server.password)) as driver,
            _neo4j(server) as graph,
        ):
            graph.prepare()
            best = {"nodes": 0.0, "edges": 0.0}
            for connections in (1, 2):
                graph.clear()
                for name, table, cypher in (("nodes", nodes, raw.NODES_CYPHER), ("edges", edges, raw.EDGES_CYPHER)):
                    if name == "edges":
                        graph.put_nodes("Document", documents)
                    seconds = sum(_raw_neo4j(driver, cypher, part, connections) for part in in_parts(table))
                    best[name] = min(best[name] or seconds, seconds)
            graph.clear()
            for name, table in (("nodes", nodes), ("edges", edges)):
                if name == "edges":
                    graph.put_nodes("Document", documents)
                write = (lambda part: graph.put_nodes("Entity", part)) if name == "nodes" else _edges(graph)
                seconds, memory = put(write, table)
                yield line("Neo4j", rows, name, seconds, best[name], memory)
    finally:
        server.kill()


def _edges(graph: Neo4jGraph | EmbeddedGraph) -> Callable[[pa.Table], None]:
    return lambda part: graph.put_edges("MENTIONS", part)


def _raw_neo4j(driver: neo4j.Driver, cypher: str, part: pa.Table, connections: int) -> float:
    rows = part.to_pylist()
    if "from_id" in part.column_names:
        rows = [{"from_id": row.pop("from_id"), "to_id": row.pop("to_id"), "own": row} for row in rows]
    return raw.seconds_of(lambda: raw.neo4j_rows(driver, cypher, rows, connections))


@contextmanager
def _neo4j(server: Neo4jServer) -> Iterator[Neo4jGraph]:
    graph = Neo4jGraph(server.url, AUDIO_ONTOLOGY, user=server.user, password=server.password)
    try:
        yield graph
    finally:
        graph.close()


def on_ladybug(rows: int, folder: Path) -> Iterator[str]:
    nodes, documents, edges = made.entities(rows), made.documents(rows // made.A_DOCUMENT), made.mention_edges(rows)
    connection = ladybug.Connection(ladybug.Database(str(folder / "bare.lbug")))
    for statement in statements("ladybug.cypher", {"relation": AUDIO_ONTOLOGY.relation_names}):
        connection.execute(statement)
    graph = EmbeddedGraph(folder / "graph.lbug", AUDIO_ONTOLOGY)
    graph.prepare()
    best, _ = put(lambda part: raw.copied(connection, "Entity", part), nodes)
    seconds, memory = put(lambda part: graph.put_nodes("Entity", part), nodes)
    yield line("LadybugDB", rows, "nodes", seconds, best, memory)
    raw.copied(connection, "Document", documents)
    graph.put_nodes("Document", documents)
    best, _ = put(lambda part: raw.copied(connection, "MENTIONS", part), edges)
    seconds, memory = put(_edges(graph), edges)
    yield line("LadybugDB", rows, "edges", seconds, best, memory)
    yield f"| LadybugDB | {rows:,} | publishing the file at the end | {raw.seconds_of(graph.close):.1f} s | | | |"
    connection.close()


def on_mentions(name: str, rows: int, store: MentionStore, bare: Callable[[str, Any], float]) -> Iterator[str]:
    """Load mentions and decisions into a store and, in turns, into the bare one."""
    for what in ("mentions", "decisions"):
        memory, own, best = Memory(rows), 0.0, 0.0
        for first, last in made.ranges(rows):
            keys = {made.doc_id(n): what for n in range(first, last)}
            if what == "mentions":
                store.put_documents("file", made.texts(first, last))
                table = made.mentions(first, last)
                ready: Any = raw.mention_rows(table)
                own += raw.seconds_of(lambda table=table, keys=keys: store.put_mentions(keys, table))  # type: ignore[misc]
            else:
                table = made.decisions(first, last, *RUN)
                ready = raw.decision_rows(table)
                own += raw.seconds_of(lambda table=table, keys=keys: store.append_decisions(table, keys))  # type: ignore[misc]
            best += bare(what, ready)
            memory.at(last * made.A_DOCUMENT)
        yield line(name, rows, what, own, best, memory.text())


def on_sqlite(rows: int, folder: Path) -> Iterator[str]:
    store = EmbeddedMentions(folder / "mentions.sqlite")
    store.prepare()
    db = sqlite3.connect(folder / "bare.sqlite")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.executescript(files("schemas").joinpath("ddl", "sqlite.sql").read_text(encoding="utf-8"))

    def bare(what: str, ready: Any) -> float:  # noqa: ANN401
        if what == "mentions":
            return raw.seconds_of(
                lambda: raw.sqlite_rows(db, "INSERT INTO mentions VALUES (?, ?, ?, ?, ?)", ready, len(ready))
            )
        log, current = _decided(ready)
        into = {"decision_log VALUES (?, ?, ?, ?, ?)": log, "decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?)": current}
        return sum(
            raw.seconds_of(lambda q=q, r=r: raw.sqlite_rows(db, f"INSERT INTO {q}", r, len(r)))  # type: ignore[misc]
            for q, r in into.items()
        )

    yield from on_mentions("SQLite", rows, store, bare)
    db.close()
    store.close()


def _decided(ready: Any) -> tuple[list[Any], list[Any]]:  # noqa: ANN401
    log = [(r["mention_id"], r["sequence"], r["run_id"], r["decision"], body) for r, body in ready]
    current = [
        (*codec.place(r), r["decision"], codec.asserted_entity(r), codec.review_doubt(r), body) for r, body in ready
    ]
    return log, current


def on_cassandra(rows: int, folder: Path) -> Iterator[str]:
    server = CassandraServer(folder / "cassandra", heap_mb=1024)
    server.start()
    try:
        host, port = server.url.removeprefix("cassandra://").split(":")
        stores = [
            CassandraMentions([host], int(port), name, user=server.user, password=server.password)
            for name in ("kg_own", "kg_bare")
        ]
        for store in stores:
            store.prepare()
        with cassandra_session(server.url, server.user, server.password) as session:
            session.set_keyspace("kg_bare")
            turns = iter(range(sys.maxsize))

            def bare(what: str, ready: Any) -> float:  # noqa: ANN401
                in_flight = IN_FLIGHT[next(turns) % len(IN_FLIGHT)]
                tables = _mention_tables(ready) if what == "mentions" else _decision_tables(ready)
                return sum(
                    raw.seconds_of(partial(raw.cassandra_rows, session, *each, in_flight=in_flight)) for each in tables
                )

            yield from on_mentions("Cassandra", rows, stores[0], bare)
        for store in stores:
            store.close()
    finally:
        server.kill()


def _mention_tables(ready: list[tuple[Any, ...]]) -> list[tuple[str, list[Any], int]]:
    places = [(row[3], *row[:3]) for row in ready]
    return [
        ('INSERT INTO mentions (doc_id, start, "end", mention_id, body) VALUES (?, ?, ?, ?, ?)', ready, 1),
        ('INSERT INTO mention_places (mention_id, doc_id, start, "end") VALUES (?, ?, ?, ?)', places, 1),
    ]


def _decision_tables(ready: Any) -> list[tuple[str, list[Any], int]]:  # noqa: ANN401
    log, current = _decided(ready)
    asserted = sorted((r[5], bucket(r[0], ENTITY_BUCKETS), r[0], r[1], r[3], r[2]) for r in current if r[5])
    doubted = sorted((bucket(r[3], REVIEW_BUCKETS), r[6], r[3], r[0], r[1], r[2]) for r in current if r[6] is not None)
    return [
        ("INSERT INTO decision_log (mention_id, sequence, run_id, decision, body) VALUES (?, ?, ?, ?, ?)", log, 1),
        (
            'INSERT INTO decisions (doc_id, start, "end", mention_id, decision, asserted, doubt, body) '
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            current,
            1,
        ),
        ("INSERT INTO entity_buckets (entity_id, bucket) VALUES (?, ?)", sorted({r[:2] for r in asserted}), 1),
        (
            'INSERT INTO entity_mentions (entity_id, bucket, doc_id, start, mention_id, "end") VALUES (?, ?, ?, ?, ?, ?)',
            asserted,
            2,
        ),
        (
            'INSERT INTO review_queue (bucket, doubt, mention_id, doc_id, start, "end") VALUES (?, ?, ?, ?, ?, ?)',
            doubted,
            1,
        ),
    ]


STORES = {"neo4j": on_neo4j, "cassandra": on_cassandra, "ladybug": on_ladybug, "sqlite": on_sqlite}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loading")
    parser.add_argument("--rows", default="100000,1000000", help="nodes, edges, mentions and decisions each")
    parser.add_argument("--stores", default=",".join(STORES), help="which, separated by commas")
    parser.add_argument("--out", type=Path, help="write the table to this file too")
    given = parser.parse_args()
    lines = [
        "# Loading\n",
        f"{os.cpu_count()} cores shared with the servers, {platform.machine()}, Python {platform.python_version()}. "
        f"Made by `python -m benchmarks.loading`.\n\n{__doc__.split(chr(10), 2)[2].strip()}\n",
        HEAD,
        "|" + "---|" * 7,
    ]
    for rows in map(int, given.rows.split(",")):
        for store in given.stores.split(","):
            folder = Path(tempfile.mkdtemp(prefix="loading-"))
            try:
                for told in STORES[store](rows, folder):
                    sys.stderr.write(f"{told}\n")
                    lines.append(told)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
