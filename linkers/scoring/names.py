"""What a name is made of: its core, words, numbers and marks, for comparing it with another name."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from linkers.extraction.common_words import is_common, is_given_name
from linkers.grouping import found_at
from linkers.index.words import Hashes, Words, word_hashes
from linkers.normalization import latin, normalize
from linkers.packed_text import hashes

_HONORIFICS_TEXT = """
mr mrs ms messrs miss mme mdme mlle madame mademoiselle monsieur dr prof professor doctor sir lady lord dame
rev reverend st saint capt captain col colonel gen general herr frau sig signor signora sgt president the a an
"""
_HONORIFICS = frozenset(_HONORIFICS_TEXT.split())
_VERSION_WORDS_TEXT = """
live remix remixed mix demo remaster remastered acoustic instrumental karaoke edit unplugged cover reprise deluxe
extended rerecorded mono stereo session sessions
"""
_VERSIONS = np.sort(word_hashes(_VERSION_WORDS_TEXT.split()))
_NUMERALS = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}  # fmt: skip
_NUMERAL_WORDS = np.sort(word_hashes(list(_NUMERALS)))
_DIGITS = re.compile(r"\d+")
_TAIL = re.compile(r"\s*(?:,.*|[(\[][^)\]]*[)\]])\Z")

Flags = NDArray[np.bool_]


class Names:
    """What the words of n names are, one row a name; what is never asked for is never computed.

    texts: as they are written. keys: their normal forms, where they are known.
    """

    def __init__(self, texts: Sequence[str], keys: Sequence[str] | None = None) -> None:
        self.texts = texts
        self.keys = [normalize(text) for text in texts] if keys is None else keys

    @cached_property
    def cores(self) -> list[str]:
        """The keys without honorifics and determiners, in Latin letters."""
        return [latin(_bare(key) if key.partition(" ")[0] in _HONORIFICS else key) for key in self.keys]

    @cached_property
    def stripped(self) -> Flags:
        """Whether the core is less than the key in Latin letters."""
        pairs = zip(self.cores, self.keys, strict=True)
        return _flags(core is not key and core != latin(key) for core, key in pairs)

    @cached_property
    def core(self) -> Hashes:
        """What stands for the core."""
        return hashes(self.cores)

    @cached_property
    def length(self) -> NDArray[np.int64]:
        """How many signs the core has."""
        return np.fromiter(map(len, self.cores), dtype=np.int64, count=len(self.cores))

    @cached_property
    def words(self) -> Words:
        """The words of the core."""
        return Words.of(self.cores)

    @cached_property
    def size(self) -> NDArray[np.int64]:
        """How many words the core has, at least 1."""
        return np.maximum(self.words.sizes, 1)

    @cached_property
    def first(self) -> Hashes:
        """What stands for the first word of the core."""
        return self.words.first(self.words.hashes)

    @cached_property
    def last(self) -> Hashes:
        """What stands for the last word of the core."""
        return self.words.last(self.words.hashes)

    @cached_property
    def sign(self) -> NDArray[np.uint32]:
        """What stands for the first sign of the core."""
        return self.words.first(self.words.signs)

    @cached_property
    def begins_with_initial(self) -> Flags:
        """Whether the first word is one sign."""
        return self.words.first(self.words.single).astype(bool)

    @cached_property
    def lettered(self) -> Flags:
        """Whether first and last word begin with a letter."""
        return _is_letter(self.sign) & _is_letter(self.words.last(self.words.signs))

    @cached_property
    def numbers(self) -> Hashes:
        """What stands for the numbers in the core, in any order; 0 for none. Behind the first word, words count too."""
        may_hold = self._over_words((found_at(self.words.hashes, _NUMERAL_WORDS) >= 0).astype(np.int64)) > 0
        may_hold |= self.words.digits
        found = np.zeros(len(self.texts), dtype=np.uint64)
        rows = np.flatnonzero(may_hold)
        numbers = [_numbers(self.cores[row]) for row in rows.tolist()]
        found[rows] = np.where(_flags(numbers), hashes(numbers), np.uint64(0))
        return found

    @cached_property
    def version(self) -> NDArray[np.int64]:
        """Which version words stand behind the first word, a bit each."""
        place = found_at(self.words.hashes, _VERSIONS)
        bits = np.where(place >= 0, np.left_shift(1, place), 0)
        bits[self.words.starts[:-1][self.words.sizes > 0]] = 0
        return self._over_words(bits)

    @cached_property
    def capital(self) -> Flags:
        """Whether a capital letter stands in the text."""
        return _flags(map(has_capital, self.texts))

    @cached_property
    def shouted(self) -> Flags:
        """Whether the text is written in capitals."""
        return _flags(text.upper() == text for text in self.texts)

    @cached_property
    def common(self) -> Flags:
        """Whether the name is one common English word."""
        return self._one_word(is_common)

    @cached_property
    def given(self) -> Flags:
        """Whether the name is one usual given name."""
        return self._one_word(is_given_name)

    @cached_property
    def lower(self) -> Hashes:
        """What stands for the text in small letters."""
        return hashes([text.lower() for text in self.texts])

    @cached_property
    def head(self) -> Hashes:
        """What stands for the text in small letters before a comma or a last bracket; 0 where there is none."""
        may_end = _flags("," in text or text[-1:] in (")", "]") for text in self.texts)
        found = np.zeros(len(self.texts), dtype=np.uint64)
        rows = np.flatnonzero(may_end)
        heads = [_TAIL.sub("", self.texts[row], count=1).lower() for row in rows.tolist()]
        shorter = _flags(head != self.texts[row].lower() for head, row in zip(heads, rows.tolist(), strict=True))
        found[rows] = np.where(shorter, hashes(heads), np.uint64(0))
        return found

    def _one_word(self, holds: Callable[[str], bool]) -> Flags:
        bare = (_bare(key) for key in self.keys)
        return _flags(bool(key) and " " not in key and holds(key) for key in bare)

    def _over_words(self, bits: NDArray[np.int64]) -> NDArray[np.int64]:
        found = np.zeros(len(self.texts), dtype=np.int64)
        there = self.words.sizes > 0
        if there.any():
            found[there] = np.bitwise_or.reduceat(bits, self.words.starts[:-1][there])
        return found


def _flags(values: Iterable[object]) -> Flags:
    return np.fromiter(map(bool, values), dtype=bool)


def has_capital(text: str) -> bool:
    """Say whether a capital letter stands in a text."""
    if text.isascii():
        return text != text.lower()
    return any(unicodedata.category(sign) == "Lu" for sign in text)


def _bare(key: str) -> str:
    """Return a key without the honorifics and determiners before it; the last word stays."""
    head, space, rest = key.partition(" ")
    while space and head in _HONORIFICS:
        key = rest
        head, space, rest = key.partition(" ")
    return key


def _numbers(core: str) -> str:
    words = core.split()
    spelled = [_NUMERALS[w] for w in words[1:] if w in _NUMERALS]
    found = spelled + [n for word in words for n in _DIGITS.findall(word)]
    return " ".join(sorted(n.lstrip("0") or "0" for n in found))


def _is_letter(signs: NDArray[np.uint32]) -> Flags:
    """Say of first signs whether they are letters; other signs than those of ASCII are."""
    small = signs | np.uint32(32)
    return (signs > 127) | ((small >= ord("a")) & (small <= ord("z")))
