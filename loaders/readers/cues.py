"""Cues: from timed pieces of speech to one text in which every piece has its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.document import Cue
from schemas.errors import DocumentError

LATEST_MS = 2**53
"""Latest time that is believed, in milliseconds: beyond it JSON numbers are no longer exact."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of speech as a file states it.

    text:             without markup, white space collapsed; may be empty.
    start_ms, end_ms: milliseconds from the beginning of the recording.
    line:             of the file; None where a format has none.
    place:            what an error calls the piece where there is no line, such as "segment 3".
    """

    text: str
    start_ms: int
    end_ms: int
    speaker: str | None = None
    line: int | None = None
    place: str = ""


def collapsed(text: str) -> str:
    """Return a text with every run of white space as one space and none around it."""
    return " ".join(text.split())


def milliseconds(seconds: object) -> int | None:
    """Return seconds as whole milliseconds, None for what is no number of seconds that can be believed."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        return None
    return round(seconds * 1000) if 0 <= seconds <= LATEST_MS / 1000 else None


def check_times(path: Path, pieces: Sequence[Piece]) -> None:
    """Raise DocumentError for a piece that ends before it starts, or starts before the one before it.

    Pieces that overlap in time are as they should be.
    """
    latest = 0
    for piece in pieces:
        problem = ""
        if piece.end_ms < piece.start_ms:
            problem = f"ends at {piece.end_ms} ms, before its start at {piece.start_ms} ms"
        elif piece.start_ms < latest:
            problem = f"starts at {piece.start_ms} ms, before the one before it at {latest} ms"
        elif piece.end_ms > LATEST_MS:
            problem = f"ends at {piece.end_ms} ms, later than any recording"
        if problem:
            raise DocumentError(path, f"{piece.place or 'cue'} {problem}", piece.line)
        latest = piece.start_ms


def compose(pieces: Sequence[Piece]) -> tuple[str, tuple[Cue, ...]]:
    """Join pieces into one text with a cue for each; empty pieces are dropped.

    Pieces are divided by a space, and by a line end where the speaker changes: text[cue.start:cue.end] is the
    text of the piece.
    """
    parts: list[str] = []
    cues: list[Cue] = []
    position = 0
    for piece in (each for each in pieces if each.text):
        if cues:
            parts.append(" " if cues[-1].speaker == piece.speaker else "\n")
            position += 1
        parts.append(piece.text)
        end = position + len(piece.text)
        cues.append(Cue(position, end, piece.start_ms, piece.end_ms, piece.speaker))
        position = end
    return "".join(parts), tuple(cues)
