"""Opens the file of the embedded graph: many readers, one writer, and nothing lost when a process is killed."""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Protocol, TypeVar

import ladybug

from loaders.stores.graph.embedded_errors import engine_errors
from loaders.stores.graph.embedded_journal import Change, Journal
from schemas.disk import room_in
from schemas.errors import DiskFullError, StoreRejected, StoreUnavailable

Made = TypeVar("Made")


class Apply(Protocol):
    """Makes a change again, from what the journal holds of it."""

    def __call__(self, connection: ladybug.Connection, change: Change) -> None:
        """Make it; raises RuntimeError, as the engine does."""


@dataclass(frozen=True, slots=True)
class EmbeddedSettings:
    """How the embedded graph runs.

    query_timeout_s:   seconds after which a query is given up, > 0.
    buffer_pool_bytes: memory for pages; 0 lets the engine take up to 80 % of the machine's as it needs them.
    journal_bytes:     changes that may pile up before the file is published while it stays open.
    """

    query_timeout_s: float = 60.0
    buffer_pool_bytes: int = 0
    journal_bytes: int = 256 << 20


class GraphFile:
    """The published file, which readers share, and the working copy of the one process that writes.

    A reader sees what was published when it asks; the writing process sees its own changes at once.
    """

    def __init__(self, path: Path, apply: Apply, *, read_only: bool, settings: EmbeddedSettings) -> None:
        self.store = f"embedded:{path}"
        self._path = path
        self._apply = apply
        self._read_only = read_only
        self._settings = settings
        self._journal = Journal(path)
        self._guard = threading.Condition()
        self._reading = 0  # connections that read from the working copy
        self._lock: IO[bytes] | None = None
        self._writer: ladybug.Database | None = None
        self._reader: ladybug.Database | None = None
        self._reader_is: tuple[int, int, int] | None = None
        self._closed = False
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._recover()

    @contextmanager
    def reading(self) -> Iterator[ladybug.Connection]:
        """Give a connection to read with; raises StoreRejected when there is no graph yet."""
        with self._guard:
            own = self._writer is not None
            database = self._writer or self._newest_reader()
            self._reading += own
        try:
            with self._connection(database) as connection:
                yield connection
        finally:
            with self._guard:
                self._reading -= own
                self._guard.notify_all()

    def exists(self) -> bool:
        """Whether there is anything to read."""
        with self._guard:
            return self._writer is not None or self._path.exists()

    def change(self, change: Change, make: Callable[[ladybug.Connection], Made]) -> Made:
        """Make a change and return what `make` does: then it survives the end of the process, however that comes.

        make: does what `apply` would do with the change.
        """
        with self._guard, self._room():
            database = self._begin()
            entry = self._journal.add(change)
            try:
                made = self._make(database, make)
            except BaseException:
                entry.unlink()
                raise
            if self._journal.size > self._settings.journal_bytes and not self._reading:
                self._publish()
                self._release_lock()
            return made

    def close(self) -> None:
        """Publish what was changed and let others write."""
        with self._guard:
            self._closed = True
            while self._reading:
                self._guard.wait()
            self._reader = None
            try:
                with self._room():
                    self._publish()
            finally:
                self._release_lock()

    @contextmanager
    def _room(self) -> Iterator[None]:
        """Raise DiskFullError on a full disk, and let go of the working copy: the next change makes it anew."""
        try:
            with room_in(self._path):
                yield
        except DiskFullError:
            if self._writer is not None and not self._reading:
                with suppress(RuntimeError):
                    self._writer.close()
                self._writer = None
                self._release_lock()
            raise

    def _recover(self) -> None:
        """Publish what a killed process left; a process that is alive and writing is left alone."""
        if self._journal.pending:
            with suppress(StoreUnavailable), self._guard, self._lock_unless_it_fails(), self._room():
                self._publish_remains()
                self._release_lock()

    def _begin(self) -> ladybug.Database:
        if self._closed:
            raise StoreRejected(self.store, "it is closed; open it again")
        if self._read_only:
            raise StoreRejected(self.store, "it is open for reading only; open it for writing to change it")
        if self._writer is None:
            with self._lock_unless_it_fails():
                self._publish_remains()
                self._journal.begin()
                self._writer = self._open(self._journal.working_copy, read_only=False)
            self._reader = None
        return self._writer

    def _publish_remains(self) -> None:
        self._journal.finish_publishing()
        if self._journal.pending:
            self._journal.begin()
            self._writer = self._open(self._journal.working_copy, read_only=False)
            try:
                self._replay(self._writer)
                self._publish()
            finally:
                self._writer = None

    def _replay(self, database: ladybug.Database) -> None:
        changes = list(self._journal.changes())
        for place, change in enumerate(changes, start=1):
            try:
                self._make(database, partial(self._apply, change=change))
            except StoreRejected as error:
                # The last one may have been refused, and its process killed before it was taken out again.
                if place < len(changes):
                    problem = (
                        f"changes of a process that was killed cannot be made again ({error.problem}); "
                        f"delete {self._journal.working_copy.parent} and rebuild the graph"
                    )
                    raise StoreRejected(self.store, problem) from error

    def _make(self, database: ladybug.Database, make: Callable[[ladybug.Connection], Made]) -> Made:
        with self._connection(database) as connection, engine_errors(self.store):
            connection.execute("BEGIN TRANSACTION")
            try:
                made = make(connection)
                connection.execute("COMMIT")
            except BaseException:
                # The engine has rolled back by itself after some errors, and then refuses to do it again.
                with suppress(RuntimeError):
                    connection.execute("ROLLBACK")
                raise
            return made

    def _publish(self) -> None:
        if self._writer is None:
            return
        with self._connection(self._writer) as connection, engine_errors(self.store):
            connection.execute("CHECKPOINT")
        self._writer.close()
        self._writer = None
        self._journal.publish()

    def _newest_reader(self) -> ladybug.Database:
        if self._closed:
            raise StoreRejected(self.store, "it is closed; open it again")
        try:
            found = self._path.stat()
        except FileNotFoundError:
            raise StoreRejected(self.store, "there is no graph yet; call prepare() first") from None
        now = (found.st_dev, found.st_ino, found.st_mtime_ns)
        if self._reader is None or now != self._reader_is:
            # Another process has published; who still reads the older file keeps it alive.
            self._reader = self._open(self._path, read_only=True)
            self._reader_is = now
        return self._reader

    def _open(self, path: Path, *, read_only: bool) -> ladybug.Database:
        with engine_errors(self.store):
            return ladybug.Database(
                str(path),
                read_only=read_only,
                buffer_pool_size=self._settings.buffer_pool_bytes,
                auto_checkpoint=False,
            )

    @contextmanager
    def _connection(self, database: ladybug.Database) -> Iterator[ladybug.Connection]:
        # Never kept: a connection caches statements with the tables they were given, and crashes on meeting one again.
        with engine_errors(self.store):
            connection = ladybug.Connection(database)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def _lock_unless_it_fails(self) -> Iterator[None]:
        try:
            self._take_lock()
            yield
        except BaseException:
            self._release_lock()
            raise

    def _take_lock(self) -> None:
        path = self._path.with_name(self._path.name + ".lock")
        try:
            lock = path.open("ab+", buffering=0)
        except OSError as error:
            raise StoreUnavailable(self.store, f"{path} cannot be opened: {error.strerror}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            holder = lock.read().decode().strip() or "unknown"
            lock.close()
            problem = (
                f"{self._path} is being written by process {holder}; wait for it to end or stop it, then try again"
            )
            raise StoreUnavailable(self.store, problem) from error
        self._lock = lock
        lock.truncate(0)
        lock.write(str(os.getpid()).encode())

    def _release_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
