"""`python -m benchmarks.loading [--rows 100000,1000000] [--stores neo4j,...] [--out FILE]`: loading beside the bare driver.

Both write the same rows to the same real store in the same run; the driver's rows lie ready, kg's come as Arrow tables. Best of
what the driver was tried with (connections; requests in flight, partitions in a batch). Servers are started for it and thrown
away.
"""

import argparse
import gc
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

import ladybug

from benchmarks import loading_raw as raw
from benchmarks import loading_rows as made
from benchmarks.loading_lines import Memory, Rates, line, put
from benchmarks.loading_neo4j import on_neo4j
from loaders.stores.graph.ddl import statements
from loaders.stores.graph.embedded import EmbeddedGraph
from loaders.stores.mentions import codec
from loaders.stores.mentions.cassandra import ENTITY_BUCKETS, REVIEW_BUCKETS, CassandraMentions
from loaders.stores.mentions.cassandra_records import bucket
from loaders.stores.mentions.embedded import EmbeddedMentions
from loaders.stores.mentions.embedded_session import WAL_PAGES
from schemas.ontology import AUDIO_ONTOLOGY
from schemas.protocols import MentionStore
from tests.servers.cassandra import CassandraServer, cassandra_session

WAYS = [(in_flight, partitions) for partitions in (10, 1) for in_flight in (64, 128)]
"""Requests in flight and partitions in a batch that the driver is tried with, in turns of 5,120 rows: all from 20,480 rows on."""
HEAD = "| store | rows | what | kg rows/s | driver rows/s | kg / driver | resident MB after a tenth, at the end |"
RUN = ("run", 1)
Bare = Callable[[str, Any], float]


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
    seconds, memory = put(lambda part: graph.put_edges("MENTIONS", part), edges)
    yield line("LadybugDB", rows, "edges", seconds, best, memory)
    yield f"| LadybugDB | {rows:,} | publishing the file at the end | {raw.seconds_of(graph.close):.1f} s | | | |"
    connection.close()


def on_mentions(name: str, rows: int, store: MentionStore, ways: Sequence[Bare]) -> Iterator[str]:
    """Load mentions and decisions into a store and, in turns, into the bare one, which takes its ways in turns too.

    The driver is told twice: with bodies that lie ready, and with the time to pack them row by row, as kg must too.
    """
    first_turns = list(islice(made.ranges(10 * rows), len(ways)))
    for what in ("mentions", "decisions"):
        memory, own, packing, rates = Memory(rows), 0.0, 0.0, Rates()
        # more rows come first, for a server is slow until it has compiled what it runs; they are not counted
        beyond = rows // made.A_DOCUMENT
        warming = [(beyond + first, beyond + last) for first, last in first_turns]
        for turn, (first, last) in enumerate([*warming, *made.ranges(rows)]):
            mine, packed, bare = _turn(what, store, (first, last), ways[turn % len(ways)])
            if turn < len(warming):
                continue
            own, packing = own + mine, packing + packed
            rates.add(turn % len(ways), (last - first) * made.A_DOCUMENT, bare)
            memory.at(last * made.A_DOCUMENT)
        best = rates.best(rows)
        yield line(name, rows, f"{what}, packed by kg only", own, best, memory.text())
        yield line(name, rows, f"{what}, packed by both", own, best + packing, memory.text())


def _turn(what: str, store: MentionStore, documents: tuple[int, int], way: Bare) -> tuple[float, float, float]:
    """Return the seconds of kg, and of the driver's plain packing and writing."""
    keys = {made.doc_id(n): what for n in range(*documents)}
    if what == "mentions":
        store.put_documents("file", made.texts(*documents))
        table = made.mentions(*documents)
        own = raw.seconds_of(lambda: store.put_mentions(keys, table))
    else:
        table = made.decisions(*documents, *RUN)
        own = raw.seconds_of(lambda: store.append_decisions(table, keys))
    began = time.perf_counter()
    ready: Any = raw.mention_rows(table) if what == "mentions" else raw.decision_rows(table)
    return own, time.perf_counter() - began, way(what, ready)


def on_sqlite(rows: int, folder: Path) -> Iterator[str]:
    store = EmbeddedMentions(folder / "mentions.sqlite")
    store.prepare()
    db = sqlite3.connect(folder / "bare.sqlite")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
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

    yield from on_mentions("SQLite", rows, store, [bare])
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

            def bare(what: str, ready: Any, way: tuple[int, int]) -> float:  # noqa: ANN401
                tables = _mention_tables(ready) if what == "mentions" else _decision_tables(ready)
                return sum(raw.seconds_of(partial(raw.cassandra_rows, session, *each, way=way)) for each in tables)

            yield from on_mentions("Cassandra", rows, stores[0], [partial(bare, way=way) for way in WAYS])
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
    gc.freeze()  # as the command line does; else the one is timed while the collector walks what the other left
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
