"""Rows of JSONL and Parquet, read by Spark and understood by kg's own readers on the workers."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from kg.spark.cluster import Batches
from kg.spark.cluster_files import ClusterFile, normalised
from loaders.readers import jsonl, parquet
from loaders.readers.lines import MAX_BYTES, Line
from loaders.readers.row import Row
from schemas.document import Document
from schemas.errors import FormatError, InputError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Parse = Callable[[ClusterFile, Row | InputError], tuple[str, Document | tuple[int, int, str] | InputError]]
"""Gives the id of the document that a row is about, and what it says, or what is wrong with it."""

READ = "file string, block long, line long, lines long, doc_id string, problem string, chars long, body binary"
"""One row of a file: its place (line counts in its block of the file), document, fault ("" for none) and content.

A row with `lines` says how many lines a block has and nothing else.
"""

_READ = pa.schema(
    [
        ("file", pa.string()),
        ("block", pa.int64()),
        ("line", pa.int64()),
        ("lines", pa.int64()),
        ("doc_id", pa.string()),
        ("problem", pa.string()),
        ("chars", pa.int64()),
        ("body", pa.binary()),
    ]
)
_BOM = b"\xef\xbb\xbf"


def read_rows(
    spark: "SparkSession", files: Sequence[ClusterFile], parse: Parse, error: type[InputError]
) -> "DataFrame":
    """Return READ rows of files; raises FormatError when Parquet files lack the column that tells the document."""
    of = {kind: [file for file in files if file.format == kind] for kind in ("jsonl", "parquet")}
    frames = []
    if of["jsonl"]:
        lines = spark.read.text([file.uri for file in of["jsonl"]], lineSep="\n")
        columns = [
            # of a line that is too long no more goes to a worker than tells so
            f"SUBSTRING(CAST(value AS BINARY), 1, {len(_BOM) + MAX_BYTES + 1}) AS data",
            "_metadata.file_path AS file",
            "_metadata.file_block_start AS block",
        ]
        known = {file.uri: file for file in of["jsonl"]}
        frames.append(lines.selectExpr(*columns).mapInArrow(partial(_lines, known, parse, error), READ))
    if of["parquet"]:
        known = {file.uri: file for file in of["parquet"]}
        rows = spark.read.option("mergeSchema", "true").parquet(*known)
        placed = rows.selectExpr("*", "_metadata.file_path AS `__file`", "_metadata.row_index AS `__row`")
        frames.append(placed.mapInArrow(partial(_parquet, known, parse, error), READ))
    return frames[0] if len(frames) == 1 else frames[0].unionByName(frames[1])


def check_columns(spark: "SparkSession", files: Sequence[ClusterFile], required: Sequence[str]) -> None:
    """Raise FormatError when the Parquet files among `files` lack a required column."""
    given = [file for file in files if file.format == "parquet"]
    if given:
        columns = spark.read.option("mergeSchema", "true").parquet(*(file.uri for file in given)).columns
        for name in required:
            if name not in columns:
                raise FormatError(given[0].uri, f"has no column {name!r}; columns: {', '.join(columns[:50])}")


def placed(spark: "SparkSession", read: "DataFrame") -> "DataFrame":
    """Return READ rows with their line in the file as `at`, without those that say how long blocks are."""
    from pyspark.sql import functions

    bases: dict[tuple[str, int], int] = {}
    behind: dict[str, int] = {}
    blocks = read.filter("lines IS NOT NULL").select("file", "block", "lines").collect()
    for file, block, lines in sorted(tuple(row) for row in blocks):
        bases[file, block] = behind.get(file, 0)
        behind[file] = behind.get(file, 0) + lines
    schema = "file string, block long, base long"
    told = spark.createDataFrame([(*place, base) for place, base in bases.items()], schema)
    at = functions.coalesce(functions.col("base"), functions.lit(0)) + functions.col("line")
    rows = read.filter("lines IS NULL").join(functions.broadcast(told), ["file", "block"], "left")
    return rows.withColumn("at", at).drop("base", "lines")


def _lines(files: dict[str, ClusterFile], parse: Parse, error: type[InputError], batches: Batches) -> Batches:
    at: tuple[str, int] | None = None
    number = 0
    for batch in batches:
        made: list[dict[str, Any]] = []
        for data, told, block in zip(*(batch[name].to_pylist() for name in ("data", "file", "block")), strict=True):
            uri = normalised(told)
            if at != (uri, block):
                made += _end(at, number)
                at, number = (uri, block), 0
            number += 1
            if number == 1 and block == 0:
                data = data.removeprefix(_BOM)
            line = Line(number, data, len(data) > MAX_BYTES)
            row = jsonl.read_line(Path(uri), line, error)
            if row is not None:
                made.append(_read(files[uri], row, parse, block, number))
        yield _batch(made)
    yield _batch(list(_end(at, number)))


def _parquet(files: dict[str, ClusterFile], parse: Parse, error: type[InputError], batches: Batches) -> Batches:
    for batch in batches:
        places = zip(batch["__file"].to_pylist(), batch["__row"].to_pylist(), strict=True)
        made = []
        for part, size in parquet.bounded_parts(batch.drop_columns(["__file", "__row"])):
            # a part of more is one row, which is never unfolded
            for values in [None] if size > MAX_BYTES else part.to_pylist():
                uri, before = next(places)
                file, number = files[normalised(uri)], before + 1
                refused = error(Path(file.uri), parquet.too_long(size), number)
                row = refused if values is None else parquet.plain_row(number, values)
                made.append(_read(file, row, parse, 0, number))
        yield _batch(made)


def _end(at: tuple[str, int] | None, number: int) -> Iterator[dict[str, Any]]:
    if at:
        yield {"file": at[0], "block": at[1], "line": 0, "lines": number, "problem": "", "chars": 0}


def _read(file: ClusterFile, row: Row | InputError, parse: Parse, block: int, number: int) -> dict[str, Any]:
    doc_id, found = parse(file, row)
    place = {"file": file.uri, "block": block, "line": number, "doc_id": doc_id}
    if isinstance(found, InputError):
        return {**place, "problem": found.problem, "chars": 0}
    chars = len(found.text) if isinstance(found, Document) else 0
    return {**place, "problem": "", "chars": chars, "body": pickle.dumps(found)}


def _batch(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(rows, schema=_READ)
