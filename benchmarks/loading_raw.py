"""The same rows written by the bare drivers, in the fastest way that each is known to have: what a store can take at most.

Rows are ready before the clock starts: Python values for the servers, Arrow for the embedded engine, packed bodies where kg packs.
"""

import sqlite3
import struct
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import ladybug
import neo4j
import orjson
import pyarrow as pa
from cassandra.cluster import Session
from cassandra.concurrent import execute_concurrent
from cassandra.query import BatchStatement, BatchType, PreparedStatement

from loaders.stores.mentions import codec

NODES_CYPHER = "UNWIND $rows AS row MERGE (n:Entity {id: row.id}) SET n += row"
EDGES_CYPHER = (
    "UNWIND $rows AS row MATCH (a:Document {id: row.from_id}) MATCH (b:Entity {id: row.to_id}) "
    "CREATE (a)-[r:MENTIONS]->(b) SET r = row.own"
)
_NEO4J_ROWS = 10_000
_BATCH = 50
_BODY = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


def seconds_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def neo4j_rows(driver: neo4j.Driver, cypher: str, rows: Sequence[dict[str, Any]], connections: int) -> None:
    """Write rows in transactions of 10,000 on so many connections."""

    def write(first: int) -> None:
        with driver.session() as session:
            session.execute_write(lambda tx: tx.run(cypher, rows=rows[first : first + _NEO4J_ROWS]).consume())

    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(write, range(0, len(rows), _NEO4J_ROWS)))


def cassandra_rows(
    session: Session, query: str, rows: Sequence[Sequence[Any]], partition: int, *, way: tuple[int, int]
) -> None:
    """Write rows that are ordered by partition.

    partition: how many of the first values are the partition key.
    way:       requests in flight, and from how many partitions an unlogged batch of at most 50 rows may come.
    """
    statement = session.prepare(query)
    in_flight, at_most = way

    def requests() -> Iterator[tuple[Any, Any]]:
        held, keys = list[Sequence[Any]](), set[tuple[Any, ...]]()
        for row in rows:
            key = tuple(row[:partition])
            if held and (len(held) == _BATCH or (key not in keys and len(keys) == at_most)):
                yield _request(statement, held)
                held, keys = [], set()
            keys.add(key)
            held.append(row)
        if held:
            yield _request(statement, held)

    waiting = requests()
    while chunk := list(islice(waiting, 4_096)):
        execute_concurrent(session, chunk, concurrency=in_flight, raise_on_first_error=True)


def _request(statement: PreparedStatement, rows: list[Sequence[Any]]) -> tuple[Any, Any]:
    if len(rows) == 1:
        return statement, rows[0]
    batch = BatchStatement(batch_type=BatchType.UNLOGGED)
    for row in rows:
        batch.add(statement, row)
    return batch, ()


def mention_rows(table: pa.Table) -> list[tuple[Any, ...]]:
    """Return (doc_id, start, end, mention_id, body), made in the plainest way: row by row."""
    key = ("doc_id", "start", "end", "mention_id")
    return [
        (*codec.place(row), _body({name: value for name, value in row.items() if name not in key}))
        for row in table.to_pylist()
    ]


def decision_rows(table: pa.Table) -> list[tuple[dict[str, Any], bytes]]:
    """Return rows with their bodies, made in the plainest way: row by row."""
    rows = table.to_pylist()
    for row in rows:
        for candidate in row["candidates"]:
            features = candidate["features"]
            candidate["features"] = struct.pack(f"<{len(features)}f", *features).hex()
    return [(row, _body(row)) for row in rows]


def _body(value: object) -> bytes:
    return zlib.compress(orjson.dumps(value, option=_BODY), 1)


def copied(connection: ladybug.Connection, name: str, rows: pa.Table) -> None:
    """COPY a table of Arrow."""
    connection.execute(f"COPY {name} FROM $rows", {"rows": rows.combine_chunks()})


def sqlite_rows(db: sqlite3.Connection, query: str, rows: Sequence[Sequence[Any]], at_once: int) -> None:
    """Insert rows, so many in a transaction."""
    for first in range(0, len(rows), at_once):
        with db:
            db.executemany(query, rows[first : first + at_once])
