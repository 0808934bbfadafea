"""Spark's rows have the limit of local readers: what is longer is an error of the same words, and the rest is read."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kg.spark.cluster_files import ClusterFile, cluster_files
from kg.spark.reading_rows import placed, read_rows
from kg.spark.session import spark_session
from loaders.readers.documents import DocumentOptions, read_documents
from loaders.readers.lines import MAX_BYTES
from loaders.readers.row import Row
from loaders.readers.source import FORMATS, Found
from schemas.document import Document
from schemas.errors import DocumentError, InputError

pytestmark = pytest.mark.cluster


def as_document(file: ClusterFile, row: Row | InputError) -> tuple[str, Document | InputError]:
    """Take the id and the text of a row."""
    if isinstance(row, InputError):
        return "", row
    doc_id = str(row.values["id"])
    return doc_id, Document(id=doc_id, text=str(row.values["text"]))


def test_a_row_that_is_too_long_is_refused_there_as_here(tmp_path: Path) -> None:
    rows = [{"id": str(number), "text": "x" * (MAX_BYTES + 1 if number == 1 else 9)} for number in range(4)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "b.parquet", compression="zstd")
    here = [
        (path.name, (row.line, row.problem) if isinstance(row, InputError) else row.id)
        for path in sorted(tmp_path.iterdir())
        for row in read_documents(Found(path, path.name, FORMATS[path.suffix]), DocumentOptions())
    ]
    with spark_session("local[1]", "long rows") as spark:
        # the other tests read in parts of some lines; here these would be thousands
        spark.conf.set("spark.sql.files.maxPartitionBytes", "16m")
        read = read_rows(spark, cluster_files(spark, [str(tmp_path)]), as_document, DocumentError)
        found = placed(spark, read.cache()).select("file", "at", "doc_id", "problem").collect()
    there = [
        (Path(file).name, (at, problem) if problem else doc_id)
        for file, at, doc_id, problem in sorted(map(tuple, found))
    ]
    assert there == here
    assert sum(isinstance(told, tuple) for _, told in here) == 2
