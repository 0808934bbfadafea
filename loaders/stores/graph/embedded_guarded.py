"""Queries that strangers write, asked of the embedded graph in a process of its own.

The engine gives up a query that takes too long only between the steps of its plan, so that one expression can hold it
for minutes; it takes what memory an expression asks for; and it falls on its stack when one is nested deep enough. None
of that may take the process along that asks, so the question goes to one that is ended when it is late or too large.
"""

import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import LifoQueue
from typing import Any

import orjson
import psutil

from loaders.stores.graph.embedded import EmbeddedGraph
from loaders.stores.graph.embedded_file import EmbeddedSettings
from schemas.errors import KgError, QueryError, StoreRejected, StoreUnavailable
from schemas.ontology import Ontology
from schemas.protocols import QueryResult

_LOOK_S = 0.02
_START_S = 60.0
_NO_MEMORY = "Unable to allocate memory"
_ERRORS = {"QueryError": QueryError, "StoreUnavailable": StoreUnavailable, "StoreRejected": StoreRejected}


@dataclass(frozen=True, slots=True)
class GuardSettings:
    """Bounds of a query.

    timeout_s:    seconds after which it is given up. memory_bytes: memory that its process may take.
    answer_bytes: largest answer, as JSON. processes: queries at a time; one more waits.
    """

    timeout_s: float = 10.0
    memory_bytes: int = 2 << 30
    answer_bytes: int = 32 << 20
    processes: int = 2


class GuardedGraph:
    """Reads an embedded graph by processes that are started when needed, kept, and ended when a query is out of bounds.

    path, ontology: as of EmbeddedGraph. May be used by several threads.
    """

    def __init__(self, path: Path, ontology: Ontology, settings: GuardSettings | None = None) -> None:
        self._path = path
        self._ontology = ontology
        self._settings = settings or GuardSettings()
        self._idle: LifoQueue[_Reader | None] = LifoQueue()
        for _ in range(self._settings.processes):
            self._idle.put(None)

    def start(self) -> None:
        """Start a process, so that the first query does not wait for one. Raises StoreError."""
        reader = self._idle.get()
        self._idle.put(reader or _Reader(self._path, self._ontology, self._settings))

    def query(self, cypher: str, parameters: Mapping[str, Any] | None = None, *, limit: int) -> QueryResult:
        """Run a query that reads; at most `limit` rows. Values are those of JSON: what is no number is null.

        Raises QueryError on bad Cypher, on any write, and on a query out of bounds; StoreError.
        """
        try:
            question = orjson.dumps([cypher, dict(parameters or {}), limit])
        except (TypeError, ValueError) as error:
            raise QueryError(f"a parameter cannot be given: {error}", cypher) from error
        reader = self._idle.get()
        try:
            reader = reader or _Reader(self._path, self._ontology, self._settings)
            return reader.ask(cypher, question)
        finally:
            if reader is not None and not reader.alive:
                reader.end()
                reader = None
            self._idle.put(reader)

    def close(self) -> None:
        """End the processes, after the queries that run."""
        readers = [self._idle.get() for _ in range(self._settings.processes)]
        for reader in readers:
            if reader is not None:
                reader.end()
            self._idle.put(None)


class _Reader:
    """One process and the pipe to it."""

    def __init__(self, path: Path, ontology: Ontology, settings: GuardSettings) -> None:
        self._settings = settings
        self._store = f"embedded:{path}"
        ours, theirs = socket.socketpair()
        with theirs:
            # started by name and not by multiprocessing, which would load the program that asks once more
            command = [sys.executable, "-P", "-m", __name__, str(theirs.fileno())]
            self._process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], env=os.environ | {"PYTHONPATH": _python_path()}
            )
        self._pipe = Connection(ours.detach())
        self._pipe.send((path, ontology, settings))
        self._answer(QueryError("the engine did not start in time"), _START_S)

    @property
    def alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None and not self._pipe.closed

    def ask(self, cypher: str, question: bytes) -> QueryResult:
        """Send a question and return its answer; a process that is late, too large or gone is ended."""
        try:
            self._pipe.send_bytes(question)
        except OSError as error:
            self.end()
            raise StoreUnavailable(self._store, "its process has ended; ask again") from error
        late = QueryError(f"it took longer than {self._settings.timeout_s:g} seconds; ask for less", cypher)
        kind, *rest = self._answer(late, self._settings.timeout_s)
        if kind == "rows":
            columns, rows, truncated = rest
            return QueryResult(tuple(columns), [tuple(row) for row in rows], truncated)
        if kind == "QueryError":
            raise QueryError(rest[0], cypher)
        raise _ERRORS.get(kind, StoreRejected)(self._store, rest[0])

    def end(self) -> None:
        """Stop the process at once."""
        self._pipe.close()
        self._process.kill()
        self._process.wait()

    def _answer(self, late: QueryError, seconds: float) -> list[Any]:
        until = time.monotonic() + seconds
        watched = psutil.Process(self._process.pid)
        try:
            while not self._pipe.poll(_LOOK_S):
                if time.monotonic() > until:
                    raise late
                if watched.memory_info().rss > self._settings.memory_bytes:
                    most = self._settings.memory_bytes >> 20
                    raise QueryError(f"it took more than {most:,} MB of memory; ask for less", late.query)
            answer: list[Any] = orjson.loads(self._pipe.recv_bytes())
        except (EOFError, OSError, psutil.Error) as error:
            self.end()
            raise QueryError(
                "the engine cannot do it: it is nested too deep, or asks for too much", late.query
            ) from error
        except QueryError:
            self.end()
            raise
        return answer


def _python_path() -> str:
    """Return where a new Python finds this package, first of all."""
    here = str(Path(__file__).resolve().parents[3])
    return os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])


def _serve(pipe: Connection) -> None:
    """Answer questions until the pipe is closed: the life of the process."""
    with suppress(EOFError, OSError, KeyboardInterrupt):
        path, ontology, settings = pipe.recv()
        own = EmbeddedSettings(query_timeout_s=settings.timeout_s, buffer_pool_bytes=settings.memory_bytes // 2)
        graph = EmbeddedGraph(path, ontology, read_only=True, settings=own)
        pipe.send_bytes(b"[]")
        while True:
            cypher, parameters, limit = orjson.loads(pipe.recv_bytes())
            pipe.send_bytes(_answered(graph, cypher, parameters, limit, settings.answer_bytes))


def _answered(graph: EmbeddedGraph, cypher: str, parameters: dict[str, Any], limit: int, most: int) -> bytes:
    try:
        found = graph.query(cypher, parameters, limit=limit)
        answer = orjson.dumps(["rows", found.columns, found.rows, found.truncated], default=_plain)
    except KgError as error:
        problem = getattr(error, "problem", str(error))
        if isinstance(error, StoreUnavailable) and _NO_MEMORY in problem:
            return orjson.dumps(["QueryError", "it needs more memory than a query may have; ask for less"])
        return orjson.dumps([type(error).__name__, problem])
    except (TypeError, ValueError, OverflowError) as error:
        return orjson.dumps(["QueryError", f"its answer cannot be told in JSON: {error}"])
    if len(answer) > most:
        return orjson.dumps(["QueryError", f"its answer is larger than {most >> 20:,} MB; ask for less"])
    return answer


def _plain(value: object) -> object:
    if isinstance(value, int):
        return float(value) if math.isfinite(float(value)) else None
    return str(value)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asks, and the pipe tells of its end
    _serve(Connection(int(sys.argv[1])))
