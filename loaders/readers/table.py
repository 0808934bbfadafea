"""A file of rows as one table of texts, whatever its columns."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from loaders.readers import delimited
from loaders.readers.row import Row, as_text
from loaders.readers.rows import Layout, read_rows
from schemas.errors import RecordError

_SUFFIXES = {".csv": ",", ".tsv": "\t"}
_BLOCK = 1 << 24


def read_table(path: Path) -> pa.Table:
    """Return the rows of a JSONL, CSV, TSV or Parquet file, every column as text, null where there is no value.

    A delimited file is read in one go; when that fails it is read row by row, which finds the line. Raises RecordError
    with the line of the first bad row, FormatError when the file as a whole cannot be read, NotFoundError.
    """
    separator = _SUFFIXES.get(path.suffix.lower())
    if separator is not None:
        names = list(delimited.columns(path))
        try:
            return _at_once(path, names, separator)
        except pa.ArrowException:
            pass
    columns: dict[str, list[str | None]] = {}
    for count, row in enumerate(read_rows(path, Layout("a table", RecordError, ()))):
        if not isinstance(row, Row):
            raise row
        for name, value in row.values.items():
            columns.setdefault(name, [None] * count).append(_text(value))
        for cells in columns.values():
            if len(cells) <= count:
                cells.append(None)
    if separator is not None:
        columns = {name: columns.get(name, []) for name in names}
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def _at_once(path: Path, names: list[str], separator: str) -> pa.Table:
    """Read a delimited file whole; a row of another length is an ArrowException."""
    return pyarrow.csv.read_csv(
        path,
        pyarrow.csv.ReadOptions(column_names=names, skip_rows_after_names=1, block_size=_BLOCK),
        pyarrow.csv.ParseOptions(delimiter=separator, newlines_in_values=True),
        pyarrow.csv.ConvertOptions(
            column_types={name: pa.string() for name in names}, null_values=[""], strings_can_be_null=True
        ),
    )


def _text(value: object) -> str | None:
    if isinstance(value, list | tuple):
        return " ".join(filter(None, map(_text, value))) or None
    if value is None or value == "":
        return None
    return as_text(value) or str(value)
