"""Speech-recognition JSON in Whisper's form: segments, and perhaps words with times of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loaders.readers.cues import Piece, check_times, collapsed, compose
from loaders.readers.draft import Draft
from loaders.readers.segment import Segment
from schemas.document import Cue
from schemas.errors import DocumentError


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A segment, and its words; no words where one of them has no time."""

    segment: Piece
    words: tuple[Piece, ...]


def parse_whisper(content: dict[str, Any], path: Path) -> Draft:
    """Return the transcript in the segments of a speech recognition; times are seconds.

    Where a segment has words, there is a cue for each of them, so that times are exact; where a word has no time
    or is not found in the segment's text, the segment is one cue. Raises DocumentError with the number of the
    segment that is wrong.
    """
    spoken = [
        _spoken(Segment(path, f"segment {number}", values)) for number, values in enumerate(content["segments"], 1)
    ]
    check_times(path, [each.segment for each in spoken])
    for each in spoken:
        check_times(path, each.words)
    text, segments = compose([each.segment for each in spoken])
    words = [each.words for each in spoken if each.segment.text]
    cues = tuple(cue for pair in zip(segments, words, strict=True) for cue in _located(text, *pair))
    language = content.get("language")
    return Draft(text, "transcript", cues, language=language if isinstance(language, str) else "")


def _spoken(segment: Segment) -> _Spoken:
    words = _words(segment)
    voices = {word.speaker for word in words}
    speaker = segment.speaker() or (voices.pop() if len(voices) == 1 else None)
    text = collapsed(segment.text("text"))
    return _Spoken(Piece(text, segment.time("start"), segment.time("end"), speaker, place=segment.place), words)


def _words(segment: Segment) -> tuple[Piece, ...]:
    listed = segment.values.get("words") or []
    if not isinstance(listed, list):
        raise DocumentError(segment.path, f"{segment.place}: words is not a list")
    words = []
    for number, values in enumerate(listed, start=1):
        place = f"{segment.place} word {number}"
        if not isinstance(values, dict):
            raise DocumentError(segment.path, f"{place} is not an object")
        word = Segment(segment.path, place, values)
        if word.values.get("start") is None or word.values.get("end") is None:
            return ()
        text, speaker = collapsed(word.text("word")), word.speaker() or segment.speaker()
        words.append(Piece(text, word.time("start"), word.time("end"), speaker, place=place))
    return tuple(word for word in words if word.text)


def _located(text: str, segment: Cue, words: Sequence[Piece]) -> Iterator[Cue]:
    """Yield a cue for each word, found one behind the other in the segment's part of the text."""
    cues: list[Cue] = []
    position = segment.start
    for word in words:
        start = text.find(word.text, position, segment.end)
        if start < 0:
            cues.clear()
            break
        position = start + len(word.text)
        cues.append(Cue(start, position, word.start_ms, word.end_ms, word.speaker))
    yield from cues or [segment]
