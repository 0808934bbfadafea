"""Keys: the form under which two writings of one name are equal."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

from linkers.packed_text import hashes

NORMALIZATION_VERSION = "3"
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "’": "'", "‘": "'", "ʼ": "'"}
)
_LETTER = r"[^\W\d_]"
_INSIDE = re.compile(rf"(?<={_LETTER})[!$@](?={_LETTER})|(?<!\w)\$(?={_LETTER})|(?<={_LETTER})\$(?!\w)")
_TRADE_MARKS = str.maketrans("", "", "™®©℠℗")
_STYLED = {"!": "i", "$": "s", "@": "a"}
_AND = re.compile(r"\s*&\s*|(?<=\s)\+(?=\s)")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=\w)'(?=\s|$)|(?<=\s)'(?=\w)")
_INITIAL_DOT = re.compile(r"(?<=\b\w)\.(?=\w\b)|(?<=\b\w\.\w)\.")
_SIGNS = re.compile(r"(?:[^\w]|_)+")
_SPACES = re.compile(r"\s+")
_BRACKETS = re.compile(r"\s*[(\[{][^)\]}]*[)\]}]\s*$")
_DETERMINER = re.compile(r"the (?=\w{3})(?!the$)")
_CACHE = 1 << 18
_FIRST_MARK_THAT_IS_A_LETTER = 0x0900  # Devanagari; before it come Latin, Greek, Cyrillic, Hebrew, Arabic


@lru_cache(_CACHE)
def normalize(text: str) -> str:
    """Return the key of a name.

    Compatibility forms are folded (NFKC), case is folded, marks on Latin, Greek and Cyrillic letters are
    dropped, stylised
    signs read as the letters that they stand for, apostrophes dropped, "&" is "and", every other sign is a
    space, and spaces are
    single. Never empty for a name that has a visible sign.

    >>> normalize("Beyoncé"), normalize("Ke$ha"), normalize("P!nk"), normalize("AC/DC"), normalize("!!!")
    ('beyonce', 'kesha', 'pink', 'ac dc', '!!!')
    """
    if text.isascii() and text.replace(" ", "").isalnum():
        # nothing but plain letters, digits and spaces: most names, and every step below would leave them
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", text.translate(_TRADE_MARKS)).casefold().translate(_LETTERS)
    if not folded.isascii():
        folded = _without_marks(folded)
    read = _INSIDE.sub(lambda found: _STYLED[found.group(0)], folded)
    read = _AND.sub(" and ", read)
    read = _INITIAL_DOT.sub("", _APOSTROPHE.sub("", read))
    key = _SPACES.sub(" ", _SIGNS.sub(" " if read.isascii() else _space_or_marks, read)).strip()
    return key or _SPACES.sub(" ", folded).strip() or _SPACES.sub(" ", text).strip()


def _without_marks(text: str) -> str:
    """Drop marks on letters of alphabets, and signs without width; scripts whose marks are letters keep them."""
    kept = []
    for sign in unicodedata.normalize("NFD", text):
        kind = unicodedata.category(sign)
        if kind != "Cf" and not (kind == "Mn" and ord(sign) < _FIRST_MARK_THAT_IS_A_LETTER):
            kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept))


def _space_or_marks(found: re.Match[str]) -> str:
    """Keep the vowel marks of Indic and other scripts, which no word pattern holds; the rest is a space."""
    signs = found.group()
    return "".join(sign if unicodedata.category(sign)[0] == "M" else " " for sign in signs)


@lru_cache(_CACHE)
def key_variants(text: str) -> tuple[str, ...]:
    """Return the key of a name and the variants under which it is found too, the key first, without duplicates.

    Variants: without a leading "the", without a bracketed tail, written as one word, in Latin letters.

    >>> key_variants("The Beatles")
    ('the beatles', 'beatles', 'thebeatles')
    """
    key = normalize(text)
    forms = [key]
    if text.rstrip().endswith((")", "]", "}")):
        forms.append(normalize(_BRACKETS.sub("", text)) or key)
    forms += [form[4:] for form in forms if _DETERMINER.match(form)]
    forms += [latin(form) for form in forms if not form.isascii()]
    forms += [form.replace(" ", "") for form in forms if " " in form and len(form) > 3]
    return tuple(dict.fromkeys(form for form in forms if form))


def latin(key: str) -> str:
    """Return a key in Latin letters; the key itself when it has them already.

    >>> latin("чаиковскии")
    'chaikovskii'
    """
    return key if key.isascii() else _in_latin(key)


@lru_cache(_CACHE)
def _in_latin(key: str) -> str:
    return normalize(anyascii(key)) or key


def key_hash(key: str) -> int:
    """Return 64 bits that stand for a key, the same on every machine."""
    return int(hashes([key])[0])


def key_hashes(keys: Sequence[str] | Iterable[str]) -> NDArray[np.uint64]:
    """Return the hashes of keys as uint64, in order."""
    return hashes(keys if isinstance(keys, list) else list(keys))
