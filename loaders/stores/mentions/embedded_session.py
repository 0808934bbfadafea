"""The connection to the file of an embedded home: named failures, transactions."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from schemas.errors import DiskFullError, StoreRejected, StoreUnavailable

BUSY_TIMEOUT_S = 10.0
WAL_PAGES = 16_384
"""Pages of 4 KB that are noted beside the file before they go into it: the same page changes many times in between."""
_TRANSIENT = ("locked", "busy", "unable to open")
_FULL = "database or disk is full"


class EmbeddedSession:
    """One SQLite file in WAL mode that answers.

    path: the file; made when it is missing. Raises StoreUnavailable when it is locked, DiskFullError when there is no
    room, StoreRejected when it is not a database.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._failures():
            self._db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")

    @property
    def url(self) -> str:
        """Path of the file."""
        return str(self._path)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if _FULL in str(error):
                raise DiskFullError(str(self._path)) from error
            transient = isinstance(error, sqlite3.OperationalError) and any(t in str(error) for t in _TRANSIENT)
            kind = StoreUnavailable if transient else StoreRejected
            raise kind(str(self._path), str(error)) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all of a block or nothing."""
        with self._failures():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                # on a full disk the engine has rolled back by itself
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _all(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._failures():
            return self._db.execute(query, values).fetchall()

    def close(self) -> None:
        """Release the file."""
        self._db.close()
