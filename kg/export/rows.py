"""The rows that formats without a graph hold: decisions and records."""

from collections.abc import Iterator

import pyarrow as pa

from kg.export.graph_image import Row
from kg.home import Home
from schemas.batches import STORED_DECISIONS

DECISION_FIELDS = (
    "doc_id",
    "start",
    "end",
    "surface",
    "type",
    "decision",
    "entity_id",
    "best_entity_id",
    "probability",
    "provisional_id",
    "start_ms",
)
"""Fields of an exported decision, in order."""

DECISION_ROWS = pa.schema([STORED_DECISIONS.field(name) for name in DECISION_FIELDS])
"""Types of those fields."""

RECORD_ROWS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("entity_id", pa.string()),
        pa.field("probability", pa.float64()),
    ]
)
"""Fields of an exported record, in order; the last two are null before it was resolved."""


def decision_rows(home: Home, doc_id: str | None = None) -> Iterator[Row]:
    """Yield the current decision of every mention, ordered by document and place."""
    for batch in home.mentions.decisions(None if doc_id is None else [doc_id], list(DECISION_FIELDS)):
        yield from batch.to_pylist()


def record_rows(home: Home) -> Iterator[Row]:
    """Yield source, record_id, entity_id and probability of every record, ordered by source and id."""
    resolutions = home.mentions.resolutions()
    for record in home.mentions.records():
        resolution = resolutions.get(record.key)
        yield {
            "source": record.source,
            "record_id": record.record_id,
            "entity_id": resolution.entity_id if resolution else None,
            "probability": resolution.probability if resolution else None,
        }
