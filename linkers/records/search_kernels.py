"""Compiled: which records share rare terms."""

from typing import Any

import numpy as np

from linkers.compiling import compiled
from linkers.index.text_kernels import hashed, mix
from linkers.records.text_kernels import PLACE, REPEATED

SLOT_BITS = 24
SLOT = np.uint32((1 << SLOT_BITS) - 1)
"""Part of a term that names it; the bits above say how often it stands in its record."""
TIMES_BITS = 7
PAIRED = 8
"""Words of a record that are paired with one another: the rarest of those that another record has too."""
PAIRS = PAIRED * (PAIRED - 1) // 2
_LEVELS = 32


@compiled
def rare_terms(first: Any, last: Any, cells: Any, words: Any, size: Any, met: Any, out: Any) -> Any:
    """Write the distinct terms of records first..last; returns where those of each end, from 0.

    Terms are groups of `size` bytes of a cell, over word ends too, and pairs of words, hashed to SLOT_BITS. One word or
    group may be common in a large table where two together are rare.
    cells: (text, starts, columns). words: (terms, starts, frequency) of `text_kernels.terms`.
    met: uint32 and int32, a power of two of each at least twice as long as a record has terms; the second 0.
    """
    text, starts, columns = cells
    terms, word_starts, frequency = words
    ends = np.zeros(last - first + 1, np.int64)
    rarest, rarity = np.empty(PAIRED, np.uint32), np.empty(PAIRED, np.int32)
    count = 0
    for record in range(first, last):
        mark = np.int32(record + 1)
        for cell in range(record * columns, (record + 1) * columns):
            begin, end = starts[cell], starts[cell + 1]
            for place in range(begin, max(end - size + 1, min(begin + 1, end))):
                value = mix(hashed(text, place, min(place + size, end), 0))
                count += _new(value, mark, met, out, count)
        found = 0
        for place in range(word_starts[record * columns], word_starts[(record + 1) * columns]):
            word = terms[place] & PLACE
            often = frequency[word]
            if terms[place] & REPEATED or often < 2 or (found == PAIRED and often >= rarity[found - 1]):
                continue
            found = min(found + 1, PAIRED)
            at = found - 1
            while at > 0 and rarity[at - 1] > often:
                rarest[at], rarity[at] = rarest[at - 1], rarity[at - 1]
                at -= 1
            rarest[at], rarity[at] = word, often
        for one in range(found):
            for other in range(one):
                smaller, larger = min(rarest[one], rarest[other]), max(rarest[one], rarest[other])
                both = (np.uint64(smaller) << np.uint64(32)) | np.uint64(larger)
                count += _new(mix(both), mark, met, out, count)
        ends[record - first + 1] = count
    return ends


@compiled
def _new(value: Any, mark: Any, met: Any, out: Any, count: Any) -> Any:
    """Write the term of a hash, standing once, unless the record has it already; returns 1 when it is new."""
    term = np.uint32(value >> np.uint64(64 - SLOT_BITS))
    terms, marks = met
    last = np.uint32(len(terms) - 1)
    place = term & last
    while marks[place] == mark:
        if terms[place] == term:
            return 0
        place = (place + np.uint32(1)) & last
    terms[place], marks[place] = term, mark
    out[count] = term | np.uint32(1 << SLOT_BITS)
    return 1


@compiled
def lengths(first: Any, last: Any, terms: Any, starts: Any, weights: Any, found: Any) -> None:
    """Write the Euclidean length of the weighed terms of records first..last, float32; at least 1e-6."""
    for record in range(first, last):
        square = 0.0
        for place in range(starts[record], starts[record + 1]):
            times = terms[place] >> np.uint32(SLOT_BITS)
            square += (weights[terms[place] & SLOT] * np.float32(times)) ** 2
        found[record] = max(np.sqrt(square), 1e-6)


