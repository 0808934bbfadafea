"""JSON transcripts: which of the known forms a file has is told by its content."""

from pathlib import Path
from typing import Any

import orjson

from loaders.readers.draft import Draft
from loaders.readers.podcast_json import parse_podcast
from loaders.readers.whisper import parse_whisper
from schemas.errors import DocumentError

_EXPECTED = (
    "expected segments with start, end and text (speech recognition), or with startTime, endTime and body "
    "(Podcasting 2.0); documents of your own go into JSONL"
)


def parse_json(text: str, path: Path) -> Draft:
    """Return the transcript in a JSON text; raises DocumentError when it is of no known form."""
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        raise DocumentError(path, f"is not JSON: {fault.msg} (column {fault.colno})", fault.lineno) from None
    segments = content.get("segments") if isinstance(content, dict) else None
    if not isinstance(segments, list):
        raise DocumentError(path, f"holds {_described(content)}; {_EXPECTED}")
    for place, segment in enumerate(segments, start=1):
        if not isinstance(segment, dict):
            raise DocumentError(path, f"segment {place} is {_described(segment)}; {_EXPECTED}")
    first: dict[str, Any] = segments[0] if segments else {}
    if "body" in first or "startTime" in first:
        return parse_podcast(content, path)
    if "text" in first and "start" in first:
        return parse_whisper(content, path)
    raise DocumentError(path, f"its first segment is {_described(first)}; {_EXPECTED}")


def _described(value: object) -> str:
    if isinstance(value, dict):
        names = ", ".join(list(value)[:10])
        return f"an object with the keys {names}" if names else "an object without keys"
    return f"a JSON {type(value).__name__}"
