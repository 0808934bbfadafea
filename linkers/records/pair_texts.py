"""What the texts of pairs are compared by: arrays, and the loop over them for some pairs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.records.pair_kernels import BY_COLUMN, OVERALL, compare
from linkers.records.terms import Codes, Floats32, Starts, Terms


@dataclass(frozen=True, slots=True)
class PairTexts:
    """Words and letter groups of each cell, where those of a cell begin, and their weights; see `Terms`.

    columns: of the table. shown: the first so many have features of their own.
    """

    words: Codes
    word_starts: Starts
    word_weights: Floats32
    grams: Codes
    gram_starts: Starts
    gram_weights: Floats32
    columns: int
    shown: int

    @classmethod
    def of(cls, known: Terms, shown: int) -> "PairTexts":
        """Return the terms of a table as pairs are compared by them."""
        return cls(*known.words, *known.grams, known.columns, shown)

    @property
    def width(self) -> int:
        """How many features a pair has."""
        return OVERALL + BY_COLUMN * self.shown

    def compare(self, pairs: range, left: NDArray[np.int32], right: NDArray[np.int32], out: Floats32) -> None:
        """Write the features of some of the pairs into their rows of out, float32 (pairs, width)."""
        words = (self.words, self.word_starts, self.word_weights)
        grams = (self.grams, self.gram_starts, self.gram_weights)
        compare(pairs.start, pairs.stop, left, right, words, grams, self.columns, self.shown, out)
