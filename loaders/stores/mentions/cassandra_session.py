"""The connection to Cassandra: prepared statements, bounded concurrency, named failures."""

import logging
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from itertools import chain, islice
from typing import Any, TypeVar

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
from cassandra.policies import ConstantReconnectionPolicy, DCAwareRoundRobinPolicy, TokenAwarePolicy
from cassandra.pool import NoConnectionsAvailable
from cassandra.query import ConsistencyLevel, PreparedStatement, tuple_factory

from loaders.stores.mentions.cassandra_batches import BATCH_PARTITIONS, batches
from loaders.stores.mentions.cassandra_stamps import Stamps
from loaders.stores.patience import Patience
from loaders.stores.tls import refuse_unproved, trusting
from schemas.errors import StoreError, StoreRejected, StoreUnavailable

# what the driver logs of nodes that are away is told in kg's words; a handler that was set up gets it all the same
logging.getLogger("cassandra").addHandler(logging.NullHandler())
RECONNECT_S = 1.0
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
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class CassandraSettings:
    """How the driver behaves; times in seconds.

    replication: replicas of the keyspace that `prepare` makes, in `data_center`.
    concurrency: requests in flight at most.
    tls:         whether connections are encrypted; the certificate of a node must name the address it is reached by.
    ca_file:     PEM file of the authorities that are trusted then; "" takes those of the system.
    patience:    waits while no node answers, or too few.
    """

    replication: int = 1
    data_center: str = "datacenter1"
    concurrency: int = 64
    timeout_s: float = 20.0
    tls: bool = False
    ca_file: str = ""
    patience: Patience = field(default_factory=Patience)


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

    stamps:    gives every write its timestamp.
    may_write: asked before rows are written; raises StoreRejected when another has taken over.
    Raises StoreUnavailable when no node answers, StoreRejected when the password is wrong.
    """

    def __init__(self, url: str, hosts: Sequence[str], port: int, keyspace: str, settings: CassandraSettings) -> None:
        self.url = url
        self._hosts, self._port, self._keyspace, self._settings = list(hosts), port, keyspace, settings
        self.stamps = Stamps()
        self.may_write: Callable[[], None] = lambda: None
        self._prepared: dict[str, PreparedStatement] = {}
        self._cluster: Cluster | None = None
        self._session: Session | None = None

    def connect(self, user: str, password: str) -> None:
        """Connect with a user's name and password."""
        own = self._settings
        context = trusting(own.ca_file, "cassandra.ca_file") if own.tls else None
        policy = TokenAwarePolicy(DCAwareRoundRobinPolicy(local_dc=own.data_center))
        profile = ExecutionProfile(
            load_balancing_policy=policy,
            consistency_level=ConsistencyLevel.LOCAL_QUORUM,
            serial_consistency_level=ConsistencyLevel.LOCAL_SERIAL,
            request_timeout=own.timeout_s,
            row_factory=tuple_factory,
        )

        def connected() -> None:
            self.close()
            with self._certified(context), failures(self.url):
                self._cluster = Cluster(
                    self._hosts,
                    port=self._port,
                    auth_provider=PlainTextAuthProvider(user, password),
                    ssl_context=context,
                    execution_profiles={EXEC_PROFILE_DEFAULT: profile},
                    # a node that was away is used again at once, not after the minutes that the default grows to
                    reconnection_policy=ConstantReconnectionPolicy(RECONNECT_S, max_attempts=None),
                    timestamp_generator=self.stamps,
                    connect_timeout=own.timeout_s,
                    control_connection_timeout=own.timeout_s,
                )
                self._session = self._cluster.connect()

        own.patience.keep(connected)

    @contextmanager
    def _certified(self, context: ssl.SSLContext | None) -> Iterator[None]:
        """Tell a refused certificate from a node that is away, where the driver only says that it could not connect."""
        try:
            yield
        except StoreUnavailable:
            if context is not None:
                for host in self._hosts:
                    refuse_unproved(self.url, (host, self._port), context, "cassandra.ca_file")
            raise

    @property
    def session(self) -> Session:
        """The driver's session."""
        if self._session is None:
            raise StoreUnavailable(self.url, "is not connected")
        return self._session

    @property
    def patience(self) -> Patience:
        """How long nodes that are away are waited for."""
        return self._settings.patience

    def create_tables(self) -> None:
        """Create the keyspace and the tables that are missing, and use the keyspace."""
        self._settings.patience.keep(self._create_tables)

    def _create_tables(self) -> None:
        with failures(self.url):
            replication = (
                f"{{'class': 'NetworkTopologyStrategy', '{self._settings.data_center}': {self._settings.replication}}}"
            )
            self.session.execute(f"CREATE KEYSPACE IF NOT EXISTS {self._keyspace} WITH replication = {replication}")
            self.session.set_keyspace(self._keyspace)
            # the server is asked: what the driver remembers is late when another session has just made the keyspace
            asked = "SELECT table_name FROM system_schema.tables WHERE keyspace_name = %s"
            there = {name for (name,) in self.session.execute(asked, (self._keyspace,))}
            for statement in table_statements():
                if statement.split("EXISTS ", 1)[1].split("(", 1)[0].split()[0] not in there:
                    self.session.execute(statement, timeout=120)

    def prepared(self, query: str) -> PreparedStatement:
        """Return a query prepared once, marked as safe to repeat (all of kg's statements are)."""
        if query not in self._prepared:
            statement = self._kept(lambda: self.session.prepare(query))
            statement.is_idempotent = True
            self._prepared[query] = statement
        return self._prepared[query]

    def rows(self, query: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """Yield the rows of a query, page by page."""
        statement, place = self.prepared(query), None
        while True:
            found = self._kept(partial(self.session.execute, statement, values, paging_state=place))
            yield from found.current_rows
            # the place is the server's own, so a page that was read is not read again when the next one must wait
            place = found.paging_state
            if place is None:
                return

    def rows_of_each(self, query: str, values: Iterable[Sequence[object]]) -> Iterator[list[Row]]:
        """Yield the rows of a query for each tuple of values, in order, a bounded number in flight."""
        statement, width = self.prepared(query), self._settings.concurrency
        iterator = iter(values)
        while chunk := list(islice(iterator, 4 * width)):
            yield from self._kept(partial(self._read, statement, chunk, width))

    def _read(self, statement: PreparedStatement, chunk: list[Sequence[object]], width: int) -> list[list[Row]]:
        answers = execute_concurrent_with_args(
            self.session, statement, chunk, concurrency=width, raise_on_first_error=True
        )
        return [list(answer.result_or_exc) for answer in answers]

    def rows_of_keys(self, query: str, keys: Iterable[str]) -> Iterator[Row]:
        """Yield the rows of a query that ends with IN ?, asked for ten keys at a time; in no order."""
        iterator = iter(keys)
        tens = iter(lambda: list(islice(iterator, BATCH_PARTITIONS)), [])
        return chain.from_iterable(self.rows_of_each(query, ((ten,) for ten in tens)))

    def write(self, query: str, values: Iterable[Row], partition: int = 1) -> None:
        """Run a statement for each tuple of values, a bounded number in flight.

        partition: how many of the first values are the partition key. Neighbouring rows of one partition, and of ten
        that have the same first replica, go as one unlogged batch of at most 50 rows and about 40 kB.
        """
        self.write_together([(query, values, partition)])

    def write_together(self, writes: Iterable[tuple[str, Iterable[Row], int]]) -> None:
        """Run statements as `write` does, those of the next while the last of the one before are in flight."""
        requests = chain.from_iterable(
            batches(self.prepared(query), values, partition, self._first_replica) for query, values, partition in writes
        )
        while chunk := list(islice(requests, _WRITES_AT_ONCE)):
            self._kept(partial(self._write, chunk))

    def _first_replica(self, routing_key: bytes) -> object:
        """Return the node that a row's token belongs to; None when the driver does not know the ring."""
        tokens = self._cluster.metadata.token_map if self._cluster is not None else None
        if tokens is None:
            return None
        return next(iter(tokens.get_replicas(self._keyspace, tokens.token_class.from_key(routing_key))), None)

    def _write(self, chunk: list[Any]) -> None:
        self.may_write()
        requests = [(request, ()) for request in chunk]
        execute_concurrent(self.session, requests, concurrency=self._settings.concurrency, raise_on_first_error=True)

    def swap(self, query: str, values: Sequence[object] = ()) -> bool:
        """Run a conditional statement once, without waiting for nodes; returns whether its condition held."""
        statement = self.prepared(query)
        with failures(self.url):
            return bool(self.session.execute(statement, values).was_applied)

    def newest(self, query: str) -> Row | None:
        """Return the row of a query as conditional statements left it, or None; without waiting for nodes."""
        statement = self.prepared(query)
        statement.consistency_level = ConsistencyLevel.LOCAL_SERIAL
        with failures(self.url):
            found: Row | None = self.session.execute(statement).one()
        return found

    def _kept(self, call: Callable[[], Made]) -> Made:
        """Return what a call of the driver returns, made again while nodes are away; it is safe to repeat."""

        def named() -> Made:
            with failures(self.url):
                return call()

        return self._settings.patience.keep(named)

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
