"""Which pairs of records are worth a comparison: those that share their rarest letter groups."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.records.cleaning import Texts
from linkers.records.pair_kernels import lengths, nearest, postings
from linkers.records.text_kernels import long_terms, terms

Ints = NDArray[np.int32]
Floats32 = NDArray[np.float32]

READ = 400_000_000
"""Postings that are read for a whole table."""
LEAST_READ, MOST_READ = 600, 16_000
"""Postings that are read for one record at least and at most."""
LARGE = 60_000
"""From so many records on, groups of LONG letters are searched instead of three: they are rarer."""
LONG = 5
OF_ONE_TABLE, OF_TWO, OF_EACH, OF_LARGE = 20, 10, 4, 8
"""Most alike others kept of a record: in one table; of the other of two sources; of each of more; in a large table."""
MANY_SOURCES = 8
"""With more sources than this the others are taken of all together."""
PAIRS_A_RECORD = 12
"""Pairs compared for each record of a large table; the least alike beyond are cut."""
_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and letter groups of each cell with their weights; see `text_kernels.terms`."""

    words: tuple[NDArray[np.uint32], NDArray[np.int64], Floats32]
    grams: tuple[NDArray[np.uint32], NDArray[np.int64], Floats32]
    word_frequency: Ints
    gram_frequency: Ints
    columns: int
    records: int


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs worth a comparison.

    left, right: int32, left < right, ordered. cut: pairs and postings left out, by the budget that did.
    beyond: share of records whose last place was as good as full, so that more may lie behind it.
    """

    left: Ints
    right: Ints
    cut: dict[str, int]


def terms_of(texts: Texts) -> Terms:
    """Return the terms of a table, weighed by ln((1 + records) / (1 + records that hold it))."""
    records = (len(texts.starts) - 1) // texts.columns
    words, word_starts, grams, gram_starts, word_frequency, gram_frequency = terms(
        texts.data, texts.starts, texts.columns
    )
    by_word = (words, word_starts, _weights(word_frequency, records))
    by_gram = (grams, gram_starts, _weights(gram_frequency, records))
    return Terms(by_word, by_gram, word_frequency, gram_frequency, texts.columns, records)


def _weights(frequency: Ints, records: int) -> Floats32:
    weights: Floats32 = np.log((1.0 + records) / (1.0 + frequency)).astype(np.float32)
    return weights


def search(texts: Texts, known: Terms, source: Ints, *, own: bool) -> Found:
    """Return the pairs of a table.

    source: int32 (records,). own: pairs within a source are wanted too.
    """
    if known.records > LARGE:
        grams, starts, frequency = long_terms(texts.data, texts.starts, texts.columns, LONG)
        found = (grams, starts, _weights(frequency, known.records))
    else:
        found, frequency = known.grams, known.gram_frequency
    sources = int(source.max(initial=0)) + 1
    group, groups, each = _groups(source, sources, known.records, own)
    out, values, unread = _nearest(found, frequency, known, (group, groups, each, own))
    cut = {"postings": unread}
    left, right, cut["pairs"] = _pairs(out, values, source if not own else None)
    return Found(left, right, cut)


def _groups(source: Ints, sources: int, records: int, own: bool) -> tuple[Ints, int, int]:
    """Return the group of each record, how many groups there are, and how many others are kept of each."""
    if own or sources > MANY_SOURCES:
        return np.zeros(records, np.int32), 1, OF_LARGE if records > LARGE else OF_ONE_TABLE
    return source, sources, OF_TWO if sources == 2 else OF_EACH


def _nearest(
    by: tuple[NDArray[np.uint32], NDArray[np.int64], Floats32],
    frequency: Ints,
    known: Terms,
    limits: tuple[Ints, int, int, bool],
) -> tuple[Ints, Floats32, int]:
    group, groups, each, own = limits
    found, starts, weights = by
    budget = min(max(READ // max(known.records, 1), LEAST_READ), MOST_READ)
    begins, rows, times = postings(found, starts, known.columns, frequency, max(budget, 2))
    sizes = lengths(found, starts, known.columns, weights)
    out = np.full((known.records, groups * each), -1, np.int32)
    values = np.zeros(out.shape, np.float32)
    table = (found, starts, known.columns, weights, begins, rows, times, sizes)

    def part(blocks: range) -> int:
        scratch = (np.zeros(known.records, np.float32), np.empty(known.records, np.int32))
        settings = (each, budget, own or groups == 1)
        return sum(
            nearest(b * _BLOCK, min((b + 1) * _BLOCK, known.records), table, group, settings, scratch, out, values)
            for b in blocks
        )

    return out, values, sum(in_threads(part, range(-(-known.records // _BLOCK))))


def in_threads(work: Callable[[range], int], blocks: range) -> list[int]:
    """Run work over blocks of records, a thread per core, the blocks dealt out in turn."""
    threads = min(os.cpu_count() or 1, 16, max(1, len(blocks)))
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, [blocks[thread::threads] for thread in range(threads)]))


def _pairs(out: Ints, values: Floats32, apart: Ints | None) -> tuple[Ints, Ints, int]:
    """Return left, right of the distinct pairs, and how many a cap cut; apart: pairs of one source are dropped."""
    records, each = out.shape
    place = np.flatnonzero(out.ravel() >= 0)
    one, other = (place // each).astype(np.int64), out.ravel()[place].astype(np.int64)
    key = np.minimum(one, other) * records + np.maximum(one, other)
    dropped = 0
    most = PAIRS_A_RECORD * records
    if records > LARGE and len(key) > most:
        value = values.ravel()[place]
        bar = np.partition(value, len(value) - most)[len(value) - most]
        dropped = int((value < bar).sum())
        key = key[value >= bar]
    key = np.unique(key)
    left, right = (key // records).astype(np.int32), (key % records).astype(np.int32)
    if apart is not None:
        kept = apart[left] != apart[right]
        left, right = left[kept], right[kept]
    return left, right, dropped
