"""Mentions of documents that Spark has read: found or given on the workers, stored there or brought to the driver."""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from kg.extraction import FoundMentions, find_mentions
from kg.files import ERRORS_KEPT, IngestSummary
from kg.frames import frame
from kg.home import Home
from kg.ingest import document_spans_hash
from kg.spark.cluster import DOCUMENTS_AN_ITEM, Batches, packed, unpacked
from kg.spark.cluster_files import ClusterFile, cluster_files
from kg.spark.reading_rows import check_columns, placed, read_rows
from kg.spark.shipping import WorkerRecipe, opened_home
from loaders.readers.row import Row
from loaders.readers.spans import read_span_row
from schemas.document import Document
from schemas.errors import InputError, SpanError
from schemas.span import Span

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FOUND = "file_id string, documents long, mentions long, payload binary"
_CHARS_AT_ONCE = 60_000  # of documents in a worker's memory


@dataclass(frozen=True)
class GivenSpans:
    """Given mentions: a row a document (doc_id, spans: each pickled), and a hash of each document's."""

    rows: "DataFrame"
    hashes: dict[str, str]


def given_spans(spark: "SparkSession", path: str, summary: IngestSummary) -> GivenSpans:
    """Read given mentions; rows that are none are counted. Raises NotFoundError, FormatError."""
    from pyspark.sql import functions as f

    files = cluster_files(spark, [path])
    check_columns(spark, files, ("doc_id", "start", "end"))
    rows = placed(spark, read_rows(spark, files, _parse_span, SpanError)).cache()
    wrong = rows.filter("problem != ''")
    places = {file.uri: file.place for file in files}
    for row in wrong.orderBy("file", "at").limit(ERRORS_KEPT).collect():
        summary.refuse(SpanError(places[row["file"]], row["problem"], row["at"]))
    if summary.bad_rows == ERRORS_KEPT:
        summary.bad_rows = wrong.count()
    grouped = rows.filter("problem = ''").groupBy("doc_id").agg(f.collect_list("body").alias("spans")).cache()
    hashed = frame(grouped.mapInArrow(_hashes, "doc_id string, hash string").toArrow())
    return GivenSpans(grouped, dict(hashed.iter_rows()))


def _parse_span(file: ClusterFile, row: Row | InputError) -> tuple[str, tuple[int, int, str] | InputError]:
    found = read_span_row(Path(file.uri), row)
    return ("", found) if isinstance(found, InputError) else (found.doc_id, (found.start, found.end, found.type))


def _spans(doc_id: str, pickled: Sequence[bytes] | None) -> list[Span]:
    return [Span(doc_id, *span) for span in sorted(pickle.loads(each) for each in pickled or ())]


def _hashes(batches: Batches) -> Batches:
    for batch in batches:
        ids = batch["doc_id"].to_pylist()
        hashes = [document_spans_hash(_spans(*row)) for row in zip(ids, batch["spans"].to_pylist(), strict=True)]
        yield pa.RecordBatch.from_pydict({"doc_id": pa.array(ids, pa.string()), "hash": pa.array(hashes, pa.string())})


def found_mentions(
    recipe: WorkerRecipe, documents: "DataFrame", given: GivenSpans | None, *, partitions: int, stored_there: bool
) -> "DataFrame":
    """Return FOUND rows, some documents each: how many documents and mentions, and these where they are not stored.

    documents: file_id, doc_id and body of READ rows. stored_there: whether workers write them to the mention store.
    """
    rows = documents.select("file_id", "doc_id", "body")
    if given:
        rows = rows.join(given.rows, "doc_id", "left")
    work = partial(_found, recipe, given is not None, stored_there)
    return rows.repartition(partitions).mapInArrow(work, FOUND)


def _found(recipe: WorkerRecipe, given: bool, stored_there: bool, batches: Batches) -> Batches:
    home = opened_home(recipe)
    for file_id, documents, pickled in _chunks(batches):
        spans = {i: _spans(i, each) for i, each in pickled.items()} if given else None
        found = find_mentions(home, documents, spans, home.extractor.extract)
        payload = b"" if stored_there else pickle.dumps((documents, found.keys, packed(found.table)))
        if stored_there:
            store_found(home, file_id, documents, found)
        row = {"file_id": file_id, "documents": len(documents), "mentions": found.table.num_rows, "payload": payload}
        yield pa.RecordBatch.from_pylist([row])


def store_found(home: Home, file_id: str, documents: Sequence[Document], found: FoundMentions) -> None:
    """Write documents and their mentions to the mention store."""
    home.mentions.put_documents(file_id, documents)
    home.mentions.put_mentions(found.keys, found.table)


def brought(row: Any) -> tuple[str, list[Document], FoundMentions]:  # noqa: ANN401 - a row of Spark
    """Return the file id, documents and mentions of a FOUND row that was not stored by a worker."""
    documents, keys, table = pickle.loads(row["payload"])
    return row["file_id"], documents, FoundMentions(keys, unpacked(table))


def _chunks(batches: Batches) -> Iterator[tuple[str, list[Document], dict[str, list[bytes] | None]]]:
    """Yield documents of one file, few enough to be in memory, with their given spans."""
    waiting: dict[str, tuple[list[Document], dict[str, list[bytes] | None]]] = {}
    for batch in batches:
        for row in batch.to_pylist():
            documents, spans = waiting.setdefault(row["file_id"], ([], {}))
            documents.append(pickle.loads(row["body"]))
            spans[row["doc_id"]] = row.get("spans")
            if len(documents) >= DOCUMENTS_AN_ITEM or sum(len(d.text) for d in documents) > _CHARS_AT_ONCE:
                yield row["file_id"], documents, spans
                del waiting[row["file_id"]]
    for file_id, (documents, spans) in waiting.items():
        yield file_id, documents, spans
