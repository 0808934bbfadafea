"""Compiled: the words of texts, and how many of them two texts share."""

from typing import Any

import numpy as np

from linkers.compiling import compiled
from linkers.index.text_kernels import hashed, mix

_OFFSET, _PRIME = np.uint64(14695981039346656037), np.uint64(1099511628211)
_SPACE, _ZERO, _NINE = 32, 48, 57
_CONTINUES, _LEADS = 0x80, 0xC0


@compiled
def count_words(text: Any, starts: Any, counts: Any) -> None:
    """Write how many words each text has; text, starts: as `packed` gives them, words parted by single spaces."""
    for number in range(len(counts)):
        count, inside = 0, False
        for place in range(starts[number], starts[number + 1]):
            letter = text[place] != _SPACE
            if letter and not inside:
                count += 1
            inside = letter
        counts[number] = count


@compiled
def read_words(text: Any, starts: Any, hashes: Any, signs: Any, single: Any) -> None:
    """Write of each word its hash, the bytes of its first sign as one number, and whether it has no other sign."""
    word = 0
    for number in range(len(starts) - 1):
        begin = starts[number]
        for place in range(starts[number], starts[number + 1] + 1):
            if place == starts[number + 1] or text[place] == _SPACE:
                if place > begin:
                    hashes[word] = mix(hashed(text, begin, place, 0))
                    sign, after = np.uint32(text[begin]), begin + 1
                    while after < place and (text[after] & _LEADS) == _CONTINUES:
                        sign = (sign << np.uint32(8)) | np.uint32(text[after])
                        after += 1
                    signs[word], single[word] = sign, after == place
                    word += 1
                begin = place + 1


@compiled
def join_words(text: Any, starts: Any, joined: Any, digits: Any) -> None:
    """Write the hash of each text without its spaces, and whether a digit stands in it."""
    for number in range(len(joined)):
        value, digit = _OFFSET, False
        for place in range(starts[number], starts[number + 1]):
            digit = digit or _ZERO <= text[place] <= _NINE
            if text[place] != _SPACE:
                value = (value ^ np.uint64(text[place])) * _PRIME
        joined[number], digits[number] = mix(value), digit


@compiled
def join_initials(word_starts: Any, hashes: Any, signs: Any, small: Any, least: Any, initials: Any) -> None:
    """Write the hash that `join_words` gives for each text's initials; 0 for fewer than `least` of them.

    small: hashes of words that initials leave out.
    """
    for number in range(len(initials)):
        value, count = _OFFSET, 0
        for word in range(word_starts[number], word_starts[number + 1]):
            left_out = False
            for each in small:
                left_out = left_out or each == hashes[word]
            if not left_out:
                count += 1
                for shift in (24, 16, 8, 0):
                    byte = (signs[word] >> np.uint32(shift)) & np.uint32(255)
                    if byte:
                        value = (value ^ np.uint64(byte)) * _PRIME
        initials[number] = mix(value) if count >= least else np.uint64(0)


@compiled
def count_distinct(starts: Any, values: Any, counts: Any) -> None:
    """Write how many different values each run of values has."""
    for number in range(len(counts)):
        count = 0
        for place in range(starts[number], starts[number + 1]):
            new = True
            for before in range(starts[number], place):
                new = new and values[before] != values[place]
            count += new
        counts[number] = count


@compiled
def count_shared(
    starts: Any, values: Any, other_starts: Any, others: Any, rows: Any, other_rows: Any, counts: Any
) -> None:
    """Write how many different values each pair of a run of `values` and a run of `others` has in common."""
    for pair in range(len(counts)):
        begin, end = starts[rows[pair]], starts[rows[pair] + 1]
        other_begin, other_end = other_starts[other_rows[pair]], other_starts[other_rows[pair] + 1]
        count = 0
        for place in range(begin, end):
            new = True
            for before in range(begin, place):
                new = new and values[before] != values[place]
            for other in range(other_begin, other_end if new else other_begin):
                if others[other] == values[place]:
                    count += 1
                    break
        counts[pair] = count
