"""The words and letter groups of a table, and how much each says."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.index.text_kernels import RARITY_BITS
from linkers.records.cleaning import Texts
from linkers.records.sharing_out import in_threads, parts_of, threads
from linkers.records.text_kernels import PLACE, WORD_BITS, counted_terms, terms

Ints = NDArray[np.int32]
Floats32 = NDArray[np.float32]
Codes = NDArray[np.uint32]
Starts = NDArray[np.int64]
_AT_ONCE = 1 << 14


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and letter groups of each cell, where those of a cell begin, and their weights; see `text_kernels.terms`.

    word_frequency, gram_frequency: how many records have each.
    """

    words: tuple[Codes, Starts, Floats32]
    grams: tuple[Codes, Starts, Floats32]
    word_frequency: Ints
    gram_frequency: Ints
    columns: int
    records: int


def terms_of(texts: Texts) -> Terms:
    """Return the terms of a table, weighed by ln((1 + records) / (1 + records that hold it))."""
    columns, records = texts.columns, (len(texts.starts) - 1) // texts.columns
    cells = (texts.data, texts.starts, columns)
    of_record = texts.starts[::columns]
    size = 1 << (2 * (int(np.diff(of_record).max(initial=0)) + columns)).bit_length()

    def part(rows: range) -> tuple[Codes, Codes, NDArray[np.int64]]:
        room = int(of_record[rows.stop] - of_record[rows.start]) + len(rows) * columns + 1
        words, grams = np.empty(room, np.uint32), np.empty(room, np.uint32)
        met = [(np.empty(size, np.uint32), np.full((3, size), -1, np.int32)) for _ in range(2)]
        ends = terms(rows.start, rows.stop, cells, tuple(met), words, grams)
        return words[: ends[0, -1]].copy(), grams[: ends[1, -1]].copy(), np.diff(ends)

    parts = in_threads(part, parts_of(records, _AT_ONCE))
    words, grams = (np.concatenate([found[place] for found in parts]) for place in range(2))
    sizes = np.concatenate([found[2] for found in parts], axis=1)
    word_starts, gram_starts = (np.concatenate([np.zeros(1, np.int64), np.cumsum(row)]) for row in sizes)
    by_word, by_gram = _frequency(words, WORD_BITS), _frequency(grams, RARITY_BITS)
    return Terms(
        (words, word_starts, weights_of(by_word, records)),
        (grams, gram_starts, weights_of(by_gram, records)),
        by_word,
        by_gram,
        columns,
        records,
    )


def weights_of(frequency: Ints, records: int) -> Floats32:
    """Return ln((1 + records) / (1 + frequency))."""
    weights: Floats32 = np.log((1.0 + records) / (1.0 + frequency)).astype(np.float32)
    return weights


def parts_of_terms(frequency: Ints) -> list[range]:
    """Return a range of terms for each thread: what is added up or written by term then meets no other thread's."""
    return parts_of(len(frequency), -(-len(frequency) // threads()))


def _frequency(held: Codes, bits: int) -> Ints:
    found = np.zeros(1 << bits, np.int32)
    in_threads(lambda part: counted_terms(held, part.start, part.stop, PLACE, found), parts_of_terms(found))
    return found
