"""The format of a document that has no file name: told by its first bytes."""

import codecs
import re
from pathlib import Path

import orjson

_FIRST_BYTES = 1 << 16
_SRT = re.compile(rb"\s*(?:\d+[ \t\r]*\n\s*)?\d+:\d\d?:\d\d?[,.]\d+\s*-->")


def sniffed_format(path: Path) -> str:
    """Return "vtt", "srt", "json", "jsonl" or "text": Markdown is not told from plain text."""
    with path.open("rb") as stream:
        start = stream.read(_FIRST_BYTES).removeprefix(codecs.BOM_UTF8)
        rest = stream.read(1)
    if start.startswith(b"WEBVTT"):
        return "vtt"
    if _SRT.match(start):
        return "srt"
    if not start.lstrip().startswith(b"{"):
        return "text"
    lines = start.lstrip().split(b"\n", 1)
    if len(lines) == 1 and rest:
        # A first line this long may be either; a transcript names its segments or words early.
        return "json" if b'"segments"' in start else "jsonl"
    try:
        first = orjson.loads(lines[0])
    except orjson.JSONDecodeError:
        return "json"
    return "json" if isinstance(first, dict) and "segments" in first else "jsonl"
