"""Podcasting 2.0 transcripts in JSON: segments with speaker, startTime, endTime and body."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loaders.readers.cues import Piece, check_times, compose
from loaders.readers.draft import Draft
from loaders.readers.markup import plain
from loaders.readers.segment import Segment


def parse_podcast(content: dict[str, Any], path: Path) -> Draft:
    """Return the transcript in the segments of a Podcasting 2.0 transcript; times are seconds.

    Raises DocumentError with the number of the segment that is wrong.
    Source: the transcript JSON of the podcast namespace (Podcasting 2.0), version 1.0.0.
    """
    pieces = list(_pieces(content, path))
    check_times(path, pieces)
    text, cues = compose(pieces)
    return Draft(text, "transcript", cues)


def _pieces(content: dict[str, Any], path: Path) -> Iterator[Piece]:
    for number, values in enumerate(content["segments"], start=1):
        segment = Segment(path, f"segment {number}", values)
        times = segment.time("startTime"), segment.time("endTime")
        yield Piece(plain(segment.text("body")), *times, segment.speaker(), place=segment.place)
