"""Compiled parts that writing and asking the spelling index share: hashes, segments, signatures, edit distance."""

from typing import Any

import numpy as np

from linkers.compiling import compiled

GRAM_BITS, SEGMENT_BITS, BAG_BITS, DELETION_BITS = 20, 22, 21, 20
RARITY_BITS = 18
GRAM = 4
SEGMENTS = 3
EDITS = SEGMENTS - 1
SHORTEST_CUT = 6
"""Keys of at least so many bytes are cut into segments; shorter ones, and those of so many, use deletions."""
LONGEST = 255
MOST_WORDS = 12
_OFFSET, _PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)
_MIX_A, _MIX_B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_WORD, _S30, _S27, _S31, _ALL = np.uint64(64), np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(2**64 - 1)
_ONE, _ZERO = np.uint64(1), np.uint64(0)
WHOLE, LESS_ONE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03)


@compiled
def mix(value: Any) -> Any:
    """Spread a 64-bit value over all bits (finaliser of splitmix64)."""
    value = (value ^ (value >> _S30)) * _MIX_A
    value = (value ^ (value >> _S27)) * _MIX_B
    return value ^ (value >> _S31)


@compiled
def bucket_of(value: Any, bits: Any) -> Any:
    """Return the bucket of a hash among 2 ** bits."""
    return np.int64(mix(value) >> (_WORD - np.uint64(bits)))


@compiled
def hashed(text: Any, begin: Any, end: Any, seed: Any) -> Any:
    """Return the FNV-1a hash of text[begin:end]."""
    value = _OFFSET ^ np.uint64(seed)
    for place in range(begin, end):
        value = (value ^ np.uint64(text[place])) * _PRIME
    return value


@compiled
def hashed_without(text: Any, begin: Any, end: Any, first: Any, second: Any) -> Any:
    """Return the hash of text[begin:end] without the bytes at two places (-1 for none)."""
    value = _OFFSET
    for place in range(begin, end):
        if place != first and place != second:
            value = (value ^ np.uint64(text[place])) * _PRIME
    return value


@compiled
def signature(text: Any, begin: Any, end: Any) -> Any:
    """Return which letters stand in a text once and twice; one edit changes at most two bits."""
    once, twice = _ZERO, _ZERO
    for place in range(begin, end):
        sign = np.uint64(text[place])
        letter = sign - np.uint64(97)
        bit = _ONE << (letter if letter < np.uint64(26) else np.uint64(26) + sign % np.uint64(6))
        twice |= once & bit
        once |= bit
    return once | (twice << np.uint64(32))


@compiled
def bits_set(value: Any) -> Any:
    """Return how many bits are set."""
    value = value - ((value >> _ONE) & np.uint64(0x5555555555555555))
    value = (value & np.uint64(0x3333333333333333)) + ((value >> np.uint64(2)) & np.uint64(0x3333333333333333))
    value = (value + (value >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((value * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def segment_start(length: Any, number: Any) -> Any:
    """Return where a segment of a text of some length begins."""
    return number * length // SEGMENTS


@compiled
def segment_seed(length: Any, number: Any) -> Any:
    """Return what tells segments of one length and number from others."""
    return np.uint64(length * 8 + number + 1) * WHOLE


@compiled
def padded(text: Any, begin: Any, end: Any, place: Any) -> Any:
    """Return the byte of a text with a space before and behind; place 0 is the space before."""
    where = begin + place - 1
    return text[where] if begin <= where < end else np.uint8(32)


@compiled
def long_gram(text: Any, begin: Any, end: Any, place: Any) -> Any:
    """Return the bucket of four bytes of the padded text, over word ends too."""
    value = _ZERO
    for offset in range(GRAM):
        value = (value << np.uint64(8)) | np.uint64(padded(text, begin, end, place + offset))
    return np.int64((value * WHOLE) >> (_WORD - np.uint64(GRAM_BITS)))


@compiled
def short_gram(text: Any, begin: Any, end: Any, place: Any) -> Any:
    """Return the bucket of three bytes of the padded text, -1 for those around a word's end."""
    middle = padded(text, begin, end, place + 1)
    if middle == 32:
        return np.int64(-1)
    first, last = padded(text, begin, end, place), padded(text, begin, end, place + 2)
    value = (np.uint64(first) << np.uint64(16)) | (np.uint64(middle) << np.uint64(8)) | np.uint64(last)
    return np.int64((value * WHOLE) >> (_WORD - np.uint64(RARITY_BITS)))


@compiled
def word_hashes(text: Any, begin: Any, end: Any, out: Any) -> Any:
    """Write the hash of each word into `out`; returns how many there are, at most MOST_WORDS."""
    count, first = 0, begin
    for place in range(begin, end + 1):
        if place == end or text[place] == 32:
            if place > first and count < MOST_WORDS:
                out[count] = mix(hashed(text, first, place, 0))
                count += 1
            first = place + 1
    return count


@compiled
def distance(text: Any, begin: Any, end: Any, length: Any, masks: Any, asked: Any) -> Any:
    """Return the edits (insert, drop, replace, swap neighbours) from the asked text to text[begin:end].

    masks: uint64 (256,), for each byte the places where it stands in the asked text. Bit-parallel after Hyyrö (2003),
    "A bit-vector algorithm for computing Levenshtein and Damerau edit distances"; longer ones by the plain table.
    """
    if length > 64:
        return _long_distance(text, begin, end, asked, length)
    positive, negative, diagonal, before = _ALL, _ZERO, _ZERO, _ZERO
    edits, last = length, _ONE << np.uint64(length - 1)
    for place in range(begin, end):
        here = masks[text[place]]
        swap = (((~diagonal) & here) << _ONE) & before
        diagonal = (((here & positive) + positive) ^ positive) | here | negative | swap
        right = negative | ~(diagonal | positive)
        wrong = diagonal & positive
        if right & last:
            edits += 1
        if wrong & last:
            edits -= 1
        right = (right << _ONE) | _ONE
        wrong = wrong << _ONE
        positive = wrong | ~(diagonal | right)
        negative = right & diagonal
        before = here
    return edits


@compiled
def _long_distance(text: Any, begin: Any, end: Any, asked: Any, length: Any) -> Any:
    other = end - begin
    rows = np.zeros((3, other + 1), np.int64)
    for column in range(other + 1):
        rows[0, column] = column
    for line in range(1, length + 1):
        now, above, far = rows[line % 3], rows[(line - 1) % 3], rows[(line - 2) % 3]
        now[0] = line
        for column in range(1, other + 1):
            cost = 0 if asked[line - 1] == text[begin + column - 1] else 1
            best = min(above[column] + 1, now[column - 1] + 1, above[column - 1] + cost)
            if (
                line > 1
                and column > 1
                and asked[line - 1] == text[begin + column - 2]
                and asked[line - 2] == text[begin + column - 1]
            ):
                best = min(best, far[column - 2] + 1)
            now[column] = best
    return rows[length % 3, other]