@compiled
def posted(terms: Any, starts: Any, begins: Any, filled: Any, low: Any, high: Any, postings: Any) -> None:
    """Write the postings of the terms low..high: the record, and in the lowest TIMES_BITS how often it has the term.

    Those of a term lie at [begins[term], begins[term + 1]); a term without room is left out. filled: begins, changed.
    """
    for record in range(len(starts) - 1):
        for place in range(starts[record], starts[record + 1]):
            slot = terms[place] & SLOT
            if low <= slot < high:
                at = filled[slot]
                if at < begins[slot + 1]:
                    postings[at] = np.uint32(record << TIMES_BITS) | (terms[place] >> np.uint32(SLOT_BITS))
                    filled[slot] = at + 1


@compiled
def nearest(first: Any, last: Any, table: Any, group: Any, limits: Any, scratch: Any, out: Any, values: Any) -> Any:
    """Write for records first..last the most alike others of each group; returns how many postings were left unread.

    table: (terms, starts, begins, postings, weights by how many records have a term, lengths). group: int32 (records,).
    limits: (most of a group, postings read for a record, own group too).
    scratch: float32 zeros (records,), uint32 (records + 1,), float32 (groups,), int64 (4, terms of a record).
    out: int32 (last - first, groups * most), -1 all over; values: float32 zeros, cosines of what was read.
    """
    terms, starts, begins, postings, weights, lengths = table
    most, budget, own = limits
    score, touched, bars, order = scratch
    unread = 0
    for record in range(first, last):
        count = _rarest_first(terms, starts[record], starts[record + 1], begins, order)
        found, spent = np.uint32(0), 0
        for number in range(count):
            at = order[3, number]
            begin, size = order[0, at], order[1, at]
            if spent + size > budget and number:
                unread += size
                continue
            spent += size
            weight = weights[size] * weights[size] * np.float32(order[2, at])
            if weight <= 0.0:
                continue  # a term of every record says nothing, and a score of 0 means "not met yet" below
            for place in range(begin, begin + size):
                posting = postings[np.uint64(place)]
                other = posting >> np.uint32(TIMES_BITS)
                before = score[other]
                touched[found] = other
                found += np.uint32(before == 0.0)
                score[other] = before + weight * np.float32(posting & np.uint32((1 << TIMES_BITS) - 1))
        score[record] = 0.0
        row, mine, low = record - first, group[record], np.float32(0.0)
        for kind in range(len(bars)):
            bars[kind] = np.inf if kind == mine and not own else 0.0
        for number in range(found):
            other = touched[number]
            value = score[other] / lengths[other]
            score[other] = 0.0
            if value <= low:
                continue
            kind = group[other]
            if value <= bars[kind]:
                continue
            base = kind * most
            place = base + most - 1
            while place > base and values[row, place - 1] < value:
                out[row, place], values[row, place] = out[row, place - 1], values[row, place - 1]
                place -= 1
            out[row, place], values[row, place] = other, value
            bars[kind] = values[row, base + most - 1]
            low = bars.min()
        for place in range(out.shape[1]):
            values[row, place] /= lengths[record]
    return unread


@compiled
def _rarest_first(terms: Any, low: Any, high: Any, begins: Any, order: Any) -> Any:
    """Write where the postings of a record's terms begin, how many they are, how often it has the term, and an order.

    The fewest postings come first, by powers of two. Returns how many terms have postings.
    """
    levels = np.zeros(_LEVELS + 1, np.int64)
    count = 0
    for place in range(low, high):
        slot = terms[place] & SLOT
        begin = np.int64(begins[slot])
        size = np.int64(begins[slot + 1]) - begin
        if size:
            order[0, count], order[1, count] = begin, size
            order[2, count] = terms[place] >> np.uint32(SLOT_BITS)
            levels[np.int64(np.log2(size)) + 1] += 1
            count += 1
    for level in range(_LEVELS):
        levels[level + 1] += levels[level]
    for number in range(count):
        level = np.int64(np.log2(order[1, number]))
        order[3, levels[level]] = number
        levels[level] += 1
    return count
