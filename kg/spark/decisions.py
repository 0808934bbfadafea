"""What is decided now, as items of whole documents, wherever the decisions are kept."""

import pickle
from collections.abc import Collection, Iterator, Sequence

import polars as pl
import pyarrow as pa

from kg.frames import frame
from kg.graph_image import DECISION_COLUMNS
from kg.home import Home
from kg.spark.cluster import packed, parts, unpacked
from kg.spark.shipping import WorkerRecipe, opened_home
from schemas.batches import STORED_DECISIONS

_COLUMNS = ("mention_id", *DECISION_COLUMNS)
DOCUMENTS_AN_ITEM = 256


def decision_items(home: Home, *, stored_there: bool, marked: Sequence[Collection[str]] = ()) -> Iterator[bytes]:
    """Yield items that `decisions_of` reads; a document is in one item.

    stored_there: whether workers reach the mention store; an item is then ids alone. marked: sets of document ids; of
    each the item knows which of its documents are in it.
    """
    if stored_there:
        for doc_ids in parts(home.mentions.document_rows()["id"].to_pylist(), DOCUMENTS_AN_ITEM):
            yield pickle.dumps((list(doc_ids), None, _marked(doc_ids, marked)))
        return
    for batch in _collected(home):
        doc_ids = batch["doc_id"].unique().to_pylist()
        yield pickle.dumps((doc_ids, packed(batch), _marked(doc_ids, marked)))


def decisions_of(recipe: WorkerRecipe, payload: bytes) -> tuple[pl.DataFrame, list[set[str]]]:
    """Return the current decisions of an item, without candidates, and its documents by the sets of `marked`."""
    doc_ids, table, marked = pickle.loads(payload)
    if table is not None:
        return frame(unpacked(table)), marked
    batches = opened_home(recipe).mentions.decisions(doc_ids, _COLUMNS)
    empty = pa.schema([STORED_DECISIONS.field(name) for name in _COLUMNS]).empty_table()
    return frame(pa.concat_tables([empty, *batches])), marked


def _marked(doc_ids: Sequence[str], marked: Sequence[Collection[str]]) -> list[set[str]]:
    return [{doc_id for doc_id in doc_ids if doc_id in wanted} for wanted in marked]


def _collected(home: Home) -> Iterator[pa.Table]:
    """Yield the decisions of the home, several batches of the store together; documents stay whole."""
    waiting: list[pa.Table] = []
    for batch in home.mentions.decisions(columns=_COLUMNS):
        waiting.append(batch)
        if sum(part.num_rows for part in waiting) >= 16 * DOCUMENTS_AN_ITEM:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)
