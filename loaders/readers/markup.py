"""Markup inside subtitles: voice tags say who speaks, every other tag is only dress."""

import html
import re
from collections.abc import Iterator
from html.entities import html5

from loaders.readers.cues import Piece, collapsed

_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t\n]([^<>]*)>|(</v>)")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*|/|[\d:.]+)>|\{\\[^{}]*\}")
# With its semicolon only: the lenient reading of HTML would turn "Rock&reggae" into a registered trade mark.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def plain(text: str) -> str:
    """Return a text without tags, its HTML entities resolved, its white space collapsed."""
    without_tags = _TAG.sub("", _BREAK.sub(" ", text))
    return collapsed(_ENTITY.sub(_resolved, without_tags))


def _resolved(entity: re.Match[str]) -> str:
    """Return what an entity stands for; one with a name that HTML does not know stays as it is."""
    name = entity[0][1:]
    return html.unescape(entity[0]) if name.startswith("#") else html5.get(name, entity[0])


def voiced(payload: str, timing: Piece) -> Iterator[Piece]:
    """Yield a piece for each voice in the payload of a cue, all with the times of `timing`.

    A voice lasts to the next voice tag, its end tag or the end of the cue; what is before has the speaker of
    `timing`. At least one piece is yielded.
    """
    speaker, position = timing.speaker, 0
    texts = []
    for match in _VOICE.finditer(payload):
        texts.append((speaker, plain(payload[position : match.start()])))
        speaker = None if match[2] else plain(match[1]) or None
        position = match.end()
    texts.append((speaker, plain(payload[position:])))
    for speaker, text in [each for each in texts if each[1]] or texts[-1:]:
        yield Piece(text, timing.start_ms, timing.end_ms, speaker, timing.line, timing.place)
