"""Rows of a file, whatever its format: which columns there are, what ours are called there, what each row holds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from loaders.readers import delimited, jsonl, parquet
from loaders.readers.row import Row
from loaders.readers.suffix import unknown_suffix
from schemas.errors import ConfigError, FormatError, InputError


@dataclass(frozen=True, slots=True)
class RowFormat:
    """How a format is read.

    columns: names of the columns of a file; None when every row has its own.
    rows:    the rows of a file, and an error of the given class for each bad one.
    """

    columns: Callable[[Path], tuple[str, ...] | None]
    rows: Callable[[Path, type[InputError]], Iterator[Row | InputError]]


_JSONL = RowFormat(jsonl.columns, jsonl.rows)
_DELIMITED = RowFormat(delimited.columns, delimited.rows)
FORMATS = {
    ".jsonl": _JSONL,
    ".ndjson": _JSONL,
    ".csv": _DELIMITED,
    ".tsv": _DELIMITED,
    ".parquet": RowFormat(parquet.columns, parquet.rows),
}
"""How a file is read, by its suffix."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which fields a kind of file has.

    what:      the kind, as errors name it.
    error:     what a wrong row becomes.
    required:  fields without which there is no row.
    optional:  the other fields that have a meaning here.
    mapping:   ours -> theirs, for columns that are called otherwise.
    open:      whether further fields are kept, so that a mapping may rename them too.

    Raises ConfigError for a mapping of a field that is none.
    """

    what: str
    error: type[InputError]
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    open: bool = False

    def __post_init__(self) -> None:
        for ours, theirs in self.mapping.items():
            if not ours or not theirs:
                raise ConfigError("map", f"{ours}={theirs} lacks a name; write ours=theirs")
            if not self.open and ours not in self.fields:
                problem = f"is not a field of {self.what}; fields: {', '.join(self.fields)}"
                raise ConfigError(f"map.{ours}", problem)

    @property
    def fields(self) -> tuple[str, ...]:
        """All fields that have a meaning."""
        return self.required + self.optional

    def column(self, ours: str) -> str:
        """Return what one of our fields is called in the file."""
        return self.mapping.get(ours, ours)


def read_rows(path: Path, layout: Layout) -> Iterator[Row | InputError]:
    """Yield the rows of a JSONL, CSV, TSV or Parquet file, and an error of the layout's class for each bad one.

    Raises FormatError when the file as a whole cannot be read, when it lacks a required column, or when a mapped
    column is not there (JSONL: in no row of it, which is known at its end); NotFoundError.
    """
    row_format = FORMATS.get(path.suffix.lower())
    if row_format is None:
        raise unknown_suffix(path, layout.what, FORMATS)
    columns = row_format.columns(path)
    if columns is not None:
        _check_columns(path, layout, columns)
        yield from row_format.rows(path, layout.error)
        return
    missing, seen = set(layout.mapping.values()), dict[str, None]()
    for row in row_format.rows(path, layout.error):
        if isinstance(row, Row):
            missing.difference_update(row.values)
            if missing:
                seen.update(dict.fromkeys(row.values))
        yield row
    if missing and seen:
        raise FormatError(path, _no_column(sorted(missing)[0], seen))


def _check_columns(path: Path, layout: Layout, columns: tuple[str, ...]) -> None:
    for theirs in layout.mapping.values():
        if theirs not in columns:
            raise FormatError(path, _no_column(theirs, columns))
    for ours in layout.required:
        if layout.column(ours) not in columns:
            raise FormatError(path, f"{_no_column(ours, columns)}; map it: {ours}=COLUMN")


def _no_column(name: str, columns: tuple[str, ...] | dict[str, None]) -> str:
    return f"has no column {name!r}; columns: {', '.join(list(columns)[:50])}"
