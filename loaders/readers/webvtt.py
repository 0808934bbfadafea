"""WebVTT transcripts."""

from collections.abc import Iterator
from pathlib import Path

from webvtt import WebVTT
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Timestamp

from loaders.readers.cues import Piece, check_times, compose
from loaders.readers.draft import Draft
from loaders.readers.markup import plain, voiced
from loaders.readers.timing_lines import timings
from schemas.errors import DocumentError

_LONGEST_TIME_CODE = 24


def parse_webvtt(text: str, path: Path) -> Draft:
    """Return the transcript in a WebVTT text: its cues, speakers by voice tags, the title that its header states.

    Raises DocumentError with the line for a cue that cannot be read, or a time that runs backwards.
    """
    try:
        transcript = WebVTT.from_string(text)
    except MalformedFileError:
        found = text[:20].partition("\n")[0]
        raise DocumentError(path, f"is not WebVTT: it begins with {found!r}, not with 'WEBVTT'", 1) from None
    pieces = list(_pieces(text, path, transcript))
    check_times(path, pieces)
    composed, cues = compose(pieces)
    metadata = dict(line.split(":", 1) for line in transcript.metadata if ":" in line)
    title = plain(transcript.header_text).removeprefix("-").strip()
    return Draft(composed, "transcript", cues, title=title, language=metadata.get("Language", "").strip())


def _pieces(text: str, path: Path, transcript: WebVTT) -> Iterator[Piece]:
    captions = iter(transcript.captions)
    for timing in timings(path, text.split("\n"), _milliseconds):
        caption = next(captions, None)
        times = caption and (caption.start_time.in_milliseconds(), caption.end_time.in_milliseconds())
        if caption is None or times != (timing.start_ms, timing.end_ms):
            raise DocumentError(path, "the cue that begins here is malformed", timing.line)
        yield from voiced(caption.raw_text, Piece("", timing.start_ms, timing.end_ms, line=timing.line))


def _milliseconds(time_code: str) -> int:
    if len(time_code) > _LONGEST_TIME_CODE:
        raise ValueError(time_code)
    try:
        return int(Timestamp.from_string(time_code).in_milliseconds())
    except MalformedCaptionError as fault:
        raise ValueError(time_code) from fault
