"""How names sound, and how they are shortened: keys for the phonetic and the initials channel."""

import re
from collections.abc import Sequence
from functools import lru_cache

from jellyfish import metaphone

from linkers.normalization import latin

LEAST_CODE = 2
_REPEATED = re.compile(r"(.)\1+")
LEAST_INITIALS = 2
SMALL_WORDS = frozenset(("the", "of", "and", "a", "for", "in", "on"))
"""Words that initials leave out."""


@lru_cache(1 << 17)
def _word_code(word: str) -> str:
    return str(metaphone(word))


def sound_code(key: str) -> str:
    """Return the metaphone code of a key, its words joined; "" when it is shorter than two signs.

    The same for names that sound alike wherever the words are split: "sigur ros", "sigur ross".
    """
    code = "".join(_word_code(word) for word in latin(key).split() if word.isascii())
    squeezed = _REPEATED.sub(r"\1", code)
    return squeezed if len(squeezed) >= LEAST_CODE else ""


def initials(key: str) -> str:
    """Return the initials of a key of at least two words, with small words left out; "" for fewer.

    >>> initials("british broadcasting corporation")
    'bbc'
    """
    words = [word for word in key.split() if word not in SMALL_WORDS]
    return "".join(word[0] for word in words) if len(words) >= LEAST_INITIALS else ""


def sound_codes(keys: Sequence[str]) -> list[str]:
    """Return the codes of keys, in order."""
    return [sound_code(key) for key in keys]
