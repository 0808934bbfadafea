"""Files taken in: whole or not at all, once each, replaced when they change."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from glob import glob
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

from schemas.errors import FormatError, InputError, NotFoundError
from schemas.identity import content_id
from schemas.protocols import MentionStore
from schemas.run import FileKind, SourceFile

Row = TypeVar("Row")
ERRORS_KEPT = 100
_BLOCK = 1 << 20


@dataclass
class IngestSummary:
    """What an ingest did.

    files:     how many were taken, unchanged or refused, by that word.
    rows:      how many rows were taken, by kind.
    removed:   how many rows left, by kind: they are no longer in a changed file.
    bad_rows:  how many rows or files could not be read.
    errors:    the first of what was wrong, in the order of the input.
    notices:   what the user should know, one sentence each.
    run_id:    the run, "" when nothing had changed.
    """

    files: dict[str, int] = field(default_factory=lambda: {"taken": 0, "unchanged": 0, "refused": 0})
    rows: dict[str, int] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    bad_rows: int = 0
    errors: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    run_id: str = ""
    seconds: dict[str, float] = field(default_factory=dict)

    def refuse(self, error: InputError) -> None:
        """Count something that could not be read."""
        self.bad_rows += 1
        if len(self.errors) < ERRORS_KEPT:
            self.errors.append(str(error))


@dataclass(frozen=True)
class InputFile(Generic[Row]):
    """A file that is to be taken in.

    read:   yields its rows, and an InputError for each row that is wrong; may be called twice.
    how:    everything but the bytes that decides what is read from it (mapping, type, format).
    """

    path: Path
    shown: str
    kind: FileKind
    source: str
    how: str
    read: Callable[[], Iterator[Row | InputError]]

    @property
    def file_id(self) -> str:
        """Id of the file in the home: by kind, source and place."""
        place = self.shown if self.shown == "-" else str(self.path.resolve())
        return content_id("file", self.kind, self.source, place)

    def content_hash(self) -> str:
        """Hash of the bytes and of how they are read; reads the file once. Raises FormatError when it cannot."""
        digest = hashlib.sha256()
        try:
            with self.path.open("rb") as stream:
                while block := stream.read(_BLOCK):
                    digest.update(block)
        except OSError as error:
            raise FormatError(self.path, f"cannot be read: {error.strerror}") from error
        return content_id(digest.hexdigest(), self.source, self.how)


def find_files(patterns: Sequence[str]) -> list[Path]:
    """Return the files that names and globs lead to, sorted, each once; raises NotFoundError for one that is none."""
    found: set[Path] = set()
    for pattern in patterns:
        path = Path(pattern)
        matches = [path] if path.is_file() else [Path(name) for name in glob(pattern) if Path(name).is_file()]  # noqa: PTH207 - a pattern may be absolute
        if not matches:
            hint = "it is a folder; name its files" if path.is_dir() else ""
            raise NotFoundError("file", pattern, hint=hint)
        found.update(matches)
    return sorted(found)


def check(file: InputFile[Row], summary: IngestSummary, *, strict: bool) -> tuple[int, int]:
    """Read a file once without taking anything; returns how many rows are good and how many are bad.

    With `strict` the first bad row is raised. A file that fails as a whole raises its InputError.
    """
    good = bad = 0
    for row in file.read():
        if isinstance(row, InputError):
            if strict:
                raise row
            summary.refuse(row)
            bad += 1
        else:
            good += 1
    return good, bad


def good_rows(file: InputFile[Row]) -> Iterator[Row]:
    """Yield the rows of a file that can be read."""
    for row in file.read():
        if not isinstance(row, InputError):
            yield row


def chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Yield lists of at most `size` rows."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk


def changed_files(
    store: MentionStore, files: Sequence[InputFile[Row]], summary: IngestSummary, *, strict: bool
) -> Iterator[tuple[InputFile[Row], SourceFile]]:
    """Yield the files that are new, changed or were not taken whole, checked, each with its row to be stored."""
    known = {file.file_id: file for file in store.files()}
    for file in files:
        content_hash = file.content_hash()
        past = known.get(file.file_id)
        if past and past.complete and past.content_hash == content_hash:
            summary.files["unchanged"] += 1
            continue
        try:
            good, bad = check(file, summary, strict=strict)
        except InputError as error:
            if strict:
                raise
            summary.refuse(error)
            summary.files["refused"] += 1
            continue
        if bad and not good:
            # nothing in it can be read: what was taken from it before is worth more than nothing
            summary.files["refused"] += 1
            continue
        row = SourceFile(file.file_id, file.kind, str(file.path.resolve()), file.source, content_hash, good, bad, False)
        store.put_file(row)
        yield file, row
        store.put_file(replace(row, complete=True))
        summary.files["taken"] += 1
