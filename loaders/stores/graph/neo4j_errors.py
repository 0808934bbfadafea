"""Turns what the Neo4j driver raises into kg's errors."""

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    BrokenRecordError,
    ClientError,
    ConfigurationError,
    ConnectionPoolError,
    DatabaseError,
    DriverError,
    Forbidden,
    Neo4jError,
    ResultError,
    ServiceUnavailable,
    SessionError,
    SessionExpired,
    TransactionError,
    TransientError,
)

from loaders.stores.tls import tls_failure
from schemas.errors import KgError, QueryError, StoreRejected, StoreUnavailable

STORE_ERRORS: dict[type[Exception], type[StoreUnavailable | StoreRejected]] = {
    ServiceUnavailable: StoreUnavailable,
    SessionExpired: StoreUnavailable,
    ConnectionPoolError: StoreUnavailable,
    TransientError: StoreUnavailable,
    BrokenRecordError: StoreRejected,
    ClientError: StoreRejected,
    ConfigurationError: StoreRejected,
    DatabaseError: StoreRejected,
    ResultError: StoreRejected,
    SessionError: StoreRejected,
    TransactionError: StoreRejected,
}
"""What an error of the driver, or of a class below it, stands for."""

CA_SETTING = "neo4j.ca_file"
_LATE = "Neo.ClientError.Transaction.TransactionTimedOut"
_READ_ACCESS = "Neo.ClientError.Statement.AccessMode"
_ABOUT_THE_STORE = ("Neo.ClientError.Security.", "Neo.ClientError.Database.", "Neo.ClientError.Cluster.")


@contextmanager
def driver_errors(store: str) -> Iterator[None]:
    """Raise StoreUnavailable or StoreRejected for what the driver or the server raises inside."""
    try:
        yield
    except (DriverError, Neo4jError) as error:
        raise store_error(store, error) from error


@contextmanager
def query_errors(store: str, query: str, timeout_s: float) -> Iterator[None]:
    """Raise QueryError for what is wrong with a user's query, and as driver_errors for what is not its fault."""
    try:
        yield
    except KgError:
        raise
    except (DriverError, Neo4jError) as error:
        raise _query_error(store, error, query, timeout_s) from error
    except (ValueError, TypeError, OverflowError) as error:
        raise QueryError(str(error), query) from error


def store_error(store: str, error: DriverError | Neo4jError) -> StoreUnavailable | StoreRejected:
    """Return the error that a driver's error stands for; one of an unknown class will fail again."""
    if refused := tls_failure(store, error, CA_SETTING):
        return refused
    kind = next((STORE_ERRORS[base] for base in type(error).__mro__ if base in STORE_ERRORS), StoreRejected)
    hint = "; check KG_NEO4J_USER and KG_NEO4J_PASSWORD" if isinstance(error, AuthError | Forbidden) else ""
    return kind(store, _sentence(error) + hint)


def _query_error(store: str, error: DriverError | Neo4jError, query: str, timeout_s: float) -> KgError:
    code = getattr(error, "code", None) or ""
    if code.startswith(_LATE):
        return QueryError(f"it took longer than {timeout_s:g} seconds; ask for less", query)
    if code == _READ_ACCESS:
        return QueryError("it writes, and only reading is allowed; allow writing (--write) if you mean it", query)
    if isinstance(error, ClientError) and not code.startswith(_ABOUT_THE_STORE):
        return QueryError(_sentence(error), query)
    return store_error(store, error)


def _sentence(error: DriverError | Neo4jError) -> str:
    text = getattr(error, "message", None) or str(error) or type(error).__name__
    return text.strip().split("\n", 1)[0].rstrip(":")
