"""Records searched and compared by the workers of a cluster: the loops of the local run over parts of a table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.spark.arrays import ArraySender, Sent, opened
from kg.spark.cluster import Workers
from kg.spark.session import spark_session
from linkers.records.pair_texts import PairTexts
from linkers.records.postings import Postings
from linkers.records.sharing_out import parts_of

Ints = NDArray[np.int32]
Floats32 = NDArray[np.float32]

ITEM_BYTES, ROUND_BYTES = 4 << 20, 512 << 20
"""An answer has at most so many bytes, and those of a round together (Spark refuses more than 1 GB at a time)."""
_ITEMS_A_CORE = 8
_UNREAD = np.dtype(np.int64)


@dataclass(frozen=True)
class SparkWorkforce:
    """Workers that have the arrays of a table before them."""

    workers: Workers
    sender: ArraySender

    def nearest(self, postings: Postings) -> tuple[Ints, int]:
        """Return what `Workforce.nearest` does."""
        out, unread = np.empty((postings.records, postings.width), np.int32), 0
        for rows, answer in self._asked(postings, out.shape, _nearest_there, _range):
            unread += int(np.frombuffer(answer, _UNREAD, 1)[0])
            out[rows.start : rows.stop] = _matrix(answer[_UNREAD.itemsize :], out)
        return out, unread

    def compared(self, texts: PairTexts, left: Ints, right: Ints) -> Floats32:
        """Return what `Workforce.compared` does."""
        out = np.empty((len(left), texts.width), np.float32)
        payload = partial(_pairs, left, right)
        for rows, answer in self._asked(texts, out.shape, _compared_there, payload):
            out[rows.start : rows.stop] = _matrix(answer, out)
        return out

    def _asked(
        self,
        thing: object,
        shape: tuple[int, int],
        work: Callable[[Sent, bytes], bytes],
        payload: Callable[[range], bytes],
    ) -> Iterator[tuple[range, bytes]]:
        """Yield what workers answer for the rows of a matrix of four bytes a cell, range by range."""
        if not shape[0]:
            return
        item_bytes = min(ITEM_BYTES, ROUND_BYTES // self.workers.at_once)
        even = -(-shape[0] // (_ITEMS_A_CORE * self.workers.cores))
        rows = parts_of(shape[0], max(1, min(item_bytes // (4 * shape[1]), even)))
        sent = self.sender.send(thing)
        yield from self.workers.answers(((part, payload(part)) for part in rows), partial(work, sent))


@contextmanager
def spark_workforce(workers: Workers) -> Iterator[SparkWorkforce]:
    """Let the workers of a session search and compare records for the length of a block."""
    with TemporaryDirectory(prefix="kg-") as folder:
        yield SparkWorkforce(workers, ArraySender(workers.spark, Path(folder)))


@contextmanager
def spark_records(master: str) -> Iterator[SparkWorkforce]:
    """Open a session on a cluster to search and compare records. Raises ConfigError without pyspark, WorkerError."""
    with spark_session(master, "kg dedupe") as session, spark_workforce(Workers(session)) as workforce:
        yield workforce


def _matrix(answer: bytes, like: NDArray[Any]) -> NDArray[Any]:
    return np.frombuffer(answer, like.dtype).reshape(-1, like.shape[1])


def _range(rows: range) -> bytes:
    return np.asarray([rows.start, rows.stop], np.int64).tobytes()


def _pairs(left: Ints, right: Ints, rows: range) -> bytes:
    return np.stack([left[rows.start : rows.stop], right[rows.start : rows.stop]]).tobytes()


def _nearest_there(sent: Sent, payload: bytes) -> bytes:
    postings: Postings = opened(sent)
    first, last = map(int, np.frombuffer(payload, np.int64))
    out = np.full((last - first, postings.width), -1, np.int32)
    unread = postings.nearest([range(first, last)], out, first)
    return np.asarray([unread], _UNREAD).tobytes() + out.tobytes()


def _compared_there(sent: Sent, payload: bytes) -> bytes:
    texts: PairTexts = opened(sent)
    left, right = np.frombuffer(payload, np.int32).reshape(2, -1).copy()
    out = np.empty((len(left), texts.width), np.float32)
    texts.compare(range(len(left)), left, right, out)
    return out.tobytes()
