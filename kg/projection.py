"""The graph as a projection of the mention store: the least writing that makes it equal."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl
import pyarrow as pa

from kg import graph_image
from kg.co_mentions import co_mentions
from kg.frames import frame
from kg.graph_vectors import sync_vectors
from kg.home import Home
from schemas.batches import NODES
from schemas.protocols import NodeLabel


@dataclass
class GraphChange:
    """How many nodes and edges a synchronisation wrote and deleted, by label or type."""

    written: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many nodes and edges were written or deleted."""
        return sum(self.written.values()) + sum(self.deleted.values())


@dataclass(frozen=True)
class MentionSide:
    """What of the graph the decisions about mentions make: frames as the stores take them.

    provisional: Entity nodes of unknown things. mentions: MENTIONS edges. co_mentioned: CO_MENTIONED edges.
    """

    provisional: pl.DataFrame
    mentions: pl.DataFrame
    co_mentioned: pl.DataFrame


def mention_side(home: Home) -> MentionSide:
    """Make it from all current decisions, in this process."""
    decisions = graph_image.current_decisions(home)
    provisional = graph_image.provisional_entities(graph_image.name_uses(decisions))
    known = set(home.index.entity_ids.to_pylist()).union(provisional["id"])
    edges = graph_image.mention_edges(decisions, known)
    resolve = home.config.resolve
    paired = co_mentions(edges, least=resolve.co_mention_documents, most=resolve.co_mention_entities)
    return MentionSide(provisional, edges, paired)


def sync_graph(
    home: Home, *, catalog: bool, documents: bool, mentions: bool, made: MentionSide | None = None
) -> GraphChange:
    """Make the graph equal to what the mention store says, in the parts that are named.

    catalog:   Entity nodes of the catalog with their vectors (on Neo4j), Record nodes, RESOLVED_TO and relations.
    documents: Document nodes.
    mentions:  provisional Entity nodes, MENTIONS and CO_MENTIONED.
    made:      these, when they were made elsewhere; None makes them here.
    Only differences are written, nodes before edges, so a killed synchronisation is mended by the next.
    """
    change = GraphChange()
    side = made or mention_side(home)
    entities = pl.concat([graph_image.catalog_entities(home), side.provisional]).sort("id")
    if catalog or mentions:
        _sync_nodes(home, "Entity", entities, change)
        if catalog or "Entity" in change.written:
            _note(change, "vectors", sync_vectors(home), 0)
    if documents:
        _sync_nodes(home, "Document", graph_image.documents(home), change)
    if catalog:
        _sync_nodes(home, "Record", graph_image.records(home), change)
        resolutions = home.mentions.resolutions()
        _sync_edges(home, "RESOLVED_TO", graph_image.resolved_to(resolutions), change)
        for relation, edges in graph_image.relations(home, resolutions).items():
            _sync_edges(home, relation, edges, change)
    if mentions:
        _sync_edges(home, "MENTIONS", side.mentions, change)
        _sync_edges(home, "CO_MENTIONED", side.co_mentioned, change)
    return change


def rebuild_graph(home: Home) -> GraphChange:
    """Clear the graph and make it again from the mention store."""
    with home.writing():
        home.graph.clear()
        return sync_graph(home, catalog=True, documents=True, mentions=True)


def _sync_nodes(home: Home, label: NodeLabel, wanted: pl.DataFrame, change: GraphChange) -> None:
    present = frame(home.graph.nodes(label))
    gone = present.join(wanted.select("id"), on="id", how="anti")
    fresh = wanted.join(_same(wanted, present), on="id", how="anti")
    if gone.height:
        home.graph.delete_nodes(label, gone["id"].to_list())
    if fresh.height:
        home.progress(f"graph: {label}", 0, fresh.height)
        home.graph.put_nodes(label, _table(fresh, NODES[label]))
        home.progress(f"graph: {label}", fresh.height, fresh.height)
    _note(change, label, fresh.height, gone.height)


def _sync_edges(home: Home, edge_type: str, wanted: pl.DataFrame, change: GraphChange) -> None:
    present_table = home.graph.edges(edge_type)
    present = frame(present_table)
    ends = ["from_id", "to_id"]
    gone = present.select(ends).join(wanted.select(ends), on=ends, how="anti")
    fresh = wanted.join(_same(wanted, present, ends), on=ends, how="anti")
    if gone.height:
        home.graph.delete_edges(edge_type, gone.to_arrow())
    if fresh.height:
        home.progress(f"graph: {edge_type}", 0, fresh.height)
        home.graph.put_edges(edge_type, _table(fresh, present_table.schema))
        home.progress(f"graph: {edge_type}", fresh.height, fresh.height)
    _note(change, edge_type, fresh.height, gone.height)


def _same(wanted: pl.DataFrame, present: pl.DataFrame, key: Sequence[str] = ("id",)) -> pl.DataFrame:
    """Keys of the rows that stand in both frames with equal values."""
    flat = [_flat(frame) for frame in (wanted, present)]
    columns = flat[0].columns
    return flat[0].join(flat[1].select(columns), on=columns, how="inner", nulls_equal=True).select(list(key))


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with lists as texts, for lists cannot be join keys."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    return frame.with_columns(pl.col(name).list.join("\x1f").alias(name) for name in lists)


def _table(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    return frame.select(schema.names).to_arrow().cast(schema)


def _note(change: GraphChange, name: str, written: int, deleted: int) -> None:
    if written:
        change.written[name] = written
    if deleted:
        change.deleted[name] = deleted
