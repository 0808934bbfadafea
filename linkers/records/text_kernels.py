"""Compiled: the cells of a table as clean text, as words and as letter groups."""

from typing import Any

import numpy as np

from linkers.compiling import compiled
from linkers.index.text_kernels import hashed, hashed_without, mix, short_gram

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
def terms(first: Any, last: Any, cells: Any, met: Any, words: Any, grams: Any) -> Any:
    """Write the terms of the cells of records first..last; returns int64 (2, cells + 1): where those of each end.

    words, grams: uint32, of each cell its distinct words (hashed to WORD_BITS), neighbours as one word too, and 3-byte
    groups within words (hashed to RARITY_BITS), with flags. cells: (text, starts, columns).
    met: of words and of grams uint32 (size,) and int32 (3, size), the size a power of two, at least twice what a record
    has of them; the second -1.
    """
    text, starts, columns = cells
    met_words, met_grams = met
    ends = np.zeros((2, (last - first) * columns + 1), np.int64)
    word_count, gram_count = 0, 0
    first_word, first_gram = 0, 0
    for cell in range(first * columns, last * columns):
        if cell % columns == 0:
            first_word, first_gram = word_count, gram_count
        words_begin, grams_begin = word_count, gram_count
        begin, end = starts[cell], starts[cell + 1]
        word_begin, numeral = begin, np.uint32(0)
        before, before_numeral = begin - 1, np.uint32(0)
        for place in range(begin, end + 1):
            if place == end or text[place] == 32:
                if place > word_begin:
                    if _is_roman(text, word_begin, place):
                        numeral = NUMERAL
                    word = np.uint32(mix(hashed(text, word_begin, place, 0)) >> np.uint64(64 - WORD_BITS))
                    at = (first_word, words_begin, word_count)
                    word_count += _noted(word, numeral, at, words, met_words)
                    if before >= begin:
                        both = hashed_without(text, before, place, word_begin - 1, -1)
                        word = np.uint32(mix(both) >> np.uint64(64 - WORD_BITS))
                        words[word_count] = word | JOINED | REPEATED | numeral | before_numeral
                        word_count += 1
                    before, before_numeral = word_begin, numeral
                word_begin, numeral = place + 1, np.uint32(0)
                continue
            if 48 <= text[place] <= 57:
                numeral = NUMERAL
            gram = short_gram(text, begin, end, place - begin)
            if gram >= 0:
                at = (first_gram, grams_begin, gram_count)
                gram_count += _noted(np.uint32(gram), np.uint32(0), at, grams, met_grams)
        ends[0, cell - first * columns + 1], ends[1, cell - first * columns + 1] = word_count, gram_count
    return ends


@compiled
def counted_terms(terms: Any, low: Any, high: Any, part: Any, frequency: Any) -> None:
    """Add up in how many records each of the terms low..high stands. part: the bits that say which term it is."""
    for place in range(len(terms)):
        term = terms[place] & part
        if low <= term < high and terms[place] & REPEATED == 0:
            frequency[term] += 1


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
def _noted(term: Any, flag: Any, at: Any, kept: Any, met: Any) -> Any:
    """Note a term of a cell; returns 1 when it is new there.

    at: where the terms of the record and of the cell begin and end in `kept`. met: what was noted last of each hash:
    the term; where it is kept as the first of its record and as the last of its cell, and where its record begins.
    """
    record_begin, cell_begin, end = at
    names, places = met
    last = np.uint32(len(names) - 1)
    slot = (term * np.uint32(0x9E3779B1)) & last
    while places[0, slot] >= record_begin and places[2, slot] == record_begin and names[slot] != term:
        slot = (slot + np.uint32(1)) & last
    if places[0, slot] >= record_begin and places[2, slot] == record_begin:
        first = places[0, slot]
        if kept[first] & TIMES != TIMES:
            kept[first] += ONCE
        if places[1, slot] >= cell_begin:
            return 0
        kept[end] = term | flag | REPEATED
    else:
        kept[end] = term | flag | ONCE
        names[slot], places[0, slot], places[2, slot] = term, end, record_begin
    places[1, slot] = end
    return 1
