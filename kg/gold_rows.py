"""Writing gold files: a row more, or another row for a span, the other bytes as they were."""

import csv
import fcntl
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import orjson

from schemas.errors import FormatError, GoldError, InputError
from schemas.span import GoldSpan

COLUMNS = ("doc_id", "start", "end", "surface", "entity_id", "cluster", "type", "note")
_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_OBJECTS = (".jsonl", ".ndjson")
_NEEDED = ("doc_id", "start", "end", "entity_id")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one process at a time change the files of a folder in this way; waits. Raises InputError."""
    try:
        handle = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise InputError(path, f"its folder cannot be opened: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def check_suffix(path: Path) -> None:
    """Raise FormatError when rows cannot be written in the format that a file's suffix names."""
    suffix = path.suffix.lower()
    if suffix not in _OBJECTS and suffix not in _DELIMITERS:
        valid = ", ".join((*_OBJECTS, *_DELIMITERS))
        raise FormatError(path, f"suffix {path.suffix!r} is not a format that gold is written in; valid: {valid}")


def put_row(path: Path, span: GoldSpan) -> None:
    """Add a row to a gold file, made when it is missing; a row of the same span is replaced in its place.

    The file changes by a rename: it is whole at any time. Raises InputError, GoldError when a CSV file lacks a column
    that the row needs.
    """
    before = path.read_bytes() if path.exists() else b""
    suffix = path.suffix.lower()
    after = _with_object(before, span) if suffix in _OBJECTS else _with_line(path, before, span, _DELIMITERS[suffix])
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        with unfinished.open("wb") as out:
            out.write(after)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise InputError(path, f"cannot be written: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _values(span: GoldSpan) -> dict[str, str | int | None]:
    """Return the fields of a row in the order of COLUMNS; empty ones that nobody needs are left out."""
    found: dict[str, str | int | None] = {name: getattr(span, name) for name in COLUMNS}
    return {name: value for name, value in found.items() if value or name in _NEEDED}


def _with_object(before: bytes, span: GoldSpan) -> bytes:
    row = orjson.dumps(_values(span), option=orjson.OPT_APPEND_NEWLINE)
    lines = [line if line.endswith(b"\n") else line + b"\n" for line in before.splitlines(keepends=True)]
    same = [number for number, line in enumerate(lines) if line.strip() and _is_at(orjson.loads(_bare(line)), span)]
    if same:
        lines[same[0]] = row
        return b"".join(line for number, line in enumerate(lines) if number not in same[1:])
    return b"".join([*lines, row])


def _bare(line: bytes) -> bytes:
    return line.removeprefix(b"\xef\xbb\xbf")


def _with_line(path: Path, before: bytes, span: GoldSpan, delimiter: str) -> bytes:
    text = before.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row]
    header = [name.strip() for name in rows[0]] if rows else list(COLUMNS)
    values = _values(span)
    # surface and type follow from the place and the entity; the rest would be lost
    lacking = [name for name in values if name not in (*header, "surface", "type")]
    if lacking:
        raise GoldError(f"{path} has no column {lacking[0]!r} to hold {values[lacking[0]]!r}; add it to the header")
    made = ["" if (value := values.get(name)) is None else str(value) for name in header]
    same = [n for n, row in enumerate(rows) if n and _is_at(dict(zip(header, row, strict=False)), span)]
    if not same:
        ended = text if not text or text.endswith(("\n", "\r")) else text + "\n"
        return (ended + _lines([made] if rows else [header, made], delimiter)).encode()
    rows[same[0]] = made
    return _lines([row for n, row in enumerate(rows) if n not in same[1:]], delimiter).encode()


def _is_at(row: dict[str, object], span: GoldSpan) -> bool:
    return str(row["doc_id"]) == span.doc_id and _number(row["start"]) == span.start and _number(row["end"]) == span.end


def _number(value: object) -> int:
    return int(float(str(value)))


def _lines(rows: list[list[str]], delimiter: str) -> str:
    out = io.StringIO()
    for row in rows:
        # the module quotes a value for its line ends only where they are the file's own
        quoting: Literal[0, 1] = csv.QUOTE_ALL if any("\r" in value for value in row) else csv.QUOTE_MINIMAL
        csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=quoting).writerow(row)
    return out.getvalue()
