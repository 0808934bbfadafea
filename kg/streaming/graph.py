"""The graph of a batch: its documents and what they mention. What is of all documents is left to `kg resolve`."""

from collections.abc import Sequence

import polars as pl

from kg.frames import frame
from kg.graph_image import DECISION_COLUMNS, mention_edges, name_uses, provisional_entities
from kg.home import Home
from kg.streaming.deciding import Decided
from schemas.batches import MENTIONS_EDGES, NODES, STORED_DECISIONS
from schemas.document import Document

_PRESENT = "MATCH (e:Entity) WHERE e.id IN $ids RETURN e.id"
_UNUSED = (
    "MATCH (e:Entity) WHERE e.id IN $ids AND e.status = 'provisional' AND NOT (:Document)-[:MENTIONS]->(e) RETURN e.id"
)
_ENDS = ["from_id", "to_id"]


def write_graph(home: Home, decided: Decided, decisions: pl.DataFrame) -> None:
    """Write the Document nodes of a batch, its MENTIONS, and the unknown things that the graph does not have yet.

    decisions: the current ones of these documents. What an unknown thing is called comes from the first document that
    names it, until `kg resolve` looks at all of them; it writes CO_MENTIONED too. Repeating it changes nothing.
    """
    if not decided.documents:
        return
    linked = decisions.filter(pl.col("decision") == "link")["entity_id"].unique().to_list()
    rows = home.index.row_of(linked)
    known = {entity_id for entity_id, row in zip(linked, rows, strict=True) if row >= 0}
    unknown = set(decisions["provisional_id"].drop_nulls())
    home.graph.put_nodes("Document", _documents(decided.documents))
    _put_unknown(home, unknown, decisions, [document.id for document in decided.documents])
    edges = mention_edges(decisions, known | unknown)
    if decided.changed:
        _drop_former(home, sorted(decided.changed), edges)
    if edges.height:
        home.graph.put_edges("MENTIONS", edges.to_arrow().cast(MENTIONS_EDGES))


def batch_decisions(home: Home, decided: Decided) -> pl.DataFrame:
    """Return the current decisions of the documents of a batch, ordered by document and place."""
    columns = list(dict.fromkeys([*DECISION_COLUMNS, "end", "best_entity_id", "run_id"]))
    parts = home.mentions.decisions([document.id for document in decided.documents], columns)
    empty = frame(STORED_DECISIONS.empty_table().select(columns))
    return pl.concat([empty, *(frame(part) for part in parts)])


def _documents(documents: Sequence[Document]) -> object:
    rows = [{name: getattr(document, name) for name in NODES["Document"].names} for document in documents]
    return (
        pl.DataFrame(rows, schema=dict.fromkeys(NODES["Document"].names, pl.String)).to_arrow().cast(NODES["Document"])
    )


def _put_unknown(home: Home, unknown: set[str], decisions: pl.DataFrame, order: Sequence[str]) -> None:
    present = _ids(home, _PRESENT, unknown)
    missing = decisions.filter(pl.col("provisional_id").is_in(sorted(unknown - present)))
    if missing.height:
        place = pl.col("doc_id").replace_strict({doc_id: number for number, doc_id in enumerate(order)})
        first = missing.filter(place == place.min().over("provisional_id"))
        home.graph.put_nodes("Entity", provisional_entities(name_uses(first)).to_arrow().cast(NODES["Entity"]))


def _drop_former(home: Home, doc_ids: Sequence[str], edges: pl.DataFrame) -> None:
    """Delete the edges that documents have no longer, and unknown things that nothing mentions any more."""
    gone = frame(home.graph.edges("MENTIONS", doc_ids)).select(_ENDS).join(edges.select(_ENDS), on=_ENDS, how="anti")
    if gone.height:
        home.graph.delete_edges("MENTIONS", gone.to_arrow())
        unused = _ids(home, _UNUSED, set(gone["to_id"]))
        if unused:
            home.graph.delete_nodes("Entity", sorted(unused))


def _ids(home: Home, cypher: str, asked: set[str]) -> set[str]:
    return {row[0] for row in home.graph.query(cypher, {"ids": sorted(asked)}).rows} if asked else set()
