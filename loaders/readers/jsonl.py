"""JSONL: one JSON object a line."""

from collections.abc import Iterator
from pathlib import Path

import orjson

from loaders.readers.lines import MAX_BYTES, Line, decode, open_bytes, read_lines
from loaders.readers.row import Row
from schemas.errors import FormatError, InputError


def columns(path: Path) -> None:
    """Return None, for every row has columns of its own; raises NotFoundError or FormatError as open_bytes does."""
    with open_bytes(path, FormatError):
        return


def rows(path: Path, error: type[InputError]) -> Iterator[Row | InputError]:
    """Yield the object of each line, and `error` for a line that holds none; blank lines are passed over."""
    for line in read_lines(path, FormatError):
        row = read_line(path, line, error)
        if row is not None:
            yield row


def read_line(path: Path, line: Line, error: type[InputError]) -> Row | InputError | None:
    """Return the object of one line, `error` when it holds none, None for a blank line."""
    if line.too_long:
        return error(path, f"the line is longer than {MAX_BYTES} bytes", line.number)
    return row_of(path, line, error) if line.data.strip() else None


def row_of(path: Path, line: Line, error: type[InputError]) -> Row | InputError:
    """Return the object that a line holds, and `error` where it holds none."""
    try:
        value = orjson.loads(line.data)
    except orjson.JSONDecodeError as fault:
        problem = decode(line.data)[1] or f"is not JSON: {fault.msg} (column {fault.colno})"
        return error(path, problem, line.number)
    if not isinstance(value, dict):
        return error(path, f"holds a JSON {type(value).__name__}; each line must be an object", line.number)
    return Row(line.number, value)
