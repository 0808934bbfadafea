"""Extraction ahead of the store: while mentions are written, other processes read the next documents."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from itertools import chain
from types import TracebackType
from typing import Self

import pyarrow as pa

from kg.home import Home
from linkers.extraction.worker_pool import ExtractionPool, usable_cores
from schemas.document import Document

LARGE_CHARS = 1_000_000
"""Texts of fewer code points together are read in this process: workers take seconds to open their models."""

_TASKS_A_WORKER = 4  # begun ahead, so that no worker waits while mentions are stored


class ExtractionAhead:
    """Gives the mentions of documents, batch by batch, read by as many processes as there are cores.

    upcoming: called once, when the first mentions are asked for; yields the batches that will be asked for, in that
              order. It may yield others too: a batch that is not asked for is dropped, one that it does not yield is
              read in this process.
    Which process reads a document changes nothing in its mentions. Use as a context manager.
    """

    def __init__(self, home: Home, upcoming: Callable[[], Iterator[Sequence[Document]]]) -> None:
        self._home, self._foreseen = home, upcoming
        self._upcoming: Iterator[Sequence[Document]] | None = None
        self._pool: ExtractionPool | None = None
        self._begun: deque[tuple[list[str], list[Future[pa.Table]]]] = deque()
        self._ending = ExitStack()

    def mentions(self, documents: Sequence[Document]) -> pa.Table:
        """Return the MENTIONS of a batch; raises WorkerError when a process ended early."""
        if self._upcoming is None:
            self._upcoming = self._begin()
        if self._pool is None:
            return self._home.extractor.extract(documents)
        self._run_ahead(self._pool)
        wanted = _named(documents)
        if not any(batch == wanted for batch, _ in self._begun):
            return self._home.extractor.extract(documents)
        while True:
            batch, tasks = self._begun.popleft()
            if batch == wanted:
                return self._pool.mentions(tasks)

    def _begin(self) -> Iterator[Sequence[Document]]:
        """Look as far ahead as tells whether processes are worth starting."""
        upcoming, seen, size = self._foreseen(), list[Sequence[Document]](), 0
        workers = usable_cores()
        while workers > 1 and size < LARGE_CHARS and (batch := next(upcoming, None)) is not None:
            seen.append(batch)
            size += sum(len(document.text) for document in batch)
        if workers > 1 and size >= LARGE_CHARS:
            self._pool = self._ending.enter_context(self._home.extraction_pool(workers))
        return chain(seen, upcoming)

    def _run_ahead(self, pool: ExtractionPool) -> None:
        waiting = sum(not task.done() for _, tasks in self._begun for task in tasks)
        while waiting < _TASKS_A_WORKER * pool.workers:
            batch = next(self._upcoming, None) if self._upcoming else None
            if batch is None:
                return
            tasks = pool.submit(batch)
            self._begun.append((_named(batch), tasks))
            waiting += len(tasks)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._begun.clear()
        self._ending.close()


def _named(documents: Sequence[Document]) -> list[str]:
    return [document.content_hash for document in documents]
