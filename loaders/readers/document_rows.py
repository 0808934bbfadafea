"""Documents in JSONL: one a line, written text or speech with cues."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from loaders.readers.cues import LATEST_MS, Piece, check_times, collapsed, compose
from loaders.readers.draft import Draft
from loaders.readers.lines import unified_line_ends
from loaders.readers.row import Row, Values
from loaders.readers.rows import Layout
from schemas.document import Cue
from schemas.errors import DocumentError, InputError

_OPTIONAL = ("text", "title", "kind", "published", "uri", "language", "cues")


def document_layout(mapping: Mapping[str, str]) -> Layout:
    """Return the fields of a document; raises ConfigError for a mapping of none of them."""
    return Layout("documents", DocumentError, ("id",), _OPTIONAL, mapping)


def parse_document_row(path: Path, row: Row | InputError, layout: Layout) -> tuple[str, Draft, str]:
    """Return the id, what the row says, and its uri ("" if none).

    The text is taken verbatim but for line ends (LF). Cues have start_ms and end_ms (milliseconds) and perhaps a
    speaker; where they are in the text is told by start and end, or found by their own text; without a text of
    the document it is made of theirs. Raises DocumentError.
    """
    if not isinstance(row, Row):
        raise row
    values = Values(row, layout.column, partial(_failed, path, row.line))
    doc_id = values.required("id").strip()
    text = unified_line_ends(values.text("text"))
    cues: tuple[Cue, ...] = ()
    listed = _cue_values(path, row, values)
    if listed and not text.strip():
        pieces = [_piece(cue) for cue in listed]
        check_times(path, pieces)
        text, cues = compose(pieces)
    elif listed:
        cues = _placed(text, listed)
        check_times(path, [Piece("", cue.start_ms, cue.end_ms, line=row.line) for cue in cues])
    draft = Draft(
        text,
        values.word("kind") or ("transcript" if cues else ""),
        cues,
        title=collapsed(values.text("title")),
        published=values.word("published"),
        language=values.word("language"),
    )
    return doc_id, draft, values.word("uri")


def _failed(path: Path, line: int, problem: str) -> DocumentError:
    return DocumentError(path, problem, line)


def _cue_values(path: Path, row: Row, values: Values) -> list[Values]:
    listed: Any = values.get("cues") or []
    if not isinstance(listed, list):
        raise values.fail("cues is not a list")
    found = []
    for number, cue in enumerate(listed, start=1):
        if not isinstance(cue, dict):
            raise values.fail(f"cue {number} is not an object")

        def fail(problem: str, number: int = number) -> DocumentError:
            return _failed(path, row.line, f"cue {number}: {problem}")

        found.append(Values(Row(row.line, cue), str, fail))
    return found


def _times(cue: Values) -> tuple[int, int]:
    start_ms, end_ms = cue.whole("start_ms"), cue.whole("end_ms")
    if end_ms > LATEST_MS:
        raise cue.fail(f"end_ms {end_ms} is later than any recording")
    return start_ms, end_ms


def _speaker(cue: Values) -> str | None:
    return collapsed(cue.text("speaker")) or None


def _piece(cue: Values) -> Piece:
    return Piece(collapsed(cue.required("text")), *_times(cue), _speaker(cue), line=cue.row.line)


def _placed(text: str, listed: Sequence[Values]) -> tuple[Cue, ...]:
    cues: list[Cue] = []
    position = 0
    for cue in listed:
        start, end = _place(text, cue, position)
        if not position <= start < end <= len(text):
            problem = f"[{start}, {end}) is not behind the cue before it and within the text of {len(text)} characters"
            raise cue.fail(problem)
        cues.append(Cue(start, end, *_times(cue), _speaker(cue)))
        position = end
    return tuple(cues)


def _place(text: str, cue: Values, position: int) -> tuple[int, int]:
    if cue.get("start") is not None:
        return cue.whole("start"), cue.whole("end")
    words = unified_line_ends(cue.required("text")).strip()
    start = text.find(words, position)
    if start < 0:
        raise cue.fail(f"its text {words[:40]!r} is not in the text of the document, behind the cue before it")
    return start, start + len(words)
