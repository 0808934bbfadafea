"""Documents of a cluster's storage become documents and mentions of a home, as `kg ingest documents` takes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg import runs
from kg.catalog import is_current, refresh_catalog
from kg.files import IngestSummary
from kg.home import Home
from kg.ingest import DocumentInput, count_rows, how_read, run_fingerprint, spans_hash
from kg.spark.choosing_rows import Chosen, chosen_rows
from kg.spark.cluster import Cluster
from kg.spark.cluster_files import ClusterFile, cluster_files, content_digests
from kg.spark.finding_mentions import GivenSpans, brought, found_mentions, given_spans, store_found
from kg.spark.reading_rows import check_columns, placed, read_rows
from kg.spark.session import cluster_failures
from loaders.readers.documents import DocumentOptions, read_document_row
from loaders.readers.row import Row
from loaders.readers.source import Found
from schemas.document import Document
from schemas.errors import DocumentError, InputError
from schemas.identity import content_id
from schemas.run import SourceFile

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_CHARS_A_TASK = 500_000  # some seconds of extraction
_MOST_TASKS = 20_000


@dataclass(frozen=True)
class DocumentSource:
    """What is to be read.

    paths: as in `cluster_files`. spans: file or folder of given mentions, "" extracts.
    stored_there: whether workers reach the mention store, and write there what they find.
    """

    paths: Sequence[str]
    spans: str
    stored_there: bool


def take_documents(
    spark: "SparkSession", cluster_of: Callable[[Home], Cluster], home: Home, source: DocumentSource
) -> IngestSummary:
    """Take in the files that are new or have changed, with their mentions; returns what was taken and what was wrong.

    cluster_of: gives the workers the home's present index. It is a run of the kind "documents", under the id that a
    local ingest of the same local files would have. The caller holds the home's write lock.
    Raises NotFoundError, FormatError, IndexMissingError, WorkerError, StoreError.
    """
    summary = IngestSummary()
    with cluster_failures(str(spark.sparkContext.master)):
        given = given_spans(spark, source.spans, summary) if source.spans else None
        files = _rows_of_files(spark, source, given)
        changed = _changed(home, files, summary)
        fingerprint = run_fingerprint([(row.kind, row.content_hash) for _, row in files])
        killed = runs.interrupted(home.mentions)
        if not changed and not (killed and killed.fingerprint == fingerprint):
            return summary
        run = runs.begin(home.mentions, "documents", fingerprint, {})
        if not is_current(home) and home.mentions.files():
            refresh_catalog(home, run)
        with run.stage("documents"):
            if changed:
                _take(cluster_of(home), home, _Taking(changed, given, source.stored_there), summary)
        for name, number in {**summary.rows, "bad_rows": summary.bad_rows}.items():
            run.count(name, number)
        for name, number in summary.removed.items():
            run.count(f"removed_{name}", number)
        finished = runs.finish(home.mentions, run, index_version=home.index.version)
    summary.run_id, summary.seconds = finished.run_id, dict(finished.seconds)
    return summary


def _rows_of_files(
    spark: "SparkSession", source: DocumentSource, given: GivenSpans | None
) -> list[tuple[ClusterFile, SourceFile]]:
    """Return the files that are there, each with the row that the home will have of it."""
    files = cluster_files(spark, source.paths)
    how = how_read(DocumentInput(source.paths), spans_hash(given.hashes) if given else "")
    digests = content_digests(spark, files)
    return [
        (
            file,
            SourceFile(
                file_id=content_id("file", "documents", "", file.place),
                kind="documents",
                path=file.place,
                source="",
                content_hash=content_id(digests[file.uri], "", how + file.name),
                rows=0,
                bad_rows=0,
                complete=False,
            ),
        )
        for file in files
    ]


def _changed(
    home: Home, files: Sequence[tuple[ClusterFile, SourceFile]], summary: IngestSummary
) -> list[tuple[ClusterFile, SourceFile]]:
    known = {file.file_id: file.content_hash for file in home.mentions.files() if file.complete}
    changed = [(file, row) for file, row in files if known.get(row.file_id) != row.content_hash]
    summary.files["unchanged"] += len(files) - len(changed)
    return changed


@dataclass(frozen=True)
class _Taking:
    files: list[tuple[ClusterFile, SourceFile]]
    given: GivenSpans | None
    stored_there: bool


def _take(cluster: Cluster, home: Home, taking: _Taking, summary: IngestSummary) -> None:
    from pyspark import StorageLevel

    files = [file for file, _ in taking.files]
    check_columns(cluster.spark, files, ("id",))
    read = read_rows(cluster.spark, files, partial(_parse, DocumentOptions()), DocumentError)
    read = read.persist(StorageLevel.DISK_ONLY)
    rows = home.mentions.document_rows()
    owners = dict(zip(rows["id"].to_pylist(), rows["file_id"].to_pylist(), strict=True))
    named = [(file, row.file_id) for file, row in taking.files]
    chosen = chosen_rows(cluster.spark, placed(cluster.spark, read), named, owners, summary)
    stored = [
        replace(row, rows=chosen.good[file.uri], bad_rows=chosen.bad[file.uri])
        for file, row in taking.files
        # nothing in it can be read: what was taken from it before is worth more than nothing
        if chosen.good[file.uri] or not chosen.bad[file.uri]
    ]
    summary.files["refused"] += len(taking.files) - len(stored)
    for row in stored:
        home.mentions.put_file(row)
    documents, mentions = _find(cluster, home, chosen, taking)
    gone = _gone(chosen, owners, {row.file_id for row in stored})
    home.mentions.remove_documents(gone)
    for row in stored:
        home.mentions.put_file(replace(row, complete=True))
    summary.files["taken"] += len(stored)
    count_rows(summary, "documents", documents, len(gone))
    count_rows(summary, "mentions", mentions, 0)
    read.unpersist()


def _parse(options: DocumentOptions, file: ClusterFile, row: Row | InputError) -> tuple[str, Document | DocumentError]:
    return read_document_row(Found(Path(file.place), file.name, file.format), row, options.layout, options)


def _find(cluster: Cluster, home: Home, chosen: Chosen, taking: _Taking) -> tuple[int, int]:
    """Find and store the mentions of the documents that are taken; returns how many of both there are."""
    from pyspark import StorageLevel

    partitions = min(_MOST_TASKS, max(2 * cluster.cores, chosen.chars // _CHARS_A_TASK))
    there = taking.stored_there
    found = found_mentions(cluster.recipe, chosen.rows, taking.given, partitions=partitions, stored_there=there)
    found = found.persist(StorageLevel.DISK_ONLY)
    counted = found.groupBy().sum("documents", "mentions").collect()[0]
    if not taking.stored_there:
        for number, row in enumerate(found.select("file_id", "payload").toLocalIterator(prefetchPartitions=True), 1):
            store_found(home, *brought(row))
            home.progress("documents", number, None)
    found.unpersist()
    return int(counted[0] or 0), int(counted[1] or 0)


def _gone(chosen: Chosen, owners: dict[str, str], files: set[str]) -> list[str]:
    """Return the documents of files that they no longer hold."""
    owned = {doc_id for doc_id, owner in owners.items() if owner in files}
    if not owned:
        return []
    kept = chosen.rows.select("doc_id").toArrow()["doc_id"].to_pylist()
    return sorted(owned.difference(kept))
