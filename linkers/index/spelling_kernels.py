"""Compiled parts that ask the spelling index: candidates from four tables, then one exact score."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkers.compiling import compiled
from linkers.index.spelling_tables import deletions
from linkers.index.text_kernels import (
    BAG_BITS,
    EDITS,
    GRAM,
    LESS_ONE,
    LONGEST,
    MOST_WORDS,
    SEGMENT_BITS,
    SEGMENTS,
    SHORTEST_CUT,
    WHOLE,
    bits_set,
    bucket_of,
    distance,
    hashed,
    long_gram,
    segment_seed,
    segment_start,
    short_gram,
    signature,
    word_hashes,
)

LEVELS = 1024
NEAR_SHARE = 8
LONGEST_BY_DELETION = SHORTEST_CUT + EDITS
MOST_DELETIONS = 1 + LONGEST_BY_DELETION + LONGEST_BY_DELETION * (LONGEST_BY_DELETION - 1) // 2
CUT_SEGMENTS, CUT_BAGS, CUT_GRAMS, CUT_FOUND = range(4)


class Tables(NamedTuple):
    """The arrays of the index; keys are numbered by length, then by text. Each table is (starts by bucket, keys)."""

    text: NDArray[np.uint8]
    starts: NDArray[np.uint32]
    sizes: NDArray[np.uint8]
    signatures: NDArray[np.uint64]
    rarity: NDArray[np.float32]
    word_rarity: NDArray[np.float32]
    lengths: NDArray[np.float32]
    segment_starts: NDArray[np.uint32]
    segment_keys: NDArray[np.int32]
    deletion_starts: NDArray[np.uint32]
    deletion_keys: NDArray[np.int32]
    bag_starts: NDArray[np.uint32]
    bag_keys: NDArray[np.int32]
    gram_starts: NDArray[np.uint32]
    gram_keys: NDArray[np.int32]


class Scratch(NamedTuple):
    """What one thread works with; all zeros between two questions.

    masks: uint64 (256,). weights: float32 by short gram. seen: uint8 by key. sums: uint16 by key.
    touched, found: int32 lists of keys. level_of: of the touched. levels: int32 (LEVELS,).
    """

    masks: NDArray[np.uint64]
    weights: NDArray[np.float32]
    seen: NDArray[np.uint8]
    sums: NDArray[np.uint16]
    touched: NDArray[np.int32]
    level_of: NDArray[np.int32]
    found: NDArray[np.int32]
    levels: NDArray[np.int32]


class Limits(NamedTuple):
    """How much is read for one question.

    bucket: keys of a segment or a deletion. bag: keys of a bag of words. grams: keys read through long grams. by_gram:
    keys that long grams propose. answers: keys returned.
    """

    bucket: int
    bag: int
    grams: int
    by_gram: int
    answers: int


@compiled
def _add(key: Any, filled: Any, scratch: Any, cut: Any) -> Any:
    if scratch.seen[key]:
        return filled
    if filled == len(scratch.found):
        cut[CUT_FOUND] += 1
        return filled
    scratch.seen[key] = np.uint8(1)
    scratch.found[filled] = key
    return filled + 1


@compiled
def _read(
    starts: Any,
    keys: Any,
    bucket: Any,
    asked: Any,
    sign: Any,
    filled: Any,
    tables: Any,
    scratch: Any,
    most: Any,
    cut: Any,
) -> Any:
    """Add the keys of a bucket that are few edits away."""
    first, last = np.int64(starts[bucket]), np.int64(starts[bucket + 1])
    if last - first > most:
        cut[CUT_SEGMENTS] += last - first - most
        last = first + most
    for place in range(first, last):
        key = keys[place]
        if bits_set(tables.signatures[key] ^ sign) > 2 * EDITS or scratch.seen[key]:
            continue
        begin, end = tables.starts[key], tables.starts[key + 1]
        if distance(tables.text, begin, end, len(asked), scratch.masks, asked) <= EDITS:
            filled = _add(key, filled, scratch, cut)
    return filled


@compiled
def _by_segments(asked: Any, sign: Any, filled: Any, tables: Any, scratch: Any, limits: Any, cut: Any) -> Any:
    """Add the keys that share a segment at about the same place (PassJoin: Li, Deng, Wang, Feng 2011)."""
    size = len(asked)
    for length in range(max(size - EDITS, SHORTEST_CUT), size + EDITS + 1):
        shift = size - length
        for number in range(SEGMENTS):
            first, last = segment_start(length, number), segment_start(length, number + 1)
            lowest = max(first - number, first + shift - (EDITS - number), 0)
            highest = min(first + number, first + shift + (EDITS - number), size - (last - first))
            for place in range(lowest, highest + 1):
                value = hashed(asked, place, place + last - first, segment_seed(length, number))
                bucket = bucket_of(value, SEGMENT_BITS)
                filled = _read(
                    tables.segment_starts, tables.segment_keys, bucket, asked, sign, filled, tables, scratch,
                    limits.bucket, cut,
                )  # fmt: skip
    return filled


@compiled
def _by_deletions(asked: Any, sign: Any, filled: Any, tables: Any, scratch: Any, limits: Any, cut: Any) -> Any:
    """Add the short keys that become equal when one or two bytes are dropped on either side."""
    if len(asked) > LONGEST_BY_DELETION:
        return filled
    buckets = np.empty(MOST_DELETIONS, np.uint32)
    for place in range(deletions(asked, 0, len(asked), buckets)):
        filled = _read(
            tables.deletion_starts, tables.deletion_keys, buckets[place], asked, sign, filled, tables, scratch,
            limits.bucket, cut,
        )  # fmt: skip
    return filled


@compiled
def _bag(value: Any, most: Any, filled: Any, tables: Any, scratch: Any, cut: Any) -> Any:
    bucket = bucket_of(value, BAG_BITS)
    first, last = np.int64(tables.bag_starts[bucket]), np.int64(tables.bag_starts[bucket + 1])
    if last - first > most:
        cut[CUT_BAGS] += last - first - most
        last = first + most
    for place in range(first, last):
        filled = _add(tables.bag_keys[place], filled, scratch, cut)
    return filled


@compiled
def _by_bags(asked: Any, filled: Any, tables: Any, scratch: Any, limits: Any, cut: Any) -> Any:
    """Add the keys of the same words in any order, with a word more, a word less, another word."""
    words = np.empty(MOST_WORDS, np.uint64)
    count = word_hashes(asked, 0, len(asked), words)
    bag = words[:count].sum()
    filled = _bag(bag + LESS_ONE, limits.bag, filled, tables, scratch, cut)
    if count > 1:
        filled = _bag(bag + WHOLE, limits.bag, filled, tables, scratch, cut)
    if count > 2:
        for word in range(count):
            filled = _bag(bag - words[word] + WHOLE, limits.bag, filled, tables, scratch, cut)
            filled = _bag(bag - words[word] + LESS_ONE, limits.bag // 4, filled, tables, scratch, cut)
    return filled


@compiled
def _by_grams(asked: Any, filled: Any, most: Any, tables: Any, scratch: Any, limits: Any, cut: Any) -> Any:
    """Add the keys that share most of the rarest long grams."""
    count = max(len(asked) + 3 - GRAM, 1)
    grams, sizes = np.empty(count, np.int64), np.empty(count, np.int64)
    for place in range(count):
        gram = long_gram(asked, 0, len(asked), place)
        grams[place] = gram
        sizes[place] = np.int64(tables.gram_starts[gram + 1]) - np.int64(tables.gram_starts[gram])
    left: Any = np.int64(most)
    touched, before, top = 0, np.int64(-1), np.int64(0)
    for place in np.argsort(sizes * (1 << 22) + grams):
        gram, size = grams[place], int(sizes[place])
        if gram == before or size == 0:
            continue
        before = gram
        # so that the sum of all grams of a text stays below 2 ** 16
        weight = np.int64(8.0 * (np.log(len(tables.starts) / size) + 0.2))
        top += weight
        if size > left:
            cut[CUT_GRAMS] += size - left
            size = left
        left -= size
        first = np.int64(tables.gram_starts[gram])
        for where in range(first, first + size):
            key = tables.gram_keys[where]
            before_sum = scratch.sums[key]
            scratch.touched[touched] = key
            touched += np.int64(before_sum == 0)
            scratch.sums[key] = np.uint16(np.int64(before_sum) + weight)
    return most_alike(asked, top, touched, filled, tables, scratch, limits, cut)


@compiled
def most_alike(
    asked: Any, top: Any, touched: Any, filled: Any, tables: Any, scratch: Any, limits: Any, cut: Any
) -> Any:
    """Add the touched keys of the highest sums for their length, and clear the sums."""
    factors = np.empty(LONGEST + 1, np.float32)
    for size in range(LONGEST + 1):
        factors[size] = 0.7 * LEVELS / max(top, 1) * np.sqrt((len(asked) + 2) / (max(size, len(asked) // 2) + 2))
    for place in range(touched):
        key = scratch.touched[place]
        level = min(np.int64(np.float32(scratch.sums[key]) * factors[tables.sizes[key]]), LEVELS - 1)
        scratch.sums[key] = np.uint16(0)
        scratch.level_of[place] = level
        scratch.levels[level] += 1
    least, above = LEVELS - 1, 0
    while least > 0 and above + scratch.levels[least] <= limits.by_gram:
        above += scratch.levels[least]
        least -= 1
    edge = limits.by_gram - above
    for place in range(touched):
        level = scratch.level_of[place]
        if level > least or (level == least and edge > 0):
            filled = _add(scratch.touched[place], filled, scratch, cut)
            if level == least:
                edge -= 1
    scratch.levels[:] = 0
    return filled


@compiled
def weigh(asked: Any, tables: Any, scratch: Any) -> Any:
    """Set the masks of the asked letters and the weights of the short grams; returns the length of their vector."""
    for place in range(min(len(asked), 64)):
        scratch.masks[asked[place]] |= np.uint64(1) << np.uint64(place)
    for place in range(len(asked)):
        gram = short_gram(asked, 0, len(asked), place)
        if gram >= 0:
            scratch.weights[gram] += tables.rarity[gram]
    square = 0.0
    for place in range(len(asked)):
        gram = short_gram(asked, 0, len(asked), place)
        if gram >= 0:
            # each of n equal grams adds its share of (n * rarity) ** 2
            square += scratch.weights[gram] * tables.rarity[gram]
    return np.sqrt(square)


@compiled
def clear(asked: Any, scratch: Any) -> None:
    """Take back what `weigh` set."""
    for place in range(len(asked)):
        scratch.masks[asked[place]] = np.uint64(0)
        gram = short_gram(asked, 0, len(asked), place)
        if gram >= 0:
            scratch.weights[gram] = 0


@compiled
def cosine_of(key: Any, norm: Any, tables: Any, scratch: Any) -> Any:
    """Return the cosine of the short grams of a key and of the text that was weighed, whose vector is `norm` long."""
    begin = np.int64(tables.starts[key])
    end = min(np.int64(tables.starts[key + 1]), begin + LONGEST)
    product = 0.0
    for place in range(end - begin):
        gram = short_gram(tables.text, begin, end, place)
        if gram >= 0 and scratch.weights[gram] > 0:
            product += scratch.weights[gram] * tables.rarity[gram]
    below = norm * tables.lengths[key]
    return min(product / below, 1.0) if below > 0 else 0.0


@compiled
def _score(key: Any, asked: Any, sign: Any, norm: Any, tables: Any, scratch: Any) -> Any:
    """Return (score, cosine): cosine of short grams and a share of equal letters, more of it in short names."""
    begin = np.int64(tables.starts[key])
    end = min(np.int64(tables.starts[key + 1]), begin + LONGEST)
    cosine = cosine_of(key, norm, tables, scratch)
    edits = distance(tables.text, begin, end, len(asked), scratch.masks, asked)
    longer = max(len(asked), end - begin, 1)
    value = cosine + (0.3 + 0.1 * max(0, 9 - len(asked))) * (1.0 - edits / longer)
    if len(asked) < SHORTEST_CUT and edits <= 1:
        # one letter spoils every gram of a short name, so an edit counts by itself, a swap of letters the most
        value += 1.3 if tables.signatures[key] == sign else 1.0
    return np.float32(np.round(value, 5)), np.float32(np.round(cosine, 5))


@compiled
def _answer(
    asked: Any, sign: Any, filled: Any, norm: Any, tables: Any, scratch: Any, scores: Any, keys: Any, cosines: Any
) -> Any:
    """Write the best of the found keys, best first, ties by number; returns how many."""
    count = 0
    for place in range(filled):
        key = scratch.found[place]
        scratch.seen[key] = np.uint8(0)
        score, cosine = _score(key, asked, sign, norm, tables, scratch)
        if count == len(keys):
            if score < scores[count - 1] or (score == scores[count - 1] and key > keys[count - 1]):
                continue
            count -= 1
        slot = count
        while slot > 0 and (score > scores[slot - 1] or (score == scores[slot - 1] and key < keys[slot - 1])):
            scores[slot], keys[slot], cosines[slot] = scores[slot - 1], keys[slot - 1], cosines[slot - 1]
            slot -= 1
        scores[slot], keys[slot], cosines[slot] = score, key, cosine
        count += 1
    return count


@compiled
def search_range(
    first: Any, last: Any, text: Any, starts: Any, tables: Any, scratch: Any, limits: Any,
    keys: Any, cosines: Any, counts: Any, cut: Any,
) -> None:  # fmt: skip
    """Answer the questions first..last.

    text, starts: the questions' bytes. keys (int32), cosines (float32): (questions, answers); counts: how many of each
    line are filled. cut: int64 (4,), what the limits left out, added to.
    """
    scores = np.empty(limits.answers, np.float32)
    for number in range(first, last):
        begin = np.int64(starts[number])
        asked = text[begin : min(np.int64(starts[number + 1]), begin + LONGEST)]
        if len(asked) == 0:
            continue
        sign = signature(asked, 0, len(asked))
        norm = weigh(asked, tables, scratch)
        filled = _by_deletions(asked, sign, 0, tables, scratch, limits, cut)
        filled = _by_segments(asked, sign, filled, tables, scratch, limits, cut)
        # beside a name two edits away, the rest of the list are rivals that share a rare gram: they need less reading
        grams = limits.grams // NEAR_SHARE if filled else limits.grams
        filled = _by_bags(asked, filled, tables, scratch, limits, cut)
        filled = _by_grams(asked, filled, grams, tables, scratch, limits, cut)
        counts[number] = _answer(asked, sign, filled, norm, tables, scratch, scores, keys[number], cosines[number])
        clear(asked, scratch)
