"""What a stream writes: the decisions of each document, and dead letters."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import polars as pl

from kg.export.rows import DECISION_FIELDS
from loaders.streams.message import Answer, Message

_HEADER_CHARS = 1_000
_KEPT_BYTES = 900_000


def decision_answers(decisions: pl.DataFrame, doc_ids: Sequence[str], index_version: str) -> dict[str, bytes]:
    """Return the value of each document's answer: doc_id, index_version, decisions (rows as of `kg decisions`)."""
    rows: dict[str, list[Mapping[str, Any]]] = {doc_id: [] for doc_id in doc_ids}
    for row in decisions.select(DECISION_FIELDS).iter_rows(named=True):
        rows[row["doc_id"]].append(row)
    return {
        doc_id: orjson.dumps({"doc_id": doc_id, "index_version": index_version, "decisions": mine})
        for doc_id, mine in rows.items()
    }


def dead_letter(topic: str, message: Message, problem: str) -> Answer:
    """Return a message that could not be read, as it came, with what is wrong and where it stood in its headers.

    A value above what a topic takes by default is cut, and header "cut" tells how many bytes there were.
    """
    headers = {
        "error": problem[:_HEADER_CHARS].encode("utf-8", "replace"),
        "topic": message.topic.encode(),
        "partition": str(message.partition).encode(),
        "offset": str(message.offset).encode(),
        "timestamp": str(message.timestamp_ms).encode(),
    }
    value = message.value
    if value is not None and len(value) > _KEPT_BYTES:
        headers["cut"] = str(len(value)).encode()
        value = value[:_KEPT_BYTES]
    return Answer(topic, message.key, value, headers)
