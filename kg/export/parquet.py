"""Parquet: a folder with a file for each label and edge type, or one file of records or decisions."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from kg.export.graph_image import ROWS_AT_ONCE, GraphImage, Row

FOLDERS = {"node": "nodes", "edge": "edges"}
"""Where the files of either kind lie."""


def write_graph_parquet(graph: GraphImage, folder: Path) -> int:
    """Write nodes/LABEL.parquet and edges/TYPE.parquet, also those without rows; returns how many rows.

    The columns are those of the graph itself, so that what is read back equals what was written.
    """
    written = 0
    for part in FOLDERS.values():
        (folder / part).mkdir()
    for table in graph.tables:
        path = folder / FOLDERS[table.kind] / f"{table.name}.parquet"
        with pq.ParquetWriter(path, table.rows.schema, compression="zstd") as file:
            for batch in table.batches():
                file.write_batch(batch)
                written += batch.num_rows
    return written


def write_parquet(rows: Iterable[Row], schema: pa.Schema, out: IO[bytes]) -> int:
    """Write rows of a schema as one file; returns how many."""
    written = 0
    with pq.ParquetWriter(out, schema, compression="zstd") as file:
        left = iter(rows)
        while batch := list(islice(left, ROWS_AT_ONCE)):
            file.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))
            written += len(batch)
    return written
