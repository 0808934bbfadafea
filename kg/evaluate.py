"""`kg evaluate`: decisions against a gold file."""

from pathlib import Path
from typing import Literal

import pyarrow as pa

from kg.home import Home
from linkers.evaluation import Evaluation
from linkers.evaluation import evaluate as compare
from loaders.readers.spans import read_gold
from schemas.batches import DECISIONS
from schemas.errors import InputError, SpanError
from schemas.span import GoldSpan


def evaluate(home: Home, gold: Path, *, spans: Literal["gold", "system"] = "system") -> Evaluation:
    """Return how many gold mentions were decided right.

    spans: "system": a mention counts when its span was found exactly; "gold": the gold spans were given to
    `kg ingest documents --mentions`. Raises SpanError for the first row of the file that is wrong.
    """
    rows = read_gold_file(gold)
    doc_ids = sorted({row.doc_id for row in rows})
    batches = [batch.select(DECISIONS.names) for batch in home.mentions.decisions(doc_ids)]
    decisions = pa.concat_tables(batches) if batches else DECISIONS.empty_table()
    return compare(decisions, rows, spans=spans)


def read_gold_file(path: Path) -> list[GoldSpan]:
    """Return the rows of a gold file; raises the first SpanError."""
    rows: list[GoldSpan] = []
    for row in read_gold(path):
        if isinstance(row, InputError):
            raise row
        rows.append(row)
    if not rows:
        raise SpanError(path, "holds no gold spans")
    return rows
