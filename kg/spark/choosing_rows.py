"""Which of the documents read are taken: each id once, by the rules and with the errors of a local ingest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from kg.files import ERRORS_KEPT, IngestSummary
from kg.ingest import taken_elsewhere
from kg.spark.cluster_files import ClusterFile
from loaders.readers.documents import repeated_id
from schemas.errors import DocumentError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class Chosen:
    """What is taken of files.

    rows:  placed READ rows of the documents that are taken, with file_id. good, bad: rows by uri of the file.
    chars: code points of the documents together.
    """

    rows: "DataFrame"
    good: dict[str, int]
    bad: dict[str, int]
    chars: int


def chosen_rows(
    spark: "SparkSession",
    rows: "DataFrame",
    files: Sequence[tuple[ClusterFile, str]],
    owners: Mapping[str, str],
    summary: IngestSummary,
) -> Chosen:
    """Judge placed READ rows; what is refused is counted in the summary, its first errors in the order of the input.

    files: each with its file id, in the order in which they are taken. owners: file id by document of the home.
    An id that stood in the file before is refused, and one that another file has; see `read_documents`.
    """
    from pyspark.sql import functions as f

    told = [(file.uri, rank, file_id) for rank, (file, file_id) in enumerate(files)]
    known = f.broadcast(spark.createDataFrame(told, "file string, rank long, file_id string"))
    rows = rows.join(known, "file")
    judged = _judged(spark, rows.drop("body"), owners).cache()
    counts = judged.groupBy("file").agg(
        f.count_if(f.col("fault") == "").alias("taken"),
        f.count_if(f.col("fault") == "elsewhere").alias("elsewhere"),
        f.count_if(f.col("fault").isin("bad", "repeated")).alias("bad"),
        f.sum("chars").alias("chars"),
    )
    counted = counts.collect()
    good = {file.uri: 0 for file, _ in files} | {row["file"]: row["taken"] + row["elsewhere"] for row in counted}
    bad = {file.uri: 0 for file, _ in files} | {row["file"]: row["bad"] for row in counted}
    refused = sum(row["bad"] + row["elsewhere"] for row in counted)
    if refused:
        _tell(judged, files, refused, summary)
    losers = judged.filter("fault IN ('repeated', 'elsewhere')").select("file", "block", "line")
    taken = rows.filter("problem = ''").join(losers, ["file", "block", "line"], "left_anti")
    return Chosen(taken, good, bad, sum(row["chars"] or 0 for row in counted))


def _judged(spark: "SparkSession", rows: "DataFrame", owners: Mapping[str, str]) -> "DataFrame":
    """Return rows with `fault`: "" taken, "bad", "repeated" (stood in line `first`), "elsewhere" (in another file)."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    owned = spark.createDataFrame(
        pa.table({"doc_id": pa.array(owners.keys(), pa.string()), "owner": pa.array(owners.values(), pa.string())})
    )
    named = rows.filter("doc_id != ''").join(owned, "doc_id", "left")
    named = named.withColumn("first", f.first("at").over(Window.partitionBy("doc_id", "file").orderBy("at")))
    usable = (f.col("problem") == "") & (f.col("first") == f.col("at"))
    named = named.withColumn("usable", usable)
    mine = f.coalesce(f.col("owner") == f.col("file_id"), f.lit(False))
    turn = Window.partitionBy("doc_id", "usable").orderBy(mine.desc(), "rank", "at")
    named = named.withColumn("taker", f.coalesce("owner", f.first("file_id").over(turn)))
    fault = (
        f.when(f.col("first") != f.col("at"), "repeated")
        .when(f.col("problem") != "", "bad")
        .when(f.col("taker") != f.col("file_id"), "elsewhere")
        .otherwise("")
    )
    columns = ("file", "rank", "block", "line", "at", "doc_id", "problem", "chars", "first", "fault")
    nameless = rows.filter("doc_id = ''").withColumns({"first": f.lit(0).cast("long"), "fault": f.lit("bad")})
    return named.withColumn("fault", fault).select(*columns).unionByName(nameless.select(*columns))


def _tell(judged: "DataFrame", files: Sequence[tuple[ClusterFile, str]], refused: int, summary: IngestSummary) -> None:
    places = {file.uri: file for file, _ in files}
    wrong = judged.filter("fault != ''").withColumn("later", judged["fault"] == "elsewhere")
    for row in wrong.orderBy("rank", "later", "at").limit(ERRORS_KEPT).collect():
        file = places[row["file"]]
        if row["fault"] == "repeated":
            summary.refuse(repeated_id(file.place, row["doc_id"], row["first"], row["at"]))
        elif row["fault"] == "elsewhere":
            summary.refuse(taken_elsewhere(file.name, row["doc_id"]))
        else:
            summary.refuse(DocumentError(file.place, row["problem"], row["at"]))
    summary.bad_rows += max(0, refused - ERRORS_KEPT)
