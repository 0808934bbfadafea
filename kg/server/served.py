"""The home that is served: what is opened once and shared, and what each request gets for itself.

The graph store, the models and the index serve all threads. A mention store in a file serves one thread at a time, so
each request that reads takes an idle home with its own. What reads the models' own state (extraction, the encoder) goes
one at a time. A change gets stores of its own and publishes them by closing them; then the index is looked at anew.
"""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from kg.config import EMBEDDED, Config
from kg.home import Home, Part
from linkers.index.catalog_index import CURRENT
from loaders.stores.graph.embedded_guarded import GuardedGraph, GuardSettings
from schemas.errors import ConfigError, IndexMissingError


class Served:
    """A home in service; opens the stores at once, so that what is wrong is known before the first request.

    Raises ConfigError when the folder of the home is not there, StoreError.
    """

    def __init__(self, config: Config) -> None:
        if not config.home.is_dir():
            problem = f"{str(config.home)!r} is not there; `kg ingest catalog FILE` makes it, --home names another"
            raise ConfigError("home", problem)
        self.config = config
        self.models = threading.Lock()
        self._renewing = threading.Lock()
        self._root = Home(config)
        _prepare(config)
        shared: list[Part] = ["graph", "encoder", "model"]
        self._shared = shared if config.mentions == EMBEDDED else [*shared, "mentions"]
        self._main = self._root.beside(*self._shared)
        self._version = ""
        self._idle: queue.SimpleQueue[Home] = queue.SimpleQueue()
        self.renew()

    @property
    def index_version(self) -> str:
        """Version of the index in service, "" when there is none."""
        return self._version

    @property
    def index_size(self) -> int:
        """Entities of the index in service, 0 when there is none."""
        return self._main.index.size if self._version else 0

    @property
    def encodes(self) -> bool:
        """Whether a sentence-transformer is in service."""
        return self._main.encoder is not None

    @contextmanager
    def reading(self) -> Iterator[Home]:
        """Give a home to read with, for one thread at a time."""
        home = self._take()
        try:
            yield home
        finally:
            if home.__dict__.get("index") is self._main.__dict__.get("index"):
                self._idle.put(home)
            else:
                home.close()

    @contextmanager
    def changing(self) -> Iterator[Home]:
        """Give a home to change; what it changed is seen by every request after the block."""
        with self._root.beside("encoder", "model") as home:
            yield home
        self.renew()

    def current_version(self) -> str:
        """Return the version that the index has on disk, "" without one; costs one small read."""
        try:
            return (self.config.home / "index" / CURRENT).read_text(encoding="ascii").strip()
        except OSError:
            return ""

    @property
    def outdated(self) -> bool:
        """Whether another index is current on disk than the one in service."""
        return self.current_version() != self._version

    def renew(self) -> None:
        """Take the current index into service, with an extractor over it; requests that run keep the former."""
        with self._renewing:
            if self._version and not self.outdated:
                return
            fresh = self._root.beside(*self._shared)
            try:
                version = fresh.index.version
                _ = fresh.extractor
            except IndexMissingError:
                version = ""
            self._main, self._version = fresh, version
        self._drop_idle()

    def close(self) -> None:
        """Release everything; no request may run any more."""
        self._drop_idle()
        self._root.close()

    def _take(self) -> Home:
        while True:
            try:
                home = self._idle.get_nowait()
            except queue.Empty:
                parts: tuple[Part, ...] = ("index", "extractor") if self._version else ()
                return self._main.beside(*self._shared, *parts)
            if home.__dict__.get("index") is self._main.__dict__.get("index"):
                return home
            home.close()

    def _drop_idle(self) -> None:
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return


def _prepare(config: Config) -> None:
    """Make the tables that are missing, and publish them: who reads an embedded graph sees what was published."""
    with Home(config) as home:
        _ = home.graph, home.mentions


def guarded_graph(config: Config) -> GuardedGraph | None:
    """Return what asks an embedded graph the queries of strangers; None for a server, which has bounds of its own."""
    if config.graph != EMBEDDED:
        return None
    serve = config.serve
    settings = GuardSettings(timeout_s=serve.query_timeout_s, memory_bytes=serve.query_memory_mb << 20)
    guarded = GuardedGraph(config.home / "graph.lbug", config.ontology, settings)
    guarded.start()
    return guarded
