"""One execution of a verb, and one file that it took in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

RunKind = Literal[
    "catalog", "documents", "resolve", "promote", "assign", "decide", "merge", "split", "review", "undo", "stream"
]
RunStatus = Literal["running", "finished", "interrupted", "undone"]
FileKind = Literal["catalog", "relations", "documents"]


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of ingest, resolve, promote, assign, decide, merge, split, review or undo; or a stream.

    run_id:      content id of (kind, parent, fingerprint): the same work after the same history has the
                 same id, so a killed run that is started again continues under its own name.
    sequence:    1, 2, 3 ... in the order of the home; decides which decision is newer (never a clock).
    parent:      run_id of the run before it, "" for the first.
    fingerprint: hash of everything that the result depends on (input, settings, index, model).
    started_at, finished_at: UTC, ISO 8601; finished_at "" while running.
    counts:      what was counted, by name.
    seconds:     wall time by stage.
    figures:     what the run measured of itself: tables of whole numbers, by name (kg/run_figures.py); empty in runs
                 that decided nothing, and in those of before figures were kept.
    """

    run_id: str
    kind: RunKind
    sequence: int
    parent: str
    fingerprint: str
    status: RunStatus
    started_at: str
    finished_at: str = ""
    index_version: str = ""
    model_version: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was taken in; it owns the rows that came from it.

    path:         absolute path, or "-" for standard input.
    source:       the catalog source; "" for documents.
    content_hash: SHA-256 of the bytes together with how they were read (mapping, type, given spans).
    complete:     False between the first and the last row written: a killed run leaves it so, and the
                  next ingest of the file takes it again.
    """

    file_id: str
    kind: FileKind
    path: str
    source: str
    content_hash: str
    rows: int
    bad_rows: int
    complete: bool
