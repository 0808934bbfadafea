"""A home: the stores, the index and the models that a configuration names, opened when they are first used."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeVar

from kg.config import EMBEDDED, Config
from kg.observing.store_calls import watched_store
from kg.progress import Progress, silent
from kg.store_url import cassandra_address, check_graph_url
from kg.write_lock import WriteLock, this_process
from linkers.encoding import Encoder
from linkers.extraction.extractor import Extractor
from linkers.extraction.settings import ExtractionSettings
from linkers.extraction.worker_pool import ExtractionPool
from linkers.index import CatalogIndex
from linkers.linking import LinkSettings
from linkers.scoring.model import LinkerModel
from loaders.stores.patience import Patience, Tell, untold
from schemas.errors import ConfigError, IndexMissingError
from schemas.protocols import GraphStore, MentionStore, VectorGraph
from schemas.record_decisions import RecordDecisions

Store = TypeVar("Store", GraphStore, MentionStore)
Part = Literal["graph", "mentions", "encoder", "model", "index", "extractor"]


class Home:
    """The one place that chooses which store, index and model serve.

    config:   what to open; nothing is opened before it is used.
    progress: told how far long work has come.
    tell:     given a sentence about a server that is away, and when it answers again.
    Use it as a context manager, or call `close`.
    """

    def __init__(self, config: Config, progress: Progress = silent, tell: Tell = untold) -> None:
        self.config = config
        self.progress = progress
        self.tell = tell
        self._borrowed: frozenset[str] = frozenset()

    def beside(self, *parts: Part) -> "Home":
        """Return a home of the same configuration that uses these parts of this one instead of opening its own.

        This home opens the parts that it has not opened yet; it alone closes them, and must outlive the other.
        """
        other = Home(self.config, self.progress, self.tell)
        other.__dict__.update({part: getattr(self, part) for part in parts})
        other._borrowed = frozenset(parts)
        return other

    @property
    def folder(self) -> Path:
        """The folder of the home, made when it is missing."""
        try:
            self.config.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError("home", f"{str(self.config.home)!r} cannot be made: {error.strerror}") from error
        return self.config.home

    @property
    def exists(self) -> bool:
        """Whether the folder of the home is there; asking does not make it."""
        return self.config.home.is_dir()

    @property
    def index_folder(self) -> Path:
        """Folder of the catalog index."""
        return self.folder / "index"

    @cached_property
    def graph(self) -> GraphStore:
        """The graph store, prepared."""
        return _prepared(watched_store(self._open_graph(), "graph", (GraphStore, VectorGraph)))

    @cached_property
    def mentions(self) -> MentionStore:
        """The mention store, prepared."""
        return _prepared(watched_store(self._open_mentions(), "mentions", (MentionStore, RecordDecisions)))

    @cached_property
    def encoder(self) -> Encoder | None:
        """The sentence-transformer, None when the configuration does without."""
        name = self.config.models.encoder
        return None if name == "none" else Encoder.load(name)

    @cached_property
    def model(self) -> LinkerModel:
        """The fitted weights that decide."""
        return LinkerModel.load(self.config.models.linker)

    @cached_property
    def index(self) -> CatalogIndex:
        """The catalog index; raises IndexMissingError before the first catalog was ingested."""
        try:
            return CatalogIndex.open(self.index_folder)
        except IndexMissingError as error:
            hint = "no catalog yet: run `kg ingest catalog FILE`, or name the home by --home"
            raise IndexMissingError(self.index_folder, hint) from error

    @cached_property
    def extractor(self) -> Extractor:
        """The extractor over the current index."""
        return Extractor.load(self.config.models.spacy, self.index, self._extraction_settings)

    def extraction_pool(self, workers: int) -> ExtractionPool:
        """Return processes that find what `extractor` finds, over the current index."""
        own = self.config.models.spacy, self.index_folder, self.index.version, self._extraction_settings
        return ExtractionPool(*own, workers=workers)

    @property
    def _extraction_settings(self) -> ExtractionSettings:
        return ExtractionSettings(ontology=self.config.ontology)

    @property
    def link_settings(self) -> LinkSettings:
        """How mentions are decided."""
        return LinkSettings(precision=self.config.resolve.precision, ontology=self.config.ontology)

    def use_index(self, index: CatalogIndex) -> None:
        """Take a newly built index into use, with an extractor over it."""
        self.__dict__["index"] = index
        self.__dict__.pop("extractor", None)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to write to the home; a stream of the home makes way between two batches.

        Raises StoreHeld when another process has it, and says which.
        """
        lock = WriteLock(self.folder)
        lock.acquire()
        try:
            with self.mentions.writing(this_process(self.folder), shared=False):
                yield
        finally:
            lock.release()

    def publish_graph(self) -> None:
        """Let other processes see and write an embedded graph; it is opened again when it is next used."""
        if self.config.graph == EMBEDDED and "graph" in self.__dict__ and "graph" not in self._borrowed:
            self.__dict__.pop("graph").close()

    def _open_graph(self) -> GraphStore:
        url = self.config.graph
        if url == EMBEDDED:
            from loaders.stores.graph.embedded import EmbeddedGraph

            return EmbeddedGraph(self.folder / "graph.lbug", self.config.ontology)
        from loaders.stores.graph.neo4j import Neo4jGraph, Neo4jSettings

        user, password = _credentials("NEO4J", "neo4j")
        return Neo4jGraph(
            check_graph_url(url),
            self.config.ontology,
            user=user,
            password=password,
            database=self.config.neo4j.database,
            settings=Neo4jSettings(
                query_timeout_s=self.config.neo4j.query_timeout_s,
                ca_file=self.config.neo4j.ca_file,
                patience=self._patience,
            ),
        )

    def _open_mentions(self) -> MentionStore:
        if self.config.mentions == EMBEDDED:
            from loaders.stores.mentions.embedded import EmbeddedMentions

            return EmbeddedMentions(self.folder / "mentions.sqlite")
        from loaders.stores.mentions.cassandra import CassandraMentions, CassandraSettings

        address = cassandra_address(self.config.mentions)
        user, password = _credentials("CASSANDRA", "cassandra")
        own = self.config.cassandra
        settings = CassandraSettings(
            replication=own.replication,
            data_center=own.data_center,
            concurrency=own.concurrency,
            timeout_s=own.timeout_s,
            tls=own.tls,
            ca_file=own.ca_file,
            patience=self._patience,
        )
        return CassandraMentions(
            address.hosts, address.port, address.keyspace, user=user, password=password, settings=settings
        )

    @property
    def _patience(self) -> Patience:
        return Patience(self.config.stores.patience_s, self.tell)

    def close(self) -> None:
        """Release what was opened."""
        for name in ("graph", "mentions"):
            store = self.__dict__.pop(name, None)
            if store is not None and name not in self._borrowed:
                store.close()
        for name in ("index", "extractor", "encoder", "model"):
            self.__dict__.pop(name, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _prepared(store: Store) -> Store:
    try:
        store.prepare()
    except BaseException:
        store.close()
        raise
    return store


def _credentials(store: str, default_user: str) -> tuple[str, str]:
    return os.environ.get(f"KG_{store}_USER", default_user), os.environ.get(f"KG_{store}_PASSWORD", "")
