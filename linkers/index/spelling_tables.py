"""Compiled parts that write the spelling index: for each key the buckets under which it is found."""

from typing import Any

import numpy as np

from linkers.compiling import compiled
from linkers.index.text_kernels import (
    BAG_BITS,
    DELETION_BITS,
    GRAM,
    LESS_ONE,
    LONGEST,
    MOST_WORDS,
    RARITY_BITS,
    SEGMENT_BITS,
    SEGMENTS,
    SHORTEST_CUT,
    WHOLE,
    bucket_of,
    hashed,
    hashed_without,
    long_gram,
    segment_seed,
    segment_start,
    short_gram,
    signature,
    word_hashes,
)

LEAST_FOR_TWO = 4


@compiled
def sizes(buckets: Any, starts: Any) -> None:
    """Add to starts[bucket + 1] how often each bucket is there."""
    for bucket in buckets:
        starts[bucket + 1] += np.uint32(1)


@compiled
def filled(buckets: Any, keys: Any, first: Any, free: Any, ordered: Any) -> None:
    """Put each key, counted from `first`, at the next free place of its bucket."""
    for place in range(len(keys)):
        bucket = buckets[place]
        ordered[free[bucket]] = first + keys[place]
        free[bucket] += np.uint32(1)


@compiled
def segments(text: Any, starts: Any) -> Any:
    """Return (buckets, keys) of the segments of keys that are long enough."""
    count = len(starts) - 1
    buckets, keys = np.empty(count * SEGMENTS, np.uint32), np.empty(count * SEGMENTS, np.int32)
    filled = 0
    for key in range(count):
        begin, length = starts[key], starts[key + 1] - starts[key]
        if SHORTEST_CUT <= length <= LONGEST:
            for number in range(SEGMENTS):
                first, last = segment_start(length, number), segment_start(length, number + 1)
                value = hashed(text, begin + first, begin + last, segment_seed(length, number))
                buckets[filled], keys[filled] = bucket_of(value, SEGMENT_BITS), key
                filled += 1
    return buckets[:filled], keys[:filled]


@compiled
def deletions(text: Any, begin: Any, end: Any, out: Any) -> Any:
    """Write the buckets of a text and of it less one byte, less two where it is long enough; returns how many."""
    out[0] = bucket_of(hashed_without(text, begin, end, -1, -1), DELETION_BITS)
    count = 1
    for first in range(begin, end):
        out[count] = bucket_of(hashed_without(text, begin, end, first, -1), DELETION_BITS)
        count += 1
        if end - begin >= LEAST_FOR_TWO:
            for second in range(first + 1, end):
                out[count] = bucket_of(hashed_without(text, begin, end, first, second), DELETION_BITS)
                count += 1
    return count


@compiled
def deletion_pairs(text: Any, starts: Any) -> Any:
    """Return (buckets, keys) of the deletions of short keys."""
    most = 1 + SHORTEST_CUT + SHORTEST_CUT * (SHORTEST_CUT - 1) // 2
    count = 0
    for key in range(len(starts) - 1):
        if starts[key + 1] - starts[key] <= SHORTEST_CUT:
            count += 1
    buckets, keys = np.empty(count * most, np.uint32), np.empty(count * most, np.int32)
    own = np.empty(most, np.uint32)
    filled = 0
    for key in range(len(starts) - 1):
        if starts[key + 1] - starts[key] <= SHORTEST_CUT:
            for place in range(deletions(text, starts[key], starts[key + 1], own)):
                buckets[filled], keys[filled] = own[place], key
                filled += 1
    return buckets[:filled], keys[:filled]


@compiled
def bags(text: Any, starts: Any) -> Any:
    """Return (buckets, keys) of the words of each key in any order, and of all words but one."""
    words = np.empty(MOST_WORDS, np.uint64)
    total = 0
    for key in range(len(starts) - 1):
        count = word_hashes(text, starts[key], starts[key + 1], words)
        total += count + 1 if count > 1 else 0
    buckets, keys = np.empty(total, np.uint32), np.empty(total, np.int32)
    filled = 0
    for key in range(len(starts) - 1):
        count = word_hashes(text, starts[key], starts[key + 1], words)
        if count > 1:
            bag = words[:count].sum()
            buckets[filled], keys[filled] = bucket_of(bag + WHOLE, BAG_BITS), key
            for word in range(count):
                buckets[filled + 1 + word] = bucket_of(bag - words[word] + LESS_ONE, BAG_BITS)
                keys[filled + 1 + word] = key
            filled += count + 1
    return buckets, keys


@compiled
def long_grams(text: Any, starts: Any) -> Any:
    """Return (buckets, keys) of the long grams of each key."""
    total = 0
    for key in range(len(starts) - 1):
        total += max(int(starts[key + 1] - starts[key]) + 3 - GRAM, 1)
    buckets, keys = np.empty(total, np.uint32), np.empty(total, np.int32)
    filled = 0
    for key in range(len(starts) - 1):
        begin, end = starts[key], starts[key + 1]
        for place in range(max(end - begin + 3 - GRAM, 1)):
            buckets[filled], keys[filled] = long_gram(text, begin, end, place), key
            filled += 1
    return buckets, keys


@compiled
def gram_frequency(text: Any, starts: Any) -> Any:
    """Return how many keys hold each short gram, int64 (2 ** RARITY_BITS,)."""
    frequency = np.zeros(1 << RARITY_BITS, np.int64)
    last = np.full(1 << RARITY_BITS, -1, np.int32)
    for key in range(len(starts) - 1):
        for place in range(starts[key + 1] - starts[key]):
            gram = short_gram(text, starts[key], starts[key + 1], place)
            if gram >= 0 and last[gram] != key:
                last[gram] = key
                frequency[gram] += 1
    return frequency


@compiled
def word_frequency(text: Any, starts: Any) -> Any:
    """Return how many keys hold each word, by the bucket of its hash, int64 (2 ** RARITY_BITS,)."""
    frequency = np.zeros(1 << RARITY_BITS, np.int64)
    words = np.empty(MOST_WORDS, np.uint64)
    for key in range(len(starts) - 1):
        for word in range(word_hashes(text, starts[key], starts[key + 1], words)):
            frequency[bucket_of(words[word], RARITY_BITS)] += 1
    return frequency


@compiled
def lengths(text: Any, starts: Any, rarity: Any) -> Any:
    """Return the Euclidean length of each key's TF-IDF vector of short grams, float32."""
    found = np.zeros(len(starts) - 1, np.float32)
    grams = np.empty(LONGEST + 1, np.int64)
    for key in range(len(starts) - 1):
        filled = 0
        for place in range(min(starts[key + 1] - starts[key], LONGEST)):
            gram = short_gram(text, starts[key], starts[key + 1], place)
            if gram >= 0:
                grams[filled] = gram
                filled += 1
        own = np.sort(grams[:filled])
        square, first = 0.0, 0
        while first < filled:
            last = first
            while last < filled and own[last] == own[first]:
                last += 1
            weight = (last - first) * rarity[own[first]]
            square += weight * weight
            first = last
        found[key] = np.sqrt(square)
    return found


@compiled
def signatures(text: Any, starts: Any) -> Any:
    """Return the signature of each key, uint64."""
    found = np.empty(len(starts) - 1, np.uint64)
    for key in range(len(starts) - 1):
        found[key] = signature(text, starts[key], starts[key + 1])
    return found
