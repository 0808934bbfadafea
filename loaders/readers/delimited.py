"""CSV and TSV: a header, then one row a line, or more lines where a quoted value has line ends in it."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from loaders.readers.lines import MAX_BYTES, decode, read_lines
from loaders.readers.row import Row
from schemas.errors import FormatError, InputError

LIST_SEPARATOR = "|"
MOST_COLUMNS = 10_000
"""Most columns of a file; no table of names has more, and every row costs as many values."""

_DELIMITERS = {".csv": ",", ".tsv": "\t"}

# The module's own limit (131,072 characters) would refuse long descriptions; it is one for the whole process.
csv.field_size_limit(MAX_BYTES)


class _RowTooLong(Exception):
    """The lines of one row have more than MAX_BYTES bytes together: most likely a quote is never closed."""


class _Feed:
    """The lines of a file as csv.reader wants them, and what was wrong with those of the current row."""

    def __init__(self, path: Path) -> None:
        self._lines = read_lines(path, FormatError)
        self._bytes = 0
        self._number = 0
        self.first_line = 1
        self.problem = ""

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._number = line.number
        self._bytes += len(line.data)
        if line.too_long:
            self.problem = f"the line is longer than {MAX_BYTES} bytes"
        if self._bytes > MAX_BYTES:
            raise _RowTooLong
        text, problem, _ = decode(line.data)
        self.problem = self.problem or problem
        return text + "\n"

    def begin_row(self) -> None:
        """Forget the lines of the row before."""
        self.first_line, self._bytes, self.problem = self._number + 1, 0, ""


def columns(path: Path) -> tuple[str, ...]:
    """Return the names in the header; a column without a name is called column_1 and so on by its place.

    Raises FormatError when there is no header or a name stands in it twice.
    """
    for _, values, problem in _parsed(path):
        if problem:
            raise FormatError(path, f"the header cannot be read: {problem}", 1)
        return _header(path, values)
    raise FormatError(path, "is empty; the first line must name the columns")


def rows(path: Path, error: type[InputError]) -> Iterator[Row | InputError]:
    """Yield each row by its columns, an empty value as None, and `error` for a row that cannot be read."""
    parsed = _parsed(path)
    names = _header(path, next(parsed)[1])
    for line, values, problem in parsed:
        if not problem and len(values) != len(names):
            problem = f"has {len(values)} columns, and the header has {len(names)}"
        if problem:
            yield error(path, problem, line)
        else:
            found = {name: value or None for name, value in zip(names, values, strict=True)}
            yield Row(line, found, separator=LIST_SEPARATOR)


def _header(path: Path, values: list[str]) -> tuple[str, ...]:
    if len(values) > MOST_COLUMNS:
        raise FormatError(path, f"the header names {len(values):,} columns; at most {MOST_COLUMNS:,} are read", 1)
    names = tuple(name.strip() or f"column_{place}" for place, name in enumerate(values, start=1))
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise FormatError(path, f"the header names column {twice[0]!r} twice", 1)
    return names


def _parsed(path: Path) -> Iterator[tuple[int, list[str], str]]:
    """Yield (first line, values, problem) of each row that is not blank."""
    feed = _Feed(path)
    reader = csv.reader(feed, delimiter=_DELIMITERS[path.suffix.lower()], strict=True)
    while True:
        feed.begin_row()
        values: list[str] = []
        problem = ""
        try:
            values = next(reader)
        except StopIteration:
            return
        except _RowTooLong:
            problem = f"the row is longer than {MAX_BYTES} bytes; is a quote never closed?"
        except csv.Error as fault:
            problem = _explained(str(fault))
        if values or problem or feed.problem:
            yield feed.first_line, values, feed.problem or problem


def _explained(fault: str) -> str:
    if "unexpected end of data" in fault or "field limit" in fault:
        return "a quote that opens here is never closed"
    return f"cannot be parsed: {fault}"
