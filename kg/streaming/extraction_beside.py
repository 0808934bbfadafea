"""Extraction beside a stream: while a batch is stored, other processes read the messages that wait behind it."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from kg.home import Home
from linkers.extraction.rows import joined
from linkers.extraction.worker_pool import IDLE_S, ExtractionPool, usable_cores
from schemas.document import Document
from schemas.errors import WorkerError

BEHIND_DOCUMENTS = 512
"""Processes are opened when so many documents came in whole batches one after the other: their models take seconds."""

_PART_DOCUMENTS = 16


@dataclass(frozen=True)
class _Part:
    """Documents that a process reads: their content hashes by id, and the round in which that began."""

    hashes: dict[str, str]
    tasks: "list[Future[pa.Table]]"
    round: int


class ExtractionBeside:
    """Gives the mentions of batches; where messages wait, other processes have begun them.

    workers: most processes; never more than there are cores, and below two there are none.
    Which process reads a document changes nothing in its mentions, and one that fails is done without: its documents
    are read in this process. Use as a context manager.
    """

    def __init__(self, home: Home, workers: int) -> None:
        self._home, self._workers = home, min(workers, usable_cores())
        self._pool: ExtractionPool | None = None
        self._opening: list[Future[pa.Table]] = []
        self._version, self._used = "", 0.0
        self._parts: list[_Part] = []
        self._behind = self._round = 0

    @property
    def ready(self) -> bool:
        """Whether other processes read: they have opened their models."""
        return self._pool is not None and all(task.done() for task in self._opening)

    def begin(self, waiting: Sequence[Document], *, whole: bool) -> None:
        """Begin the documents, of different ids, that will be asked for after the present batch.

        whole: they are as many as a batch may hold.
        """
        self._round += 1
        self._parts = [part for part in self._parts if part.round >= self._round - 1]
        self._behind = self._behind + len(waiting) if whole else 0
        if not waiting:
            return
        self._close_what_is_old()
        if self._pool is None:
            self._open(waiting[0])
        elif self.ready:
            self._submit(waiting)
        else:
            # a busy machine takes its time to open models: they are not given up as long as they are wanted
            self._used = time.monotonic()

    def mentions(self, documents: Sequence[Document]) -> pa.Table:
        """Return the MENTIONS of documents of different ids, ordered by (doc_id, start, end)."""
        self._close_what_is_old()
        if self.ready and len(documents) >= _PART_DOCUMENTS:
            self._submit(documents)
        hashes = {each.id: each.content_hash for each in documents}
        found = dict(self._found(hashes))
        rest = [each for each in documents if each.id not in found]
        tables = list({id(table): table for table in found.values()}.values())
        return joined([*tables, self._home.extractor.extract(rest)] if rest else tables)

    def _found(self, hashes: dict[str, str]) -> Iterator[tuple[str, pa.Table]]:
        """Yield ids of documents that other processes have read, each with the one table that holds its mentions."""
        for part in self._parts:
            wanted = [each for each, content in part.hashes.items() if hashes.get(each) == content]
            if not wanted or self._pool is None:
                continue
            try:
                table = self._pool.mentions(part.tasks)
            except WorkerError:
                self._close()
                return
            except Exception:
                # a document that fails does so in this process too, where it is told from the others
                continue
            if len(wanted) < len(part.hashes):
                table = table.filter(pc.is_in(table["doc_id"], pa.array(wanted, pa.string())))
            yield from ((each, table) for each in wanted)

    def _open(self, first: Document) -> None:
        """Open processes where they are worth it; the first document tells when they are ready."""
        if self._workers < 2 or self._behind < BEHIND_DOCUMENTS:
            return
        self._pool = self._home.extraction_pool(self._workers)
        self._version, self._used = self._home.extractor.version, time.monotonic()
        self._opening = self._pool.submit([first])

    def _submit(self, documents: Sequence[Document]) -> None:
        """Begin those of the documents that are not begun, in parts that keep all processes busy."""
        if self._pool is None:
            return
        begun = {pair for part in self._parts for pair in part.hashes.items()}
        fresh = [each for each in documents if (each.id, each.content_hash) not in begun]
        size = max(min(_PART_DOCUMENTS, -(-len(fresh) // self._workers)), 1)
        try:
            for start in range(0, len(fresh), size):
                part = fresh[start : start + size]
                hashes = {each.id: each.content_hash for each in part}
                self._parts.append(_Part(hashes, self._pool.submit(part), self._round))
        except WorkerError:
            self._close()
        self._used = time.monotonic()

    def _close_what_is_old(self) -> None:
        """End processes that have another index, or that end by themselves since nothing waited for long."""
        if self._pool is None:
            return
        if self._version != self._home.extractor.version or time.monotonic() - self._used > IDLE_S / 2:
            self._close()

    def _close(self) -> None:
        if self._pool is not None:
            self._pool.kill()
        self._pool, self._parts, self._opening, self._behind = None, [], [], 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
