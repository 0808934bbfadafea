"""The words of many texts as numbers, for comparing texts word by word."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linkers.grouping import ranges
from linkers.index.sounds import LEAST_INITIALS, SMALL_WORDS
from linkers.index.word_kernels import count_distinct, count_shared, count_words, join_initials, join_words, read_words
from linkers.packed_text import packed

Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Words:
    """The words of n texts.

    starts: int64 (n + 1,), the words of each text. hashes: uint64, of every word. signs: uint32, what stands for the
    first sign of every word. single: bool, whether a word is that sign alone. joined: uint64 (n,), hash of the text
    without its spaces. digits: bool (n,), whether one of 0 to 9 stands in the text.
    """

    starts: NDArray[np.int64]
    hashes: Hashes
    signs: NDArray[np.uint32]
    single: NDArray[np.bool_]
    joined: Hashes
    digits: NDArray[np.bool_]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Words":
        """Read texts whose words are parted by single spaces."""
        text, begins = packed(texts)
        counts = np.empty(len(texts), dtype=np.int64)
        count_words(text, begins, counts)
        starts = np.concatenate([[0], np.cumsum(counts)])
        hashes, joined = np.empty(starts[-1], dtype=np.uint64), np.empty(len(texts), dtype=np.uint64)
        signs, single = np.empty(starts[-1], dtype=np.uint32), np.empty(starts[-1], dtype=np.bool_)
        read_words(text, begins, hashes, signs, single)
        digits = np.empty(len(texts), dtype=np.bool_)
        join_words(text, begins, joined, digits)
        return cls(starts, hashes, signs, single, joined, digits)

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """How many words each text has."""
        return np.diff(self.starts)

    @cached_property
    def distinct(self) -> NDArray[np.int64]:
        """How many different words each text has."""
        counts = np.empty(len(self.starts) - 1, dtype=np.int64)
        count_distinct(self.starts, self.hashes, counts)
        return counts

    @cached_property
    def initials(self) -> Hashes:
        """The hash of each text's initials as `joined` has it, small words left out; 0 for fewer than two."""
        found = np.empty(len(self.starts) - 1, dtype=np.uint64)
        join_initials(self.starts, self.hashes, self.signs, _SMALL, LEAST_INITIALS, found)
        return found

    def first(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return what a column of the words has for the first word of each text, 0 without words."""
        return self._at(values, self.starts[:-1])

    def last(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return what a column of the words has for the last word of each text, 0 without words."""
        return self._at(values, self.starts[1:] - 1)

    def _at(self, values: NDArray[Any], places: NDArray[np.int64]) -> NDArray[Any]:
        there = self.sizes > 0
        found = np.zeros(len(there), dtype=values.dtype)
        found[there] = values[places[there]]
        return found

    def of_texts(self, rows: NDArray[np.int64]) -> Hashes:
        """Return the hashes of the words of some texts, one text behind the other."""
        return self.hashes[ranges(self.starts[rows], self.sizes[rows])]

    def shared(self, other: "Words", rows: NDArray[np.integer], other_rows: NDArray[np.integer]) -> NDArray[np.int64]:
        """Return how many different words the texts of each pair of rows have in common."""
        counts = np.empty(len(rows), dtype=np.int64)
        own, others = rows.astype(np.int64), other_rows.astype(np.int64)
        count_shared(self.starts, self.hashes, other.starts, other.hashes, own, others, counts)
        return counts


def word_hashes(words: Sequence[str]) -> Hashes:
    """Return the hashes that single words have in `Words`."""
    return Words.of(words).hashes


_SMALL = word_hashes(sorted(SMALL_WORDS))
