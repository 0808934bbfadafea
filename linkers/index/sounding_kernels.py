"""Compiled parts of the sounding index: names that share rare sound grams, aligned sound by sound."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkers.compiling import compiled
from linkers.index.spelling_kernels import most_alike
from linkers.index.text_kernels import LONGEST, WHOLE

SOUND_BITS = 16
_SHIFT = np.uint64(64 - SOUND_BITS)
LOUDEST = 60
"""Sounds of a text that are aligned; what follows is left out."""


class Sounding(NamedTuple):
    """The arrays of the sounding index; keys as in the spelling index.

    text, starts: sounds of each key. gram_starts, gram_keys: keys by pairs and triples of sounds. replacing: float32
    (128, 128) cost of hearing one sound for another. dropping: float32 (128,) cost of a sound too many or too few.
    """

    text: NDArray[np.uint8]
    starts: NDArray[np.uint32]
    sizes: NDArray[np.uint8]
    gram_starts: NDArray[np.uint32]
    gram_keys: NDArray[np.int32]
    replacing: NDArray[np.float32]
    dropping: NDArray[np.float32]


@compiled
def sound_gram(text: Any, begin: Any, end: Any, place: Any, size: Any) -> Any:
    """Return the bucket of two or three sounds; a place beyond an end is silence."""
    value = np.uint64(size)
    for offset in range(size):
        where = begin + place + offset - 1
        sign = np.uint64(text[where]) if begin <= where < end else np.uint64(32)
        value = (value << np.uint64(8)) | sign
    return np.int64((value * WHOLE) >> _SHIFT)


@compiled
def sound_pairs(text: Any, starts: Any) -> Any:
    """Return (buckets, keys) of the pairs and triples of sounds of each key."""
    total = 0
    for key in range(len(starts) - 1):
        size = np.int64(starts[key + 1]) - np.int64(starts[key])
        total += 2 * size + 1 if size > 0 else 0
    buckets, keys = np.empty(total, np.uint32), np.empty(total, np.int32)
    filled = 0
    for key in range(len(starts) - 1):
        begin, end = np.int64(starts[key]), np.int64(starts[key + 1])
        if end == begin:
            continue
        for size in range(2, 4):
            for place in range(end - begin + 3 - size):
                buckets[filled], keys[filled] = sound_gram(text, begin, end, place, size), key
                filled += 1
    return buckets[:filled], keys[:filled]


@compiled
def misheard(asked: Any, text: Any, begin: Any, end: Any, tables: Any, line: Any) -> Any:
    """Return the cost of hearing text[begin:end] as the asked sounds, over the length of both; 0 for the same.

    The weighted edit distance of Wagner and Fischer (1974); the first and the last sound cost a little less.
    """
    size, other = len(asked), end - begin
    line[0] = 0
    for column in range(1, other + 1):
        line[column] = line[column - 1] + tables.dropping[text[begin + column - 1]]
    for row in range(1, size + 1):
        sign = asked[row - 1]
        drop = tables.dropping[sign] * (np.float32(0.85) if row == 1 or row == size else np.float32(1))
        diagonal = line[0]
        line[0] += drop
        for column in range(1, other + 1):
            heard = text[begin + column - 1]
            best = diagonal + tables.replacing[sign, heard]
            diagonal = line[column]
            edge = np.float32(0.85) if column == 1 or column == other else np.float32(1)
            line[column] = min(best, diagonal + drop, line[column - 1] + tables.dropping[heard] * edge)
    return line[other] / np.float32(size + other)


@compiled
def _gather(asked: Any, tables: Any, scratch: Any, limits: Any, cut: Any) -> Any:
    count = 2 * len(asked) + 1
    grams, sizes = np.empty(count, np.int64), np.empty(count, np.int64)
    filled = 0
    for size in range(2, 4):
        for place in range(len(asked) + 3 - size):
            gram = sound_gram(asked, 0, len(asked), place, size)
            grams[filled] = gram
            sizes[filled] = np.int64(tables.gram_starts[gram + 1]) - np.int64(tables.gram_starts[gram])
            filled += 1
    left: Any = np.int64(limits.grams)
    touched, before, top = 0, np.int64(-1), np.int64(0)
    for place in np.argsort(sizes * (1 << SOUND_BITS) + grams):
        gram, size = grams[place], int(sizes[place])
        if gram == before or size == 0:
            continue
        before = gram
        weight = np.int64(8.0 * (np.log(max(len(tables.starts) / size, 1.0)) + 0.5))
        top += weight
        if size > left:
            cut[0] += size - left
            size = left
        left -= size
        first = np.int64(tables.gram_starts[gram])
        for where in range(first, first + size):
            key = tables.gram_keys[where]
            held = np.int64(scratch.sums[key])
            scratch.touched[touched] = key
            touched += np.int64(held == 0)
            scratch.sums[key] = np.uint16(min(held + weight, 65_535))
    return most_alike(asked, top, touched, 0, tables, scratch, limits, cut)


@compiled
def sound_range(
    first: Any, last: Any, text: Any, starts: Any, tables: Any, scratch: Any, limits: Any,
    keys: Any, alike: Any, counts: Any, cut: Any,
) -> None:  # fmt: skip
    """Answer the questions first..last, as `search_range` does; alike: float32, 1 minus the cost of the alignment."""
    line = np.zeros(LONGEST + 1, np.float32)
    for number in range(first, last):
        begin = np.int64(starts[number])
        asked = text[begin : min(np.int64(starts[number + 1]), begin + LOUDEST)]
        if len(asked) == 0:
            continue
        count = 0
        for place in range(_gather(asked, tables, scratch, limits, cut)):
            key = scratch.found[place]
            scratch.seen[key] = np.uint8(0)
            start = np.int64(tables.starts[key])
            end = min(np.int64(tables.starts[key + 1]), start + LOUDEST)
            value = np.float32(np.round(1.0 - misheard(asked, tables.text, start, end, tables, line), 5))
            own, near = keys[number], alike[number]
            if count == len(own):
                if value < near[count - 1] or (value == near[count - 1] and key > own[count - 1]):
                    continue
                count -= 1
            slot = count
            while slot > 0 and (value > near[slot - 1] or (value == near[slot - 1] and key < own[slot - 1])):
                near[slot], own[slot] = near[slot - 1], own[slot - 1]
                slot -= 1
            near[slot], own[slot] = value, key
            count += 1
        counts[number] = count
