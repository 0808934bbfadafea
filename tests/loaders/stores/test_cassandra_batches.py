from collections.abc import Sequence
from typing import Any

from cassandra.cqltypes import Int32Type, UTF8Type
from cassandra.protocol import ColumnMetadata
from cassandra.query import BatchStatement, BoundStatement, PreparedStatement

from loaders.stores.mentions.cassandra_batches import BATCH_BYTES, batches

COLUMNS = [ColumnMetadata("k", "t", name, kind) for name, kind in (("key", UTF8Type), ("at", Int32Type))]
STATEMENT = PreparedStatement(COLUMNS, b"id", [0], "INSERT INTO t (key, at) VALUES (?, ?)", "k", 4, None, None)
Rows = list[tuple[str, int]]


def told(row: Any) -> tuple[str, int]:
    key, at = row.values if isinstance(row, BoundStatement) else row[2]
    return bytes(key).decode(), int.from_bytes(at, "big")


def requests(rows: Sequence[tuple[str, int]], nodes: int = 1) -> list[Rows]:
    """Return the rows of each request, where the last letter of a key tells its node; 0 nodes: none is known."""

    def replica(routing_key: bytes) -> object:
        return routing_key[-1] % nodes if nodes else None

    found = []
    for request in batches(STATEMENT, rows, 1, replica):
        single = isinstance(request, BoundStatement)
        assert single or (isinstance(request, BatchStatement) and request.is_idempotent)
        found.append([told(request)] if single else [told(each) for each in request._statements_and_parameters])
    return found


def test_ten_partitions_go_together() -> None:
    rows = [(f"{n:03d}", n) for n in range(25)]
    assert requests(rows) == [rows[:10], rows[10:20], rows[20:]]


def test_rows_of_a_partition_go_fifty_at_a_time() -> None:
    rows = [("a", n) for n in range(101)] + [("b", 0)]
    assert requests(rows) == [rows[:50], rows[50:100], rows[100:]]


def test_only_rows_of_one_node_go_together() -> None:
    rows = [(f"{n:03d}", n) for n in range(20)]
    assert requests(rows, nodes=2) == [rows[::2], rows[1::2]]
    assert requests(rows, nodes=0) == [[row] for row in rows]


def test_a_partition_that_comes_back_begins_another_request() -> None:
    assert requests([("a", 1), ("b", 1), ("a", 2), ("c", 1)]) == [[("a", 1), ("b", 1)], [("a", 2), ("c", 1)]]


def test_requests_are_not_large() -> None:
    rows = [("x" * (BATCH_BYTES // 2 - 9) + str(n), n) for n in range(5)]
    assert requests(rows) == [rows[:2], rows[2:4], rows[4:]]
    small, large = ("a", 1), ("x" * (2 * BATCH_BYTES), 1)
    assert requests([small, large, ("b", 1)]) == [[small], [large], [("b", 1)]]
