"""Compiled: the cells of a table as clean text, as words and as letter groups."""

from typing import Any

import numpy as np

from linkers.compiling import compiled
from linkers.index.text_kernels import RARITY_BITS, hashed, hashed_without, mix, short_gram

WORD_BITS = 22
REPEATED = np.uint32(1 << 31)
"""Flag of a word or gram that stands in an earlier column of the record too."""
NUMERAL = np.uint32(1 << 30)
"""Flag of a word that holds a digit or is a Roman numeral."""
PLACE = np.uint32((1 << WORD_BITS) - 1)
ONCE = np.uint32(1 << WORD_BITS)
TIMES = np.uint32(127 << WORD_BITS)
"""How often a word or gram stands in the record, up to 127; kept where it is not REPEATED."""
JOINED = np.uint32(1 << 29)
"""Flag of two words that stand side by side, as one: "cli 8m" where another writes "cli8m". REPEATED too."""
_CELL_END = 10


@compiled
def times_of(term: Any) -> Any:
    """Return how often a term stands in its record."""
    return np.uint8((term & TIMES) >> np.uint32(WORD_BITS))


@compiled
def cleaned(text: Any, starts: Any, columns: Any) -> Any:
    """Return (bytes, starts) of the cells: small letters and digits, one space between words.

    text, starts: one text a record, its cells parted by line ends. The starts are int64 (records * columns + 1,).
    "&" becomes "and", an apostrophe within a word goes, every other sign is a space; bytes over 127 are letters.
    """
    grown = 0
    for place in range(len(text)):
        grown += text[place] == 38
    out = np.empty(len(text) + 4 * grown + 1, np.uint8)
    cells = np.zeros((len(starts) - 1) * columns + 1, np.int64)
    filled, cell = 0, 0
    for record in range(len(starts) - 1):
        cell = record * columns
        begin = filled
        last = starts[record + 1]
        for place in range(starts[record], last + 1):
            sign = text[place] if place < last else np.uint8(_CELL_END)
            if sign == _CELL_END:
                if filled > begin and out[filled - 1] == 32:
                    filled -= 1
                cell += 1
                cells[cell] = filled
                begin = filled
            elif 65 <= sign <= 90:
                out[filled] = sign + 32
                filled += 1
            elif 97 <= sign <= 122 or 48 <= sign <= 57 or sign > 127:
                out[filled] = sign
                filled += 1
            elif sign == 39 and filled > begin and out[filled - 1] != 32:
                continue
            else:
                if filled > begin and out[filled - 1] != 32:
                    out[filled] = 32
                    filled += 1
                if sign == 38:
                    out[filled], out[filled + 1], out[filled + 2], out[filled + 3] = 97, 110, 100, 32
                    filled += 4
    return out[:filled].copy(), cells


@compiled
def terms(text: Any, starts: Any, columns: Any) -> Any:
    """Return (words, word_starts, grams, gram_starts, word_frequency, gram_frequency).

    words, grams: uint32, of each cell its distinct words (hashed to WORD_BITS), neighbours as one word too, and 3-byte
    groups within words (hashed to RARITY_BITS), with flags. starts: int64 (cells + 1,).
    frequency: int32, in how many records each stands.
    """
    words = np.empty(len(text) + len(starts), np.uint32)
    grams = np.empty(len(text) + len(starts), np.uint32)
    word_starts, gram_starts = np.zeros(len(starts), np.int64), np.zeros(len(starts), np.int64)
    word_frequency, gram_frequency = np.zeros(1 << WORD_BITS, np.int32), np.zeros(1 << RARITY_BITS, np.int32)
    word_at, gram_at = np.full((2, 1 << WORD_BITS), -1, np.int32), np.full((2, 1 << RARITY_BITS), -1, np.int32)
    word_count, gram_count = 0, 0
    first_word, first_gram = 0, 0
    for cell in range(len(starts) - 1):
        if cell % columns == 0:
            first_word, first_gram = word_count, gram_count
        begin, end = starts[cell], starts[cell + 1]
        first, numeral = begin, np.uint32(0)
        before, before_numeral = begin - 1, np.uint32(0)
        for place in range(begin, end + 1):
            if place == end or text[place] == 32:
                if place > first:
                    if _is_roman(text, first, place):
                        numeral = NUMERAL
                    word = np.int64(mix(hashed(text, first, place, 0)) >> np.uint64(64 - WORD_BITS))
                    at = (first_word, word_starts[cell], word_count)
                    word_count += _noted(word, numeral, at, words, word_at, word_frequency)
                    if before >= begin:
                        both = hashed_without(text, before, place, first - 1, -1)
                        word = np.int64(mix(both) >> np.uint64(64 - WORD_BITS))
                        words[word_count] = np.uint32(word) | JOINED | REPEATED | numeral | before_numeral
                        word_count += 1
                    before, before_numeral = first, numeral
                first, numeral = place + 1, np.uint32(0)
                continue
            if 48 <= text[place] <= 57:
                numeral = NUMERAL
            gram = short_gram(text, begin, end, place - begin)
            if gram >= 0:
                at = (first_gram, gram_starts[cell], gram_count)
                gram_count += _noted(gram, np.uint32(0), at, grams, gram_at, gram_frequency)
        word_starts[cell + 1], gram_starts[cell + 1] = word_count, gram_count
    return (
        words[:word_count].copy(),
        word_starts,
        grams[:gram_count].copy(),
        gram_starts,
        word_frequency,
        gram_frequency,
    )


@compiled
def _is_roman(text: Any, begin: Any, end: Any) -> Any:
    """Say whether a word is made of i, v and x alone."""
    if end - begin > 5:
        return False
    other = 0
    for place in range(begin, end):
        other += text[place] != 105 and text[place] != 118 and text[place] != 120
    return other == 0


@compiled
def _noted(term: Any, flag: Any, at: Any, kept: Any, seen: Any, frequency: Any) -> Any:
    """Note a term of a cell; returns 1 when it is new there.

    at: where the terms of the record and of the cell begin and end in `kept`. seen: (2, terms), where each was kept
    last as the first of its record and of its cell.
    """
    record_begin, cell_begin, end = at
    first = seen[0, term]
    if first >= record_begin:
        if kept[first] & TIMES != TIMES:
            kept[first] += ONCE
        if seen[1, term] >= cell_begin:
            return 0
        kept[end] = np.uint32(term) | flag | REPEATED
    else:
        kept[end] = np.uint32(term) | flag | ONCE
        seen[0, term] = end
        frequency[term] += 1
    seen[1, term] = end
    return 1
