"""Puts rows together into requests: a request for each row would cost the server more than the rows do."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from cassandra.query import BatchStatement, BatchType, BoundStatement, PreparedStatement

BATCH_ROWS = 50
BATCH_BYTES = 40_000
BATCH_PARTITIONS = 10
"""The server warns of more: it would ask too many nodes for one request."""
Replica = Callable[[bytes], object]


@dataclass(slots=True)
class _Batch:
    rows: list[BoundStatement] = field(default_factory=list)
    keys: set[object] = field(default_factory=set)
    size: int = 0

    def takes(self, key: object, size: int) -> bool:
        fits = len(self.rows) < BATCH_ROWS and self.size + size <= BATCH_BYTES
        return fits and (key in self.keys or len(self.keys) < BATCH_PARTITIONS)

    def add(self, key: object, row: BoundStatement, size: int) -> None:
        self.rows.append(row)
        self.keys.add(key)
        self.size += size

    def request(self) -> BoundStatement | BatchStatement:
        if len(self.rows) == 1:
            return self.rows[0]
        batch = BatchStatement(batch_type=BatchType.UNLOGGED)
        for row in self.rows:
            batch.add(row)
        batch.is_idempotent = True
        return batch


def batches(
    statement: PreparedStatement, values: Iterable[tuple[Any, ...]], partition: int, replica: Replica
) -> Iterator[BoundStatement | BatchStatement]:
    """Yield statements for the driver, each of at most 50 rows, 40 kB of values, ten partitions.

    partition: how many of the first values are the partition key.
    replica:   answers for a routing key which node is its first; only rows of one node go together, so that who
               coordinates a request holds all of its rows. None keeps partitions apart.
    A partition that comes back never meets itself in a batch: all rows of one have the same timestamp.
    """
    bind, key_of = statement.bind, itemgetter(*range(partition))
    waiting: dict[object, _Batch] = {}
    node: object = None
    last: object = None
    for row in values:
        bound, key = bind(row), key_of(row)
        size = sum(map(len, filter(None, bound.values)))
        begins = key != last
        if begins:
            node, last = replica(bound.routing_key), key
        batch = waiting.get(node)
        if batch is None:
            batch = waiting[node] = _Batch()
        elif (begins and (node is None or key in batch.keys)) or not batch.takes(key, size):
            yield batch.request()
            batch = waiting[node] = _Batch()
        batch.add(key, bound, size)
    yield from (batch.request() for batch in waiting.values())
