"""The connection to Cassandra: prepared statements, bounded concurrency, named failures."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby, islice
from typing import Any

from cassandra import (
    AuthenticationFailed,
    CoordinationFailure,
    OperationTimedOut,
    RequestExecutionException,
    Timeout,
    Unavailable,
    UnresolvableContactPoints,
)
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import (
    EXEC_PROFILE_DEFAULT,
    Cluster,
    ExecutionProfile,
    NoHostAvailable,
    Session,
)
from cassandra.concurrent import execute_concurrent, execute_concurrent_with_args
from cassandra.connection import ConnectionBusy, ConnectionException
from cassandra.policies import DCAwareRoundRobinPolicy, TokenAwarePolicy
from cassandra.pool import NoConnectionsAvailable
from cassandra.query import BatchStatement, BatchType, ConsistencyLevel, PreparedStatement, tuple_factory

from schemas.errors import StoreError, StoreRejected, StoreUnavailable

BATCH_ROWS = 50
BATCH_BYTES = 40_000
_WRITES_AT_ONCE = 4_096

TRANSIENT = (
    NoHostAvailable,
    OperationTimedOut,
    Timeout,
    Unavailable,
    CoordinationFailure,
    ConnectionException,
    UnresolvableContactPoints,
    RequestExecutionException,
    ConnectionBusy,
    NoConnectionsAvailable,
)

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class CassandraSettings:
    """How the driver behaves; times in seconds.

    replication: replicas of the keyspace that `prepare` makes, in `data_center`.
    concurrency: requests in flight at most.
    """

    replication: int = 1
    data_center: str = "datacenter1"
    concurrency: int = 64
    timeout_s: float = 20.0


@contextmanager
def failures(store: str) -> Iterator[None]:
    """Turn the driver's errors into StoreUnavailable or StoreRejected."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        named = named_failure(store, error)
        if named is None:
            raise
        raise named from error


def named_failure(store: str, error: Exception) -> StoreError | None:
    """Return the StoreError for an error of the driver, None for an error of something else."""
    told = getattr(error, "errors", ()) if isinstance(error, NoHostAvailable) else [error]
    causes = list(told.values()) if isinstance(told, dict) else list(told or ())
    if any(isinstance(cause, AuthenticationFailed) for cause in causes):
        hint = "the user or password is wrong (KG_CASSANDRA_USER, KG_CASSANDRA_PASSWORD)"
        return StoreRejected(store, hint)
    if isinstance(error, TRANSIENT):
        return StoreUnavailable(store, _sentence(error))
    ours = type(error).__module__.split(".")[0] == "cassandra"
    return StoreRejected(store, _sentence(error)) if ours else None


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


