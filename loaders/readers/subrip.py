"""SubRip (SRT) transcripts."""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import srt

from loaders.readers.cues import Piece, check_times, compose
from loaders.readers.draft import Draft
from loaders.readers.markup import voiced
from loaders.readers.timing_lines import timings
from schemas.errors import DocumentError

_LONGEST_TIME_CODE = 24
_MILLISECOND = dt.timedelta(milliseconds=1)


def parse_srt(text: str, path: Path) -> Draft:
    """Return the transcript in an SRT text: its cues, and speakers where it has voice tags.

    Raises DocumentError with the line for a cue that cannot be read, or a time that runs backwards.
    """
    pieces = list(_pieces(text.split("\n"), path))
    check_times(path, pieces)
    composed, cues = compose(pieces)
    return Draft(composed, "transcript", cues)


def _pieces(lines: list[str], path: Path) -> Iterator[Piece]:
    """Yield the voices of each cue.

    The cues are told apart here, line by line, and only their time codes are left to the library: its expression
    for a whole file takes quadratic time on long runs of blanks or digits.
    """
    found = list(timings(path, lines, _milliseconds))
    begins = [_begin(lines, timing.line - 1) for timing in found] + [len(lines)]
    for number, line in enumerate(lines[: begins[0]], start=1):
        if line.strip():
            raise DocumentError(path, f"{line[:40]!r} stands before the first cue; is it SRT?", number)
    for timing, (_, behind) in zip(found, pairwise(begins), strict=True):
        payload = "\n".join(lines[timing.line : behind])
        yield from voiced(payload, Piece("", timing.start_ms, timing.end_ms, line=timing.line))


def _begin(lines: list[str], timing_place: int) -> int:
    """Return where the cue begins: at its number, or at its time codes when it has none."""
    numbered = timing_place > 0 and lines[timing_place - 1].strip().isdecimal()
    return timing_place - 1 if numbered else timing_place


def _milliseconds(time_code: str) -> int:
    if len(time_code) > _LONGEST_TIME_CODE:
        raise ValueError(time_code)
    try:
        return int(srt.srt_timestamp_to_timedelta(time_code) // _MILLISECOND)
    except srt.TimestampParseError as fault:
        raise ValueError(time_code) from fault
