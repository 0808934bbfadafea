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
AT_ENDS = 0.5
"""How much a sound too many or too few counts before the first and behind the last that meet: words are lost there."""


class Sounding(NamedTuple):
    """The arrays of the sounding index; keys as in the spelling index, each with one or more ways to say it.

    text, starts: sounds of each way. ways: ways of key i are ways[i]..ways[i + 1]. own: float32, evidence of a way for
    itself. sizes: sounds of the first way of a key. gram_starts, gram_keys: keys by pairs and triples of sounds.
    replacing (128, 128), dropping (128,): see `linkers.index.hearing.evidence`.
    """

    text: NDArray[np.uint8]
    starts: NDArray[np.uint32]
    ways: NDArray[np.uint32]
    own: NDArray[np.float32]
    sizes: NDArray[np.uint8]
    gram_starts: NDArray[np.uint32]
    gram_keys: NDArray[np.int32]
    replacing: NDArray[np.float32]
    dropping: NDArray[np.float32]


def _classes() -> NDArray[np.uint8]:
    classes = np.arange(128, dtype=np.uint8)
    for group in ("aeiouAIOYRy", "pb", "td", "kg", "fv", "szSZCJ", "mnN", "lr"):
        classes[[ord(sound) for sound in group]] = ord(group[0])
    return classes


_CLASSES = _classes()


@compiled
def sound_gram(text: Any, begin: Any, end: Any, place: Any, kind: Any) -> Any:
    """Return the bucket of two or three sounds, or of the classes of three: what is misheard mostly stays in its class.

    kind: 2, 3, or 4 for classes. A place beyond an end is silence.
    """
    value = np.uint64(kind)
    for offset in range(min(kind, 3)):
        where = begin + place + offset - 1
        sign = np.uint64(32)
        if begin <= where < end:
            sign = np.uint64(text[where] if kind < 4 else _CLASSES[text[where]])
        value = (value << np.uint64(8)) | sign
    return np.int64((value * WHOLE) >> _SHIFT)


@compiled
def sound_pairs(text: Any, starts: Any, ways: Any) -> Any:
    """Return (buckets, keys) of the sound grams of all ways to say each key."""
    total = 0
    for way in range(ways[0], ways[-1]):
        size = np.int64(starts[way + 1]) - np.int64(starts[way])
        total += 3 * size + 1 if size > 0 else 0
    buckets, keys = np.empty(total, np.uint32), np.empty(total, np.int32)
    filled = 0
    for key in range(len(ways) - 1):
        for way in range(ways[key], ways[key + 1]):
            begin, end = np.int64(starts[way]), np.int64(starts[way + 1])
            if end == begin:
                continue
            for kind in range(3, 5):
                for place in range(end - begin + 3 - min(kind, 3)):
                    buckets[filled], keys[filled] = sound_gram(text, begin, end, place, kind), key
                    filled += 1
    return buckets[:filled], keys[:filled]


@compiled
def evidence_for_itself(text: Any, starts: Any, replacing: Any) -> Any:
    """Return the evidence of each way to say a name for itself, float32."""
    found = np.zeros(len(starts) - 1, np.float32)
    for way in range(len(starts) - 1):
        begin = np.int64(starts[way])
        for place in range(begin, min(np.int64(starts[way + 1]), begin + LOUDEST)):
            found[way] += replacing[text[place], text[place]]
    return found


@compiled
def heard(asked: Any, text: Any, begin: Any, end: Any, tables: Any, line: Any) -> Any:
    """Return the evidence of the best alignment of the asked sounds with text[begin:end].

    Needleman and Wunsch (1970) over log odds.
    """
    size, other = len(asked), end - begin
    line[0] = np.float32(0)
    for column in range(1, other + 1):
        line[column] = line[column - 1] + tables.dropping[text[begin + column - 1]] * np.float32(AT_ENDS)
    for row in range(1, size + 1):
        sign = asked[row - 1]
        drop, in_row = tables.dropping[sign], np.float32(AT_ENDS if row == size else 1.0)
        diagonal = line[0]
        line[0] += drop * np.float32(AT_ENDS)
        for column in range(1, other + 1):
            there = text[begin + column - 1]
            best = diagonal + tables.replacing[sign, there]
            diagonal = line[column]
            best = max(best, diagonal + (drop * np.float32(AT_ENDS) if column == other else drop))
            line[column] = max(best, line[column - 1] + tables.dropping[there] * in_row)
    return line[other]


