"""Decisions and gold spans as tests write them."""

from typing import Any

import pyarrow as pa

from schemas.batches import DECISIONS
from schemas.span import GoldSpan


def decision(start: int, kind: str, best: str | None, doc_id: str = "d", **changes: Any) -> dict[str, Any]:
    row = {
        "mention_id": f"{doc_id}{start}",
        "doc_id": doc_id,
        "start": start,
        "end": start + 3,
        "surface": "abc",
        "type": "",
        "decision": kind,
        "entity_id": best if kind == "link" else None,
        "best_entity_id": best,
        "probability": 0.7,
        "provisional_id": "nil/1" if kind == "nil" else None,
        "reason": "because",
        "start_ms": None,
        "candidates": [],
    }
    return row | changes


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=DECISIONS)


def gold(start: int, entity_id: str | None, note: str = "", doc_id: str = "d", **changes: str) -> GoldSpan:
    return GoldSpan(doc_id, start, start + 3, entity_id, note=note, **changes)
