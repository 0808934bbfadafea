"""Turns what the embedded engine raises, always a RuntimeError with a sentence, into kg's errors."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from schemas.disk import is_full
from schemas.errors import DiskFullError, KgError, QueryError, StoreRejected, StoreUnavailable

# Beginnings or parts of the engine's sentences; a sentence that is not here means that the same call fails again.
_TRANSIENT = (
    "Could not set lock on file",
    "Buffer manager exception",
    "Timeout waiting for active transactions",
    "Cannot start a new write transaction",
    "Cannot open database in read-only mode while checkpoint",
)
_WRITES = ("write query inside a read-only transaction", "write operations in a read-only database")
_LATE = "Interrupted"
_EXPECTED = re.compile(r" expecting \{.*\}")  # every keyword of the language: no help
_NO_TABLE = "does not exist"


@contextmanager
def engine_errors(store: str) -> Iterator[None]:
    """Raise StoreUnavailable or StoreRejected for what the engine raises inside."""
    try:
        yield
    except RuntimeError as error:
        raise store_error(store, str(error)) from error


@contextmanager
def query_errors(store: str, query: str, timeout_s: float) -> Iterator[None]:
    """Raise QueryError for what the engine says of a user's query, StoreUnavailable for what may pass."""
    try:
        yield
    except KgError:
        raise
    except (RuntimeError, ValueError, TypeError) as error:
        raise _query_error(store, str(error), query, timeout_s) from error


def store_error(store: str, sentence: str) -> StoreUnavailable | StoreRejected:
    """Return the error that an engine's sentence stands for."""
    if is_full(RuntimeError(sentence)):
        return DiskFullError(store)
    if _transient(sentence):
        return StoreUnavailable(store, _line(sentence))
    hint = "; call prepare() first" if _NO_TABLE in sentence else ""
    return StoreRejected(store, _line(sentence) + hint)


def _query_error(store: str, sentence: str, query: str, timeout_s: float) -> KgError:
    if _transient(sentence):
        return StoreUnavailable(store, _line(sentence))
    if any(part in sentence for part in _WRITES):
        return QueryError("it writes, and only reading is allowed; allow writing (--write) if you mean it", query)
    if _LATE in sentence:
        return QueryError(f"it took longer than {timeout_s:g} seconds; ask for less", query)
    return QueryError(_line(sentence), query)


def _transient(sentence: str) -> bool:
    return any(part in sentence for part in _TRANSIENT)


def _line(sentence: str) -> str:
    return _EXPECTED.sub("", sentence.strip().split("\n", 1)[0])
