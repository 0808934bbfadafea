"""A file of rows as one table of texts, whatever its columns."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
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
            table = _at_once(path, names, separator)
        except pa.ArrowException:
            table = None
        if table is not None and not any(_holds_nul(column) for column in table.columns):
            return table
    columns: dict[str, list[str | None]] = {}
    for count, row in enumerate(read_rows(path, Layout("a table", RecordError, ()))):
        if not isinstance(row, Row):
            raise row
        for name, value in row.values.items():
            if name not in columns:
                columns[name] = [None] * count
            columns[name].append(_checked_text(path, row.line, name, value))
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


def _checked_text(path: Path, line: int, name: str, value: object) -> str | None:
    found, text = "", None
    try:
        text = _text(value)
        if "\0" in name or (text and "\0" in text):
            found = "holds a NUL character"
        elif isinstance(value, bytes):
            found = "holds bytes"
    except RecursionError:
        found = "holds a value that is nested too deep"
    if found:
        raise RecordError(path, f"column {name!r} {found}; every value must be a text or a number", line)
    return text


def _holds_nul(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.match_substring(column, "\0")).as_py())


def _text(value: object) -> str | None:
    if isinstance(value, list | tuple):
        return " ".join(filter(None, map(_text, value))) or None
    if value is None or value == "":
        return None
    return as_text(value) or str(value)
