"""Texts of strangers as people are shown them: none may command a terminal, or turn the order in which it is read."""

import re

_UNSEEN = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters, which terminals obey
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # every control of direction: marks, embeddings, overrides, isolates
    "\u2028\u2029\ufeff\ufff9-\ufffb"  # line ends that few see, byte-order marks, interlinear annotation
    "\ud800-\udfff"  # halves of a character, which cannot be written as UTF-8
    "]"
)


def visible(text: str, *, keep: str = "") -> str:
    r"""Return a text with controls and marks of direction as escapes, but for those in `keep`.

    The text itself is kept as it was wherever it is stored or exported; this is for display. Joiners stay, for scripts
    and emoji need them.

    >>> visible("track\u202e3pm.exe")
    'track\\u202e3pm.exe'
    """
    return _UNSEEN.sub(lambda found: found[0] if found[0] in keep else _escape(found[0]), text)


def _escape(character: str) -> str:
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"


def shortened(text: str, most: int) -> str:
    """Return a text of at most `most` characters: of a longer one its beginning and its end."""
    half = (most - 5) // 2
    return text if len(text) <= most else f"{text[:half]} ... {text[-half:]}"
