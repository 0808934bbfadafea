"""JSONL: one object a line, sorted and with fixed keys, so that the same home gives the same bytes from any store."""

from collections.abc import Iterable, Iterator
from typing import IO

import orjson

from kg.export.graph_image import GraphImage, Row


def write_jsonl(rows: Iterable[Row], out: IO[bytes]) -> int:
    """Write one JSON object a line; returns how many."""
    written = 0
    for row in rows:
        out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        written += 1
    return written


def write_graph_jsonl(graph: GraphImage, out: IO[bytes]) -> int:
    """Write nodes (label as `node`) by label and id, then edges (type as `edge`) by type and ends; returns how many."""
    return write_jsonl(_rows(graph), out)


def _rows(graph: GraphImage) -> Iterator[Row]:
    for table in graph.tables:
        for row in table.dicts():
            yield {table.kind: table.name, **row}
