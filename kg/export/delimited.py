"""CSV: a header and one line a row."""

import csv
import io
from collections.abc import Iterable
from typing import IO

from kg.export.graph_image import Row


def write_csv(rows: Iterable[Row], out: IO[bytes]) -> int:
    """Write a header and one line a row, null as nothing; returns how many rows."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer: csv.DictWriter[str] | None = None
    written = 0
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, fieldnames=list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
        written += 1
    text.detach()
    return written