@compiled
def heard_best(asked: Any, starts: Any, first: Any, last: Any, key: Any, tables: Any, line: Any) -> Any:
    """Return (evidence, its share of what the names have for themselves) of the best of all ways to say both.

    asked, starts: the ways first..last of a question. The share is in [0, 1].
    """
    evidence, share = np.float32(-99), np.float32(0)
    for way in range(first, last):
        begin = np.int64(starts[way])
        own = asked[begin : min(np.int64(starts[way + 1]), begin + LOUDEST)]
        if len(own) == 0:
            continue
        most = np.float32(0)
        for sound in own:
            most += tables.replacing[sound, sound]
        for other in range(tables.ways[key], tables.ways[key + 1]):
            start = np.int64(tables.starts[other])
            end = min(np.int64(tables.starts[other + 1]), start + LOUDEST)
            if end == start:
                continue
            value = heard(own, tables.text, start, end, tables, line)
            evidence = max(evidence, value)
            share = max(share, np.float32(2) * value / (most + tables.own[other]))
    return evidence, min(share, np.float32(1))


@compiled
def _gather(asked: Any, filled: Any, tables: Any, scratch: Any, limits: Any, cut: Any) -> Any:
    count = 3 * len(asked) + 1
    grams, sizes = np.empty(count, np.int64), np.empty(count, np.int64)
    found = 0
    for kind in range(3, 5):
        for place in range(len(asked) + 3 - min(kind, 3)):
            gram = sound_gram(asked, 0, len(asked), place, kind)
            grams[found] = gram
            sizes[found] = np.int64(tables.gram_starts[gram + 1]) - np.int64(tables.gram_starts[gram])
            found += 1
    left: Any = np.int64(limits.grams)
    touched, before, top = 0, np.int64(-1), np.int64(0)
    for place in np.argsort(sizes[:found] * (1 << SOUND_BITS) + grams[:found]):
        gram, size = grams[place], int(sizes[place])
        if gram == before or size == 0:
            continue
        before = gram
        weight = np.int64(8.0 * (np.log(max(len(tables.sizes) / size, 1.0)) + 0.5))
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
    return most_alike(asked, top, touched, filled, tables, scratch, limits, cut)


@compiled
def sound_range(
    first: Any, last: Any, text: Any, starts: Any, ways: Any, tables: Any, scratch: Any, limits: Any,
    keys: Any, alike: Any, counts: Any, cut: Any,
) -> None:  # fmt: skip
    """Answer the questions first..last, as `search_range` does; question i is said in the ways ways[i]..ways[i + 1].

    alike: float32, share of the evidence that the two have for themselves.
    """
    line = np.zeros(LONGEST + 1, np.float32)
    odds = np.empty(limits.answers, np.float32)
    for number in range(first, last):
        filled = 0
        for way in range(ways[number], ways[number + 1]):
            begin = np.int64(starts[way])
            asked = text[begin : min(np.int64(starts[way + 1]), begin + LOUDEST)]
            if len(asked) > 0:
                filled = _gather(asked, filled, tables, scratch, limits, cut)
        count, own, near = 0, keys[number], alike[number]
        for place in range(filled):
            key = scratch.found[place]
            scratch.seen[key] = np.uint8(0)
            value, share = heard_best(text, starts, ways[number], ways[number + 1], key, tables, line)
            value = np.float32(np.round(value, 3))
            if count == len(own):
                if value < odds[count - 1] or (value == odds[count - 1] and key > own[count - 1]):
                    continue
                count -= 1
            slot = count
            while slot > 0 and (value > odds[slot - 1] or (value == odds[slot - 1] and key < own[slot - 1])):
                odds[slot], near[slot], own[slot] = odds[slot - 1], near[slot - 1], own[slot - 1]
                slot -= 1
            odds[slot], near[slot], own[slot] = value, np.float32(np.round(share, 5)), key
            count += 1
        counts[number] = count
