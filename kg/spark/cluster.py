"""Work shared out: items of whole documents go to the workers as bytes and come back in their order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl
import pyarrow as pa

from kg.frames import frame
from kg.spark.session import cluster_failures
from kg.spark.shipping import WorkerRecipe

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

Context = TypeVar("Context")
Batches = Iterator[pa.RecordBatch]
Work = Callable[[WorkerRecipe, bytes], Mapping[str, Any]]
"""Done in a worker process: what comes of one item, by the columns of the schema that is asked for."""

DOCUMENTS_AN_ITEM = 64
_ITEMS_A_CORE = 16  # of a round: so much is in the driver's memory at a time
_CODEC = "zstd"


def packed(table: pa.Table) -> bytes:
    """Return a table as bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=_CODEC)) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def unpacked(payload: bytes) -> pa.Table:
    """Return the table that was packed."""
    with pa.ipc.open_stream(payload) as reader:
        return reader.read_all()


def parts(rows: Sequence[Context], size: int = DOCUMENTS_AN_ITEM) -> Iterator[Sequence[Context]]:
    """Yield neighbouring rows, `size` at a time."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


@dataclass(frozen=True)
class Workers:
    """The workers of a session."""

    spark: "SparkSession"

    @property
    def master(self) -> str:
        """Address of the cluster."""
        return str(self.spark.sparkContext.master)

    @property
    def cores(self) -> int:
        """How many tasks run at a time; at least 2."""
        return max(2, int(self.spark.sparkContext.defaultParallelism))

    @property
    def at_once(self) -> int:
        """How many items make a round of `answers`."""
        return _ITEMS_A_CORE * self.cores

    def items(self, payloads: Iterable[bytes]) -> "DataFrame":
        """Return number and payload of items, dealt out evenly."""
        table = pa.table({"payload": pa.array(payloads, pa.binary())})
        numbered = table.add_column(0, "number", pa.array(range(table.num_rows), pa.int64()))
        return self.spark.createDataFrame(numbered).repartition(max(1, min(table.num_rows, 4 * self.cores)))

    def rows(self, rows: "DataFrame") -> pl.DataFrame:
        """Bring rows to the driver."""
        with cluster_failures(self.master):
            return frame(rows.toArrow())

    def answers(
        self, items: Iterable[tuple[Context, bytes]], work: Callable[[bytes], bytes]
    ) -> Iterator[tuple[Context, bytes]]:
        """Yield what comes of each item beside the context that was given with it, in order.

        Only a bounded number of items is in memory: the workers have the next while the caller takes the last.
        """
        waiting = iter(items)
        with ThreadPoolExecutor(1) as ahead:
            going: tuple[list[Context], Future[list[bytes]]] | None = None
            while True:
                chunk = list(islice(waiting, self.at_once))
                payloads = [payload for _, payload in chunk]
                begun = ([c for c, _ in chunk], ahead.submit(self._round, payloads, work)) if chunk else None
                if going:
                    yield from zip(going[0], going[1].result(), strict=True)
                if begun is None:
                    return
                going = begun

    def _round(self, payloads: Sequence[bytes], work: Callable[[bytes], bytes]) -> list[bytes]:
        with cluster_failures(self.master):
            done = self.items(payloads).mapInArrow(partial(_answer, work), "number long, payload binary")
            table = done.toArrow().sort_by("number")
        return list(table["payload"].to_pylist())


@dataclass(frozen=True)
class Cluster(Workers):
    """Workers, and what they open."""

    recipe: WorkerRecipe

    def worked(self, items: "DataFrame", work: Work, schema: str) -> "DataFrame":
        """Return what comes of each item: one row an item, with the columns of `schema` (Spark's DDL)."""
        return items.mapInArrow(partial(_work_off, self.recipe, work, _names(schema)), schema)

    def spread(
        self, items: "DataFrame", work: Callable[[WorkerRecipe, bytes], pa.Table], schema: "str | StructType"
    ) -> "DataFrame":
        """Return the rows of the tables that come of the items."""
        return items.mapInArrow(partial(_spread, self.recipe, work), schema)

    def rounds(
        self, items: Iterable[tuple[Context, bytes]], work: Callable[[WorkerRecipe, bytes], bytes]
    ) -> Iterator[tuple[Context, bytes]]:
        """Yield what comes of each item beside the context that was given with it, as `answers` does."""
        return self.answers(items, partial(work, self.recipe))


def _names(schema: str) -> tuple[str, ...]:
    return tuple(column.split()[0] for column in schema.split(", "))


def _work_off(recipe: WorkerRecipe, work: Work, names: Sequence[str], batches: Batches) -> Batches:
    for payload in _payloads(batches):
        done = work(recipe, payload)
        yield pa.RecordBatch.from_pydict({name: [done[name]] for name in names})


def _spread(recipe: WorkerRecipe, work: Callable[[WorkerRecipe, bytes], pa.Table], batches: Batches) -> Batches:
    for payload in _payloads(batches):
        yield from work(recipe, payload).combine_chunks().to_batches()


def _answer(work: Callable[[bytes], bytes], batches: Batches) -> Batches:
    for batch in batches:
        for number, payload in zip(batch["number"].to_pylist(), batch["payload"].to_pylist(), strict=True):
            answer = pa.array([work(payload)], pa.binary())
            yield pa.RecordBatch.from_arrays([pa.array([number], pa.int64()), answer], ["number", "payload"])


def _payloads(batches: Batches) -> Iterator[bytes]:
    for batch in batches:
        yield from (value.as_py() for value in batch["payload"])
