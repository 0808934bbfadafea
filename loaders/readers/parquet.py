"""Parquet: rows in batches, so that a file of any size can be read."""

import datetime as dt
import decimal
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from loaders.readers.lines import open_bytes
from loaders.readers.row import Row
from schemas.errors import FormatError, InputError

ROWS_AT_ONCE = 2048


def columns(path: Path) -> tuple[str, ...]:
    """Return the names of the columns; raises FormatError when it is no Parquet file."""
    with open_bytes(path, FormatError):
        pass
    try:
        with pq.ParquetFile(path) as file:
            return tuple(file.schema_arrow.names)
    except (pa.ArrowException, OSError) as fault:
        raise FormatError(path, f"is not a Parquet file that can be read: {fault}") from fault


def rows(path: Path, error: type[InputError]) -> Iterator[Row | InputError]:
    """Yield each row, its number as line; times as ISO 8601, NaN as None. Raises FormatError for a broken file."""
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
                for values in batch.to_pylist():
                    number += 1
                    yield Row(number, {name: _plain(value) for name, value in values.items()})
    except (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError) as fault:
        raise FormatError(path, f"breaks off: {fault}", number + 1) from fault


def _plain(value: Any) -> object:  # noqa: ANN401 - whatever a column of any type holds
    """Return a value as JSON could have held it."""
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, dt.timedelta)):
        return str(value)
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return value
