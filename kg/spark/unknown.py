"""Unknown things across documents, by Spark: names where the documents are, likeness in blocks, ids on the driver."""

from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

from kg.extraction import GIVEN
from kg.frames import frame
from kg.home import Home
from kg.provisional import Clustering, by_documents, name_clusters, note_clustered, store_ids
from kg.runs import OpenRun
from kg.spark.cluster import Batches, Cluster, packed, unpacked
from kg.spark.decisions import decision_items, decisions_of
from kg.spark.label_pairs import alike_labels
from kg.spark.linking import RunMark
from kg.spark.session import cluster_failures
from kg.spark.shipping import WorkerRecipe, opened_home
from linkers.clustering.kinds import ANY, clear_of, kind_evidence
from linkers.clustering.provisional import provisional_id
from linkers.clustering.unknown_things import cluster_labels, documents_of, labelled, named_mentions, named_parts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_EVIDENCE = "name string, kind string, documents long, given boolean"
_LABELS = "label string, documents long"
_MOVED = pa.schema([(name, pa.string()) for name in ("doc_id", "mention_id", "id", "decision_key")])
_IDS = "mention_id string, doc_id string, provisional_id string, id string, decided boolean"


def cluster_unknown(cluster: Cluster, home: Home, run: OpenRun, clustering: Clustering, *, stored_there: bool) -> int:
    """Do what `kg.provisional.cluster_unknown` does: the same names, clusters and ids; returns how many clusters."""
    from pyspark import StorageLevel
    from pyspark.sql import functions

    rows = frame(home.mentions.document_rows().select(["id", "extraction_key"]))
    given = set(rows.filter(pl.col("extraction_key").str.starts_with(GIVEN))["id"])
    marked = (given, clustering.decided)
    items = cluster.items(decision_items(home, stored_there=stored_there, marked=marked))
    with cluster_failures(cluster.master):
        named = cluster.worked(items, _named, "payload binary").persist(StorageLevel.DISK_ONLY)
        evidence = cluster.spread(named, _evidence, _EVIDENCE).groupBy("name", "kind")
        added = evidence.agg(functions.sum("documents").alias("documents"), functions.max("given").alias("given"))
        clear = clear_of(cluster.rows(added))
        parts = named_parts(clear)
        labels = cluster.spread(named, partial(_labels, parts), _LABELS).groupBy("label")
        summed = cluster.rows(labels.agg(functions.sum("documents").alias("documents")))
        documents = dict(summed.sort("label").iter_rows())
        if not documents:
            note_clustered(home)
            return 0
        found = alike_labels(cluster, documents)
        run.count("blocks_split", found.split)
        run.count("largest_block", found.largest)
        clusters = cluster_labels(documents, clear, found.alike, home.config.ontology)
        naming = name_clusters(home, run, clusters, documents)
        # most things are one name, whose id is made from it: the others alone need telling
        told = {label: each for label, each in naming.ids.items() if each != provisional_id(label)}
        ids = cluster.spread(named, partial(_with_ids, parts, told), _IDS)
        clustering.changed = _changed(cluster, ids, clustering)
        _store(cluster, home, run, ids, naming.decision_keys, stored_there=stored_there)
        named.unpersist()
    naming.keep(home)
    return len(set(naming.ids.values()))


def _named(recipe: WorkerRecipe, payload: bytes) -> dict[str, Any]:
    """Return the NIL mentions of an item with the names that they have in their documents."""
    decisions, (given, decided) = decisions_of(recipe, payload)
    nil = decisions.filter(pl.col("decision") == "nil").with_columns(
        pl.col("doc_id").is_in(list(given)).alias("given"), pl.col("doc_id").is_in(list(decided)).alias("decided")
    )
    names = named_mentions(nil, opened_home(recipe).config.ontology).select("row", "name", "kind")
    kept = nil.select("mention_id", "doc_id", "type", "given", "decided", "provisional_id")
    return {"payload": packed(names.hstack(kept).to_arrow())}


def _evidence(_: WorkerRecipe, payload: bytes) -> pa.Table:
    return _as(_EVIDENCE, kind_evidence(frame(unpacked(payload)).filter(pl.col("kind") != ANY)))


def _labels(parts: pl.DataFrame, _: WorkerRecipe, payload: bytes) -> pa.Table:
    found = documents_of(labelled(frame(unpacked(payload)), parts))
    return _as(_LABELS, pl.DataFrame({"label": list(found), "documents": list(found.values())}))


def _with_ids(parts: pl.DataFrame, told: dict[str, str], _: WorkerRecipe, payload: bytes) -> pa.Table:
    named = labelled(frame(unpacked(payload)), parts)
    ids = [told.get(label) or provisional_id(label) for label in named["label"]]
    return _as(_IDS, named.with_columns(pl.Series("id", ids, dtype=pl.String)))


def _as(schema: str, rows: pl.DataFrame) -> pa.Table:
    """Return rows with the columns and types of a schema of Spark."""
    types = {"string": pa.string(), "long": pa.int64(), "boolean": pa.bool_()}
    columns = [column.split() for column in schema.split(", ")]
    fields = [pa.field(name, types[kind]) for name, kind in columns]
    return rows.select([name for name, _ in columns]).to_arrow().cast(pa.schema(fields))


def _changed(cluster: Cluster, ids: "DataFrame", clustering: Clustering) -> int:
    """Count the NIL mentions that have another id than before this resolve."""
    from pyspark.sql import functions

    moved = functions.col("id") != functions.col("provisional_id")
    number = ids.filter(~functions.col("decided") & moved).count()
    if not clustering.former:
        return int(number)
    former = pa.table({"mention_id": list(clustering.former), "former": list(clustering.former.values())})
    again = ids.filter("decided").join(cluster.spark.createDataFrame(former), "mention_id")
    return int(number + again.filter(functions.col("id") != functions.col("former")).count())


def _store(
    cluster: Cluster, home: Home, run: OpenRun, ids: "DataFrame", keys: dict[str, str], *, stored_there: bool
) -> None:
    """Append the decisions whose id changed: by the workers, by documents, or by the driver."""
    moved = ids.filter("id != provisional_id").select("mention_id", "doc_id", "id")
    if not stored_there:
        for part in by_documents(cluster.rows(moved)):
            store_ids(home, run, part, keys)
        return
    told = cluster.spark.createDataFrame(pa.table({"doc_id": list(keys), "decision_key": list(keys.values())}))
    write = partial(_store_there, cluster.recipe, RunMark(run.run_id, run.sequence))
    moved.join(told, "doc_id").repartition("doc_id").mapInArrow(write, "stored long").agg({"stored": "sum"}).collect()


def _store_there(recipe: WorkerRecipe, mark: RunMark, batches: Batches) -> Batches:
    home = opened_home(recipe)
    rows = pa.Table.from_batches(batches, schema=_MOVED)
    for part in by_documents(frame(rows)):
        store_ids(home, mark, part, dict(part.select("doc_id", "decision_key").iter_rows()))
    yield pa.RecordBatch.from_pydict({"stored": [rows.num_rows]})
