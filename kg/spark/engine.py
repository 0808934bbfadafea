"""`kg resolve --engine spark`: the parts of a resolve that grow with the texts, done by the workers of a cluster."""

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from kg.config import EMBEDDED
from kg.home import Home
from kg.projection import sync_graph
from kg.resolve import ResolveSummary
from kg.runs import OpenRun
from kg.spark import edges, linking, unknown
from kg.spark.cluster import Cluster, Workers
from kg.spark.options import SparkOptions
from kg.spark.parquet_out import write_parquet
from kg.spark.records import SparkWorkforce, spark_workforce
from kg.spark.session import spark_session
from kg.spark.shipping import shipped
from kg.spark.taking_documents import DocumentSource, take_documents

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass
class SparkEngine:
    """A cluster that does the work of `resolve`; use as a context manager."""

    options: SparkOptions
    _ending: ExitStack = field(default_factory=ExitStack)
    _spark: "SparkSession | None" = None
    _known: tuple[str, Cluster] | None = None

    def take_documents(self, home: Home, summary: ResolveSummary) -> None:
        """Take in the documents that were named, with their mentions."""
        if self.options.documents:
            source = DocumentSource(self.options.documents, self.options.spans, stored_there(home))
            taken = take_documents(self._session(), self.cluster, home, source)
            summary.taken, summary.bad_rows, summary.errors = taken.rows, taken.bad_rows, taken.errors

    def workforce(self) -> SparkWorkforce:
        """Return the workers, who search and compare the records of a kind."""
        return self._ending.enter_context(spark_workforce(Workers(self._session())))

    def extract_again(self, home: Home) -> int:
        """Read outdated documents again."""
        return linking.extract_again(self.cluster(home), home, stored_there=stored_there(home))

    def decide(self, home: Home, run: OpenRun, summary: ResolveSummary) -> None:
        """Link, cluster what is unknown, and store both."""
        cluster, there = self.cluster(home), stored_there(home)
        with run.stage("link"):
            clustering = linking.link_stale(cluster, home, run, summary, stored_there=there)
        with run.stage("cluster"):
            summary.provisional = unknown.cluster_unknown(cluster, home, run, clustering, stored_there=there)
        summary.changed += clustering.changed
        if self.options.out:
            with run.stage("parquet"):
                write_parquet(cluster, home, sorted(clustering.decided), self.options.out, stored_there=there)

    def draw(self, home: Home, run: OpenRun) -> int:
        """Write what differs in the graph, from edges that the cluster counted."""
        made = edges.mention_side(self.cluster(home), home, stored_there=stored_there(home))
        return sync_graph(home, catalog=True, documents=True, mentions=True, made=made).rows

    def _session(self) -> "SparkSession":
        if self._spark is None:
            self._spark = self._ending.enter_context(spark_session(self.options.master, "kg resolve"))
        return self._spark

    def cluster(self, home: Home) -> Cluster:
        """Return the cluster with the home's present index and settings on its workers."""
        wanted = repr((home.index.version, home.config, home.model.version))
        if self._known is None or self._known[0] != wanted:
            recipe = self._ending.enter_context(shipped(self._session(), home))
            self._known = wanted, Cluster(self._session(), recipe)
        if not stored_there(home):
            return self._known[1]
        recipe = replace(self._known[1].recipe, written_until=home.mentions.written_until())
        return replace(self._known[1], recipe=recipe)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.close()
        self._spark = self._known = None


def stored_there(home: Home) -> bool:
    """Whether workers reach the mention store of a home: an embedded one is a file of the machine of the command."""
    return home.config.mentions != EMBEDDED
