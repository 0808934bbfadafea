"""A copy of a text without capitals in which the words that are probably names have them, for the entity recognizer."""

from collections.abc import Sequence

from linkers.extraction.common_words import is_common
from linkers.extraction.tokens import Token


def recased(text: str, tokens: Sequence[Token]) -> str:
    """Return the text in lower case but for the first letters of words that are not common ones.

    An entity recognizer was trained on print and hardly sees a name without its capital. Every character
    keeps its place, so that a span of the copy is a span of the text.
    """
    signs = [_single(sign, sign.lower()) for sign in text]
    for token in tokens:
        if not is_common(text[token.start : token.bare_end].casefold()):
            signs[token.start] = _single(signs[token.start], signs[token.start].upper())
    return "".join(signs)


def _single(sign: str, changed: str) -> str:
    return changed if len(changed) == 1 else sign
