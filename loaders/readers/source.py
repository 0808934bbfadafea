"""Finding documents: files, folders, globs and standard input."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path

from loaders.readers.sniffing import sniffed_format
from loaders.readers.suffix import unknown_suffix
from schemas.errors import NotFoundError

STANDARD_INPUT = "-"
FORMATS = {
    ".vtt": "vtt",
    ".webvtt": "vtt",
    ".srt": "srt",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
}
"""The format of a document by the suffix of its file."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that holds a document, or several.

    path:   where its bytes are.
    name:   posix path relative to the folder that was given, or the file's name; "-" for standard input.
    format: one of the values of FORMATS.
    """

    path: Path
    name: str
    format: str


def discover(paths: Sequence[str], *, on_skip: Callable[[Path], None] | None = None) -> list[Found]:
    """Return the documents that paths lead to, ordered by name, each once.

    paths:   files, folders (with all that is in them), globs, or "-" for standard input, which is read now and
             kept in a temporary file until the process ends.
    on_skip: is told of each file in a folder or glob whose suffix is no document's. Hidden files are not met.

    Raises NotFoundError for a path that leads to no document, FormatError for a file named by itself whose suffix
    is no document's.
    """
    found: dict[Path, Found] = {}
    for given in dict.fromkeys(paths):
        here = list(_below(given, on_skip))
        if not here:
            raise NotFoundError("document file in", given, hint=f"documents are files of {', '.join(FORMATS)}")
        for each in here:
            found.setdefault(each.path.resolve(), each)
    return sorted(found.values(), key=lambda each: (each.name, str(each.path)))


def _below(given: str, on_skip: Callable[[Path], None] | None) -> Iterator[Found]:
    path = Path(given)
    if not given.strip():
        raise NotFoundError("file or folder", given)
    if given == STANDARD_INPUT:
        yield _standard_input()
    elif path.is_dir():
        yield from _known(_walked(path), path, on_skip)
    elif path.exists():
        if path.suffix.lower() not in FORMATS:
            raise unknown_suffix(path, "documents", FORMATS)
        yield from _known([path], path.parent, None)
    elif has_magic(given):
        yield from _known(_matched(given), _fixed_part(path), on_skip)
    else:
        raise NotFoundError("file or folder", given)


def _known(files: Sequence[Path], base: Path, on_skip: Callable[[Path], None] | None) -> Iterator[Found]:
    for file in files:
        format_name = FORMATS.get(file.suffix.lower())
        if format_name:
            yield Found(file, file.relative_to(base).as_posix(), format_name)
        elif on_skip:
            on_skip(file)


def _walked(folder: Path) -> list[Path]:
    files: list[Path] = []
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files.extend(Path(at, name) for name in sorted(names) if not name.startswith("."))
    return [file for file in files if file.is_file()]


def _matched(pattern: str) -> list[Path]:
    files: list[Path] = []
    for name in sorted(glob(pattern, recursive=True)):  # noqa: PTH207 - a pattern may be absolute
        path = Path(name)
        files.extend(_walked(path) if path.is_dir() else [path])
    return [file for file in files if file.is_file()]


def _fixed_part(pattern: Path) -> Path:
    """Return the folders of a pattern before its first wildcard: names are relative to it."""
    while has_magic(str(pattern)):
        pattern = pattern.parent
    return pattern


def _standard_input() -> Found:
    folder = tempfile.mkdtemp(prefix="kg-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    spool = Path(folder, "stdin")
    with spool.open("wb") as stream:
        shutil.copyfileobj(sys.stdin.buffer, stream)
    format_name = sniffed_format(spool)
    suffix = next(suffix for suffix, name in FORMATS.items() if name == format_name)
    return Found(spool.rename(spool.with_suffix(suffix)), STANDARD_INPUT, format_name)