class CassandraSession:
    """A keyspace that answers: reads and writes by prepared statements.

    Raises StoreUnavailable when no node answers, StoreRejected when the password is wrong.
    """

    def __init__(self, url: str, hosts: Sequence[str], port: int, keyspace: str, settings: CassandraSettings) -> None:
        self.url = url
        self._hosts, self._port, self._keyspace, self._settings = list(hosts), port, keyspace, settings
        self._prepared: dict[str, PreparedStatement] = {}
        self._cluster: Cluster | None = None
        self._session: Session | None = None

    def connect(self, user: str, password: str) -> None:
        """Connect with a user's name and password."""
        policy = TokenAwarePolicy(DCAwareRoundRobinPolicy(local_dc=self._settings.data_center))
        profile = ExecutionProfile(
            load_balancing_policy=policy,
            consistency_level=ConsistencyLevel.LOCAL_QUORUM,
            request_timeout=self._settings.timeout_s,
            row_factory=tuple_factory,
        )
        with failures(self.url):
            self._cluster = Cluster(
                self._hosts,
                port=self._port,
                auth_provider=PlainTextAuthProvider(user, password),
                execution_profiles={EXEC_PROFILE_DEFAULT: profile},
                connect_timeout=self._settings.timeout_s,
                control_connection_timeout=self._settings.timeout_s,
            )
            self._session = self._cluster.connect()

    @property
    def session(self) -> Session:
        """The driver's session."""
        if self._session is None:
            raise StoreUnavailable(self.url, "is not connected")
        return self._session

    def create_tables(self) -> None:
        """Create the keyspace and the tables that are missing, and use the keyspace."""
        with failures(self.url):
            replication = (
                f"{{'class': 'NetworkTopologyStrategy', '{self._settings.data_center}': {self._settings.replication}}}"
            )
            self.session.execute(f"CREATE KEYSPACE IF NOT EXISTS {self._keyspace} WITH replication = {replication}")
            self.session.set_keyspace(self._keyspace)
            there = set(self.session.cluster.metadata.keyspaces[self._keyspace].tables)
            for statement in table_statements():
                if statement.split("EXISTS ", 1)[1].split("(", 1)[0].split()[0] not in there:
                    self.session.execute(statement, timeout=120)

    def prepared(self, query: str) -> PreparedStatement:
        """Return a query prepared once, marked as safe to repeat (all of kg's statements are)."""
        if query not in self._prepared:
            with failures(self.url):
                statement = self.session.prepare(query)
            statement.is_idempotent = True
            self._prepared[query] = statement
        return self._prepared[query]

    def rows(self, query: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """Yield the rows of a query, page by page."""
        with failures(self.url):
            yield from self.session.execute(self.prepared(query), values)

    def rows_of_each(self, query: str, values: Iterable[Sequence[object]]) -> Iterator[list[Row]]:
        """Yield the rows of a query for each tuple of values, in order, a bounded number in flight."""
        statement = self.prepared(query)
        iterator = iter(values)
        while chunk := list(islice(iterator, 4 * self._settings.concurrency)):
            with failures(self.url):
                answers = execute_concurrent_with_args(
                    self.session, statement, chunk, concurrency=self._settings.concurrency, raise_on_first_error=True
                )
                found = [list(answer.result_or_exc) for answer in answers]
            yield from found

    def write(self, query: str, values: Iterable[Sequence[Any]], partition: int = 1) -> None:
        """Run a statement for each tuple of values, a bounded number in flight.

        partition: how many of the first values are the partition key. Neighbouring rows of one partition go as one
        unlogged batch of at most 50 rows and about 40 kB.
        """
        statement = self.prepared(query)
        batches = _batches(statement, values, partition)
        while chunk := list(islice(batches, _WRITES_AT_ONCE)):
            with failures(self.url):
                execute_concurrent(
                    self.session, chunk, concurrency=self._settings.concurrency, raise_on_first_error=True
                )

    def close(self) -> None:
        """Close all connections."""
        if self._cluster is not None:
            self._cluster.shutdown()
            self._cluster = self._session = None


def table_statements() -> list[str]:
    """Return the statements that create the tables, in order."""
    text = files("schemas").joinpath("ddl", "cassandra.cql").read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return [statement.strip() for statement in code.split(";") if statement.strip()]


def _batches(
    statement: PreparedStatement, values: Iterable[Sequence[Any]], partition: int
) -> Iterator[tuple[Any, Sequence[Any]]]:
    for _, rows in groupby(values, key=lambda row: tuple(row[:partition])):
        size, batch = 0, list[Sequence[Any]]()
        for row in rows:
            size += sum(len(value) for value in row if isinstance(value, str | bytes))
            batch.append(row)
            if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
                yield _batch(statement, batch)
                size, batch = 0, []
        if batch:
            yield _batch(statement, batch)


def _batch(statement: PreparedStatement, rows: list[Sequence[Any]]) -> tuple[Any, Sequence[Any]]:
    if len(rows) == 1:
        return statement, rows[0]
    batch = BatchStatement(batch_type=BatchType.UNLOGGED)
    for row in rows:
        batch.add(statement, row)
    batch.is_idempotent = True
    return batch, ()
