"""Extraction in several processes: each opens the index and the models for itself, and reads parts of the texts."""

import gc
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from linkers.extraction.extractor import Extractor
from linkers.extraction.rows import joined
from linkers.extraction.settings import ExtractionSettings
from linkers.index import CatalogIndex
from schemas.document import Document
from schemas.errors import WorkerError

TASK_CHARS = 60_000  # a second or two of work: short enough to share out evenly, long enough to be worth sending
_MOST_WORKERS = 8
IDLE_S = 60  # workers with nothing to do end by themselves after so long, also when their parent was killed

_LISTEN_S = 0.5
_NICE = 5  # the parent stores what was read, and what is read ahead can wait for that

_own: list[Extractor] = []


def usable_cores() -> int:
    """Return how many processes may work at once here, 1 to 8: each holds its own models, about half a gigabyte."""
    return min(len(os.sched_getaffinity(0)), _MOST_WORKERS)


class ExtractionPool:
    """Processes that extract; the same documents give the same mentions as an Extractor in this process.

    spacy:        name or folder of the spaCy pipeline.
    index_folder: folder of the index's versions; `index_version` is the one that must be current.
    Processes are started anew, never forked, so that no lock or thread of this one is copied. Use as a context
    manager: leaving it, also by an error or Ctrl-C, drops what was not begun and ends the processes within seconds.
    """

    def __init__(
        self, spacy: str, index_folder: Path, index_version: str, settings: ExtractionSettings, *, workers: int
    ) -> None:
        self.workers = workers
        self._begun: list[Future[pa.Table]] = []
        # loaded here, since every command would wait for it
        from joblib.externals.loky import ProcessPoolExecutor

        self._executor = ProcessPoolExecutor(
            max_workers=workers,
            timeout=IDLE_S,
            initializer=_open,
            initargs=(spacy, index_folder, index_version, settings),
            env={"OMP_NUM_THREADS": "1"},  # one thread a process; more would only take each other's cores
        )

    def submit(self, documents: Sequence[Document]) -> "list[Future[pa.Table]]":
        """Begin to extract; returns tasks for `mentions`. Raises WorkerError when the processes have ended."""
        try:
            tasks = [self._executor.submit(_extract, part) for part in _parts(documents)]
        except BrokenProcessPool as error:
            raise _ended(error) from error
        self._begun = [*(task for task in self._begun if not task.done()), *tasks]
        return tasks

    def mentions(self, tasks: "Sequence[Future[pa.Table]]") -> pa.Table:
        """Wait for tasks; returns their MENTIONS, ordered by (doc_id, start, end).

        Raises WorkerError when a process ended before its work did, and what extraction itself raises.
        """
        try:
            for task in tasks:
                while not wait([task], timeout=_LISTEN_S).done:
                    pass  # awake from time to time: a waiting main thread may not hear Ctrl-C
            return joined([task.result() for task in tasks])
        except BrokenProcessPool as error:
            raise _ended(error) from error

    def kill(self) -> None:
        """End the processes at once, whatever they are doing."""
        # killed like this the executor ends in order; its own kill_workers fails while work is pending
        for pid in list(self._executor._processes):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._executor.shutdown(wait=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.kill()
            return
        for task in self._begun:
            task.cancel()
        self._executor.shutdown(wait=True)


def _ended(error: BaseException) -> WorkerError:
    return WorkerError(
        "extraction",
        "a worker process ended before its work was done (killed, or out of memory); "
        f"what was stored before stays, run the command again to go on ({str(error).splitlines()[0]})",
    )


def _parts(documents: Sequence[Document]) -> Iterator[list[Document]]:
    part: list[Document] = []
    size = 0
    for document in documents:
        if part and size + len(document.text) > TASK_CHARS:
            yield part
            part, size = [], 0
        part.append(document)
        size += len(document.text)
    if part:
        yield part


def _open(spacy: str, index_folder: Path, index_version: str, settings: ExtractionSettings) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of the terminal; the parent ends us
    os.nice(_NICE)
    index = CatalogIndex.open(index_folder)
    if index.version != index_version:
        raise WorkerError("extraction", f"the index became {index.version!r} where {index_version!r} was expected")
    _own[:] = [Extractor.load(spacy, index, settings)]
    gc.freeze()  # the models stay; the collector need not walk them again and again


def _extract(documents: Sequence[Document]) -> pa.Table:
    return _own[0].extract(documents)
