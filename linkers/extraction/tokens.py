"""Words of a text with their offsets, cut so that any name is a run of them."""

import re
from dataclasses import dataclass

_RUN = re.compile(r"[^\s\-‐-―−/\\|,;…\"“”„«»()\[\]{}<>*_]+")
_SIGNS = re.compile(r"(?<!\S)[^\w\s\"'“”‘’„«»,;]{2,}(?=[\s,;\"”’)]|$)")
_LEADING = "'’‘`´.:!?¡¿#@"
_TRAILING = "'’‘`´.:!?"
_POSSESSIVE = re.compile(r"['’´`][sS]\Z")
_BLANK_LINE = re.compile(r"\n\s*\n")

FREE, PUNCTUATED, CLOSED = 0, 1, 2
"""What stands between two words: nothing that parts them, punctuation, or the end of a paragraph."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, without the punctuation around it.

    start, end: half-open code points.
    bare_end:   end without a possessive 's; equal to `end` when there is none.
    """

    start: int
    end: int
    bare_end: int


def tokenize(text: str) -> list[Token]:
    """Return the words of a text in order, not overlapping.

    Hyphens, slashes, commas, quotes and brackets part words; apostrophes, dots and other signs inside
    a word do not. A run of signs that stands alone ("!!!") is a word too.
    """
    tokens = [token for match in _RUN.finditer(text) if (token := _trimmed(text, *match.span()))]
    signs = [Token(m.start(), m.end(), m.end()) for m in _SIGNS.finditer(text)]
    if not signs:
        return tokens
    covered = {place for sign in signs for place in range(sign.start, sign.end)}
    kept = [token for token in tokens if token.start not in covered]
    return sorted([*kept, *signs], key=lambda token: token.start)


def _trimmed(text: str, start: int, end: int) -> Token | None:
    word = text[start:end]
    if word.isalnum():  # most words: nothing to trim
        return Token(start, end, end)
    if not any(c.isalnum() for c in word):
        return Token(start, end, end) if word in "&+" else None
    start += len(word) - len(word.lstrip(_LEADING))
    word = word.strip(_LEADING + _TRAILING)
    end = start + len(word)
    possessive = _POSSESSIVE.search(word)
    return Token(start, end, start + possessive.start() if possessive and possessive.start() else end)


def gap_kind(gap: str) -> int:
    """Say whether a name may run across the text between two words: FREE, PUNCTUATED or CLOSED."""
    if not gap or gap in " -/'’":
        return FREE
    if len(gap) > 8 or _BLANK_LINE.search(gap):
        return CLOSED
    if all(c.isspace() or c in "-‐‑–/'’&+" for c in gap):
        return FREE
    return PUNCTUATED
