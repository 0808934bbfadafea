"""What mentions make of the graph, counted by the workers and added up by Spark."""

from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

from kg.co_mentions import Met, met_in, scored
from kg.frames import frame
from kg.graph_image import NameUses, mention_edges, name_uses, provisional_entities
from kg.home import Home
from kg.projection import MentionSide
from kg.spark.cluster import Cluster, packed, unpacked
from kg.spark.decisions import decision_items, decisions_of
from kg.spark.session import cluster_failures
from kg.spark.shipping import WorkerRecipe, opened_home
from schemas.batches import MENTIONS_EDGES

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_PARTS = {
    "mentions": "from_id string, to_id string, count long, probability double, first_start long, first_ms long",
    "alone": "entity string, alone long",
    "together": "entity string, entity_other string, documents long",
    "surfaces": "provisional_id string, surface string, uses long",
    "types": "provisional_id string, type string, uses long",
}
_COUNTS = {"alone": "alone", "together": "documents", "surfaces": "uses", "types": "uses"}


def mention_side(cluster: Cluster, home: Home, *, stored_there: bool) -> MentionSide:
    """Make what the decisions about mentions make of the graph; `stored_there` as in `decision_items`.

    The edges of a document are made where the document is; what entities have together is counted there and added
    up by Spark, and only pairs of enough documents come to the driver.
    """
    from pyspark import StorageLevel

    resolve = home.config.resolve
    items = cluster.items(decision_items(home, stored_there=stored_there))
    schema = ", ".join(f"{name} binary" for name in _PARTS)
    counted = cluster.worked(items, _counted, schema).persist(StorageLevel.DISK_ONLY)
    with cluster_failures(cluster.master):
        pairs = _added(cluster, counted, "together").filter(f"documents >= {resolve.co_mention_documents}")
        together, alone = cluster.rows(pairs), cluster.rows(_added(cluster, counted, "alone"))
        surfaces, types = (cluster.rows(_added(cluster, counted, name)) for name in ("surfaces", "types"))
        edges = cluster.rows(_part(cluster, counted, "mentions")).sort("from_id", "to_id")
        counted.unpersist()
    edges = frame(edges.to_arrow().cast(MENTIONS_EDGES))
    total = edges["from_id"].n_unique()
    co_mentioned = scored(Met(alone, together), total=total, least=resolve.co_mention_documents)
    return MentionSide(provisional_entities(NameUses(surfaces, types)), edges, co_mentioned)


def _counted(recipe: WorkerRecipe, payload: bytes) -> dict[str, Any]:
    home = opened_home(recipe)
    decisions, _ = decisions_of(recipe, payload)
    links = decisions.filter(pl.col("decision") == "link")["entity_id"].unique().drop_nulls().sort().to_list()
    known = {i for i, row in zip(links, home.index.row_of(links), strict=True) if row >= 0}
    edges = mention_edges(decisions, known.union(decisions["provisional_id"].drop_nulls()))
    met = met_in(edges, most=home.config.resolve.co_mention_entities)
    uses = name_uses(decisions)
    made = {
        "mentions": edges,
        "alone": met.alone,
        "together": met.together,
        "surfaces": uses.surfaces,
        "types": uses.types,
    }
    return {name: packed(_plain(rows)) for name, rows in made.items()}


def _plain(rows: pl.DataFrame) -> pa.Table:
    """Return rows with texts as Spark takes them."""
    return rows.to_arrow(compat_level=pl.CompatLevel.oldest())


def _part(cluster: Cluster, counted: "DataFrame", name: str) -> "DataFrame":
    return cluster.spread(counted.selectExpr(f"{name} AS payload"), _rows_of, _PARTS[name])


def _rows_of(_: WorkerRecipe, payload: bytes) -> pa.Table:
    table = unpacked(payload)
    texts = [field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field for field in table.schema]
    return table.cast(pa.schema(texts))


def _added(cluster: Cluster, counted: "DataFrame", name: str) -> "DataFrame":
    """Return the counts of all items, added up by what they count."""
    rows, count = _part(cluster, counted, name), _COUNTS[name]
    keys = [column for column in rows.columns if column != count]
    return rows.groupBy(*keys).agg({count: "sum"}).withColumnRenamed(f"sum({count})", count)
