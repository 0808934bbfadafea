"""Parquet: rows in batches, so that a file of any size can be read."""

import datetime as dt
import decimal
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from loaders.readers.lines import MAX_BYTES, open_bytes
from loaders.readers.row import Row
from schemas.errors import FormatError, InputError

ROWS_AT_ONCE = 2048
MOST_BYTES_OF_LONG_ROWS = 1 << 30
"""Most bytes that a row group may take unpacked when its rows are, in the mean, longer than _LONG_ROW_BYTES."""

_LONG_ROW_BYTES = 1 << 16
_FAULTS = (pa.ArrowException, OSError, ValueError, OverflowError)  # a UnicodeDecodeError is a ValueError


def columns(path: Path) -> tuple[str, ...]:
    """Return the names of the columns.

    Raises FormatError when it is no Parquet file, names a column twice, or would take too much memory unpacked.
    """
    with open_bytes(path, FormatError):
        pass
    try:
        with pq.ParquetFile(path) as file:
            _check_sizes(path, file.metadata)
            names = tuple(file.schema_arrow.names)
    except InputError:
        raise
    except _FAULTS as fault:
        raise FormatError(path, f"is not a Parquet file that can be read: {fault}") from fault
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise FormatError(path, f"names column {twice[0]!r} twice")
    return names


def _check_sizes(path: Path, metadata: pq.FileMetaData) -> None:
    """Refuse what a few packed bytes may unfold to within one row, where reading by batches bounds nothing.

    Only row groups are asked, never their columns: there Arrow ends the process over a damaged file.
    """
    for number, group in enumerate(map(metadata.row_group, range(metadata.num_row_groups)), start=1):
        if group.total_byte_size > max(MOST_BYTES_OF_LONG_ROWS, group.num_rows * _LONG_ROW_BYTES):
            found = f"takes {group.total_byte_size >> 20:,} MB unpacked for {group.num_rows:,} rows"
            most = f"at most {MOST_BYTES_OF_LONG_ROWS >> 20:,} MB are read where rows are so long"
            raise FormatError(path, f"row group {number} {found}; {most}")


def rows(path: Path, error: type[InputError]) -> Iterator[Row | InputError]:
    """Yield each row, its number as line; times as ISO 8601 to the microsecond, NaN as None.

    A row of more than MAX_BYTES is an error. Raises FormatError for a broken file.
    """
    number = 0
    try:
        with pq.ParquetFile(path) as read:
            texts = [
                column.path
                for column in map(read.schema.column, range(len(read.schema)))
                if column.physical_type == "BYTE_ARRAY"
            ]
        # Texts stay numbers of a dictionary until it is known how long they are together: one that stands in the file
        # once may stand in every row.
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            for batch in _batches(file):
                for part, size in bounded_parts(batch):
                    if size > MAX_BYTES:
                        number += 1
                        yield error(path, too_long(size), number)
                        continue
                    for values in _unfolded(part).to_pylist():
                        number += 1
                        yield plain_row(number, values)
    except _FAULTS as fault:
        raise FormatError(path, f"breaks off: {fault}", number + 1) from fault


def _batches(file: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    """Yield the rows; a batch never spans row groups that are large together, for long rows may stand in each."""
    groups, size = list[int](), 0
    for number in range(file.metadata.num_row_groups):
        own = file.metadata.row_group(number).total_byte_size
        if groups and size + own > MAX_BYTES:
            yield from file.iter_batches(batch_size=ROWS_AT_ONCE, row_groups=groups)
            groups, size = [], 0
        groups.append(number)
        size += own
    yield from file.iter_batches(batch_size=ROWS_AT_ONCE, row_groups=groups)


def bounded_parts(batch: pa.RecordBatch) -> Iterator[tuple[pa.RecordBatch, int]]:
    """Yield a batch in parts of at most MAX_BYTES, or of one row, each with its size."""
    size = sum(_size(leaf) for column in batch.columns for leaf in _leaves(column))
    if size <= MAX_BYTES or batch.num_rows == 1:
        yield batch, size
        return
    half = batch.num_rows // 2
    yield from bounded_parts(batch.slice(0, half))
    yield from bounded_parts(batch.slice(half))


def too_long(size: int) -> str:
    """Return what is wrong with a row of so many bytes."""
    return f"the row has {size:,} bytes; at most {MAX_BYTES:,} are read"


def _leaves(array: pa.Array) -> Iterator[pa.Array]:
    """Yield the arrays of values within lists and objects, as far as the rows of `array` reach."""
    kind = array.type
    if pa.types.is_struct(kind):
        for part in array.flatten():
            yield from _leaves(part)
    elif pa.types.is_map(kind) or pa.types.is_list(kind) or pa.types.is_large_list(kind):
        yield from _leaves(array.flatten())
    else:
        yield array


def _size(leaf: pa.Array) -> int:
    if _is_text(leaf.type):
        return pc.sum(pc.binary_length(leaf)).as_py() or 0
    if not pa.types.is_dictionary(leaf.type):
        return int(leaf.nbytes)
    lengths = pc.binary_length(leaf.dictionary).cast(pa.int64())
    return pc.sum(lengths.take(leaf.indices)).as_py() or 0


def _is_text(kind: pa.DataType) -> bool:
    known = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return any(is_known(kind) for is_known in known)


def _unfolded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch whose texts are texts again and whose times are of a resolution that Python knows."""
    kinds = [_known(kind) for kind in batch.schema.types]
    arrays = [pc.cast(column, kind, safe=False) for column, kind in zip(batch.columns, kinds, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _known(kind: pa.DataType) -> pa.DataType:
    """Return a type without dictionaries and without nanoseconds."""
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", kind.tz) if kind.unit == "ns" else kind
    if pa.types.is_duration(kind) or pa.types.is_time64(kind):
        made = pa.duration if pa.types.is_duration(kind) else pa.time64
        return made("us") if kind.unit == "ns" else kind
    if pa.types.is_map(kind):
        return pa.map_(_known(kind.key_type), _known(kind.item_type))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        made = pa.list_ if pa.types.is_list(kind) else pa.large_list
        return made(kind.value_field.with_type(_known(kind.value_type)))
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_known(field.type)) for field in kind])
    return kind


def plain_row(number: int, values: Mapping[str, Any]) -> Row:
    """Return a row with its values as JSON could have held them: times as ISO 8601, NaN as None."""
    return Row(number, {name: _plain(value) for name, value in values.items()})


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
