"""Which pairs of records are worth a comparison: those that share their rarest letter groups."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.records.cleaning import Texts
from linkers.records.postings import Postings
from linkers.records.search_kernels import PAIRS, SLOT, SLOT_BITS, TIMES_BITS, lengths, posted, rare_terms
from linkers.records.sharing_out import in_threads, parts_of
from linkers.records.terms import Floats32, Ints, Terms, parts_of_terms, weights_of
from linkers.records.text_kernels import PLACE, REPEATED, TIMES, WORD_BITS, counted_terms
from linkers.records.workforce import THREADS, Workforce
from schemas.errors import ConfigError

MOST_RECORDS = 1 << (32 - TIMES_BITS)
READ = 400_000_000
"""Postings that are read for a whole table that is not large."""
LEAST_READ, MOST_READ = 600, 16_000
"""Postings that are read for one record at least and at most."""
READ_OF_LARGE = 400
"""Postings that are read for one record of a large table."""
LARGE = 60_000
"""From so many records on, groups of LONG letters and pairs of words are searched, as rarer ones."""
LONG = 5
OF_ONE_TABLE, OF_TWO, OF_EACH, OF_LARGE = 20, 10, 4, 6
"""Most alike others kept of a record: in one table; of the other of two sources; of each of more; in a large table."""
MANY_SOURCES = 8
"""With more sources than this the others are taken of all together."""
_AT_ONCE = 1 << 14


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs worth a comparison.

    left, right: int32, left < right, ordered. cut: postings left out, by the budget that did.
    """

    left: Ints
    right: Ints
    cut: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Vectors:
    """Terms of each record, uint32 as `search_kernels` has them, where each record's begin, and how many have each.

    read: postings that are read for one record at most.
    """

    terms: NDArray[np.uint32]
    starts: NDArray[np.int64]
    frequency: Ints
    read: int


def search(texts: Texts, known: Terms, source: Ints, *, own: bool, by: Workforce = THREADS) -> Found:
    """Return the pairs of a table.

    source: int32 (records,). own: pairs within a source are wanted too. by: who looks for them. Raises ConfigError for
    too many records.
    """
    if known.records > MOST_RECORDS:
        raise ConfigError("table", f"has {known.records:,} records; at most {MOST_RECORDS:,} are compared at once")
    vectors = _rare(texts, known) if known.records > LARGE else _short(known)
    limits = _groups(source, int(source.max(initial=0)) + 1, known.records, own)
    out, unread = by.nearest(_postings(vectors, limits, own=own))
    left, right = _pairs(out, source if not own else None)
    return Found(left, right, {"postings": unread})


def _groups(source: Ints, sources: int, records: int, own: bool) -> tuple[Ints, int, int]:
    """Return the group of each record, how many groups there are, and how many others are kept of each."""
    if own or sources > MANY_SOURCES:
        return np.zeros(records, np.int32), 1, OF_LARGE if records > LARGE else OF_ONE_TABLE
    return source, sources, OF_TWO if sources == 2 else OF_EACH


def _short(known: Terms) -> _Vectors:
    """Return groups of three letters."""
    grams, starts, _ = known.grams
    first = grams & REPEATED == 0
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(first)])
    found = grams[first]
    packed = (found & PLACE) | ((found & TIMES) << np.uint32(SLOT_BITS - WORD_BITS))
    read = min(max(READ // max(known.records, 1), LEAST_READ), MOST_READ)
    return _Vectors(packed, before[starts[:: known.columns]], known.gram_frequency, read)


def _rare(texts: Texts, known: Terms) -> _Vectors:
    """Return groups of LONG letters and pairs of words."""
    of_record = texts.starts[:: texts.columns]
    longest = int(np.diff(of_record).max(initial=0)) + texts.columns + PAIRS
    words = (known.words[0], known.words[1], known.word_frequency)

    def part(rows: range) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        size = 1 << (2 * longest).bit_length()
        met = np.empty(size, np.uint32), np.zeros(size, np.int32)
        room = int(of_record[rows.stop] - of_record[rows.start]) + len(rows) * (texts.columns + PAIRS)
        out = np.empty(room, np.uint32)
        cells = (texts.data, texts.starts, texts.columns)
        ends = rare_terms(rows.start, rows.stop, cells, words, LONG, met, out)
        return out[: ends[-1]].copy(), np.diff(ends)

    found = in_threads(part, parts_of(known.records, _AT_ONCE))
    held = np.concatenate([part for part, _ in found])
    starts = np.concatenate([np.zeros(1, np.int64), *(sizes for _, sizes in found)]).cumsum()
    frequency = np.zeros(1 << SLOT_BITS, np.int32)
    in_threads(lambda slots: counted_terms(held, slots.start, slots.stop, SLOT, frequency), parts_of_terms(frequency))
    return _Vectors(held, starts, frequency, READ_OF_LARGE)


def _postings(vectors: _Vectors, limits: tuple[Ints, int, int], *, own: bool) -> Postings:
    """Return the records of each term that is in no more of them than are read for a record."""
    records, budget = len(vectors.starts) - 1, vectors.read
    begins = np.where((vectors.frequency >= 2) & (vectors.frequency <= budget), vectors.frequency, 0)
    begins = np.concatenate([np.zeros(1, np.int64), np.cumsum(begins, dtype=np.int64)]).astype(np.uint32)
    postings, filled = np.empty(int(begins[-1]), np.uint32), begins[:-1].copy()
    in_threads(
        lambda slots: posted(vectors.terms, vectors.starts, begins, filled, slots.start, slots.stop, postings),
        parts_of_terms(vectors.frequency),
    )
    weights = weights_of(np.arange(budget + 1, dtype=np.int32), records)
    lists = (vectors.terms, vectors.starts, begins, postings)
    return Postings(*lists, weights, _sizes(vectors, records), *limits, budget, own)


def _sizes(vectors: _Vectors, records: int) -> Floats32:
    """Return the length of each record's vector."""
    size, weights = np.empty(records, np.float32), weights_of(vectors.frequency, records)
    in_threads(
        lambda rows: lengths(rows.start, rows.stop, vectors.terms, vectors.starts, weights, size),
        parts_of(records, _AT_ONCE),
    )
    return size


def _pairs(out: Ints, apart: Ints | None) -> tuple[Ints, Ints]:
    """Return left, right of the distinct pairs; apart: pairs of one source are dropped."""
    records, each = out.shape
    place = np.flatnonzero(out.ravel() >= 0)
    one, other = (place // each).astype(np.int64), out.ravel()[place].astype(np.int64)
    key = np.minimum(one, other) * records + np.maximum(one, other)
    key.sort()
    first = np.ones(len(key), bool)
    first[1:] = key[1:] != key[:-1]
    key = key[first]
    left, right = (key // records).astype(np.int32), (key % records).astype(np.int32)
    if apart is not None:
        kept = apart[left] != apart[right]
        left, right = left[kept], right[kept]
    return left, right
