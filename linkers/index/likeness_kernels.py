"""Compiled parts that say in how many ways a name is like what is asked: one line of numbers a pair."""

from typing import Any

import numpy as np

from linkers.compiling import compiled
from linkers.index.sounding_kernels import heard_best
from linkers.index.spelling_kernels import clear, cosine_of, weigh
from linkers.index.text_kernels import LONGEST, RARITY_BITS, bucket_of, distance, hashed, mix

LIKENESS = (
    *("grams", "letters", "words", "asked_covered", "name_covered", "numbers_agree", "numbers_differ", "numbers_lack"),
    *("initials", "begins", "shared_run", "heard", "heard_share", "asked_size", "sizes", "asked_words", "name_words"),
    *("first_word", "last_word", "joined"),
)
"""Names of the numbers of a pair, in order; see `liken`."""
WORDS = 16
_WORDS_AT_MOST, _LEAST_ALIKE, _ABBREVIATED = np.int64(WORDS), np.float32(0.6), np.float32(0.7)
_NOT_A_NUMBER, _COUNT, _YEAR, _ORDINAL = 0, 1, 2, 3
_ODDS_SCALE = np.float32(0.05)


@compiled
def split(text: Any, begin: Any, end: Any, words: Any, hashes: Any) -> Any:
    """Write begin and end of each word, and its hash; returns how many there are, at most WORDS."""
    count, first = 0, begin
    for place in range(begin, end + 1):
        if place == end or text[place] == 32:
            if place > first and count < _WORDS_AT_MOST:
                words[count, 0], words[count, 1] = first, place
                hashes[count] = mix(hashed(text, first, place, 0))
                count += 1
            first = place + 1
    return count


@compiled
def _kind(text: Any, begin: Any, end: Any) -> Any:
    """Return what kind of number a word is, and its value."""
    value, place = np.int64(0), begin
    while place < end and 48 <= text[place] <= 57 and place - begin < 9:
        value = value * 10 + np.int64(text[place]) - 48
        place += 1
    if place == begin:
        return _NOT_A_NUMBER, value
    if place == end:
        return (_YEAR if place - begin == 4 and 1000 <= value < 2100 else _COUNT), value
    if end - place == 2 and text[place] >= 97:
        return _ORDINAL, value
    return _NOT_A_NUMBER, value


@compiled
def _word_alike(one: Any, first: Any, last: Any, other: Any, begin: Any, end: Any, row: Any) -> Any:
    """Return how alike two words are: 1 minus edits over the longer, 0 where that is little, .7 for abbreviations."""
    size, length = last - first, end - begin
    shorter, longer = min(size, length), max(size, length)
    shared = 0
    while shared < shorter and one[first + shared] == other[begin + shared]:
        shared += 1
    if shared == shorter:
        if shared == longer:
            return np.float32(1)
        if shorter == 1 or shorter >= 3:
            return max(_ABBREVIATED, np.float32(shorter) / np.float32(longer))
    if shorter * 10 < longer * 6 or longer > 30:
        return np.float32(0)
    for column in range(length + 1):
        row[column] = column
    for line in range(1, size + 1):
        diagonal = row[0]
        row[0] = line
        for column in range(1, length + 1):
            value = diagonal + (0 if one[first + line - 1] == other[begin + column - 1] else 1)
            diagonal = row[column]
            row[column] = min(value, diagonal + 1, row[column - 1] + 1)
    alike = np.float32(1) - np.float32(row[length]) / np.float32(longer)
    return alike if alike >= _LEAST_ALIKE else np.float32(0)


@compiled
def _initials(text: Any, words: Any, count: Any, other: Any, begin: Any, end: Any) -> Any:
    """Return whether other[begin:end] are the initials of all words, or of those of at least four letters."""
    size = end - begin
    if count < 2 or size < 2:
        return False
    if size == count:
        same = True
        for number in range(count):
            same &= text[words[number, 0]] == other[begin + number]
        if same:
            return True
    place = 0
    for number in range(count):
        if words[number, 1] - words[number, 0] < 4:
            continue
        if place == size or text[words[number, 0]] != other[begin + place]:
            return False
        place += 1
    return place == size


@compiled
def _joined(text: Any, begin: Any, end: Any, out: Any) -> Any:
    count = 0
    for place in range(begin, end):
        if text[place] != 32:
            out[count] = text[place]
            count += 1
    return count


@compiled
def _shared_begin(one: Any, other: Any, most: Any) -> Any:
    shared = np.int64(0)
    while shared < most and one[shared] == other[shared]:
        shared += 1
    return shared


@compiled
def _shared_run(one: Any, size: Any, other: Any, length: Any, row: Any) -> Any:
    """Return the length of the longest run of letters that stands in both."""
    best = 0
    row[: length + 1] = 0
    for line in range(size):
        diagonal = 0
        for column in range(length):
            above = row[column + 1]
            row[column + 1] = diagonal + 1 if one[line] == other[column] else 0
            best = max(best, row[column + 1])
            diagonal = above
    return best


@compiled
def _pairs_alike(one: Any, size: Any, other: Any, length: Any, seen: Any) -> Any:
    """Return the share of letter pairs that both hold (Dice), spaces left out."""
    if size < 2 or length < 2:
        return np.float32(size == 1 and length == 1 and one[0] == other[0])
    for place in range(size - 1):
        seen[(np.int64(one[place]) * 31 + np.int64(one[place + 1])) & 4095] += 1
    shared = 0
    for place in range(length - 1):
        pair = (np.int64(other[place]) * 31 + np.int64(other[place + 1])) & 4095
        if seen[pair] > 0:
            seen[pair] -= 1
            shared += 1
    for place in range(size - 1):
        seen[(np.int64(one[place]) * 31 + np.int64(one[place + 1])) & 4095] = 0
    return np.float32(2 * shared) / np.float32(size + length - 2)


@compiled
def _numbers(asked: Any, words: Any, count: Any, text: Any, others: Any, total: Any, out: Any) -> Any:
    """Write whether numbers agree, differ in kind and value, or stand on one side only."""
    own, there, agree, rivals = 0, 0, 0, 0
    for number in range(total):
        there += _kind(text, others[number, 0], others[number, 1])[0] != _NOT_A_NUMBER
    for number in range(count):
        kind, value = _kind(asked, words[number, 0], words[number, 1])
        if kind == _NOT_A_NUMBER:
            continue
        own += 1
        rival, same = False, False
        for other in range(total):
            its, its_value = _kind(text, others[other, 0], others[other, 1])
            same |= its != _NOT_A_NUMBER and its_value == value
            rival |= its == kind and its_value != value
        agree += same
        rivals += rival and not same
    out[0] = np.float32(agree) / np.float32(max(own, there, 1))
    out[1] = np.float32(rivals) / np.float32(max(own, 1))
    out[2] = np.float32((own > 0) != (there > 0))


@compiled
def _words(
    asked: Any, words: Any, count: Any, own: Any, text: Any, others: Any, total: Any, rarity: Any, row: Any, out: Any
) -> None:
    """Write cosine of whole words, and how much of the asked words and of the name's words stands in the other.

    own: hashes of the asked words, then of the name's.
    """
    covered, asked_all, name_all, square, name_square, common = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    best = np.zeros(total, np.float32)
    for number in range(count):
        weight = rarity[bucket_of(own[number], RARITY_BITS)]
        most = np.float32(0)
        for other in range(total):
            if own[number] == own[WORDS + other]:
                alike = np.float32(1)
            else:
                alike = _word_alike(
                    asked, words[number, 0], words[number, 1], text, others[other, 0], others[other, 1], row
                )
            most, best[other] = max(most, alike), max(best[other], alike)
        covered += weight * most
        common += weight * weight * (most == 1)
        asked_all += weight
        square += weight * weight
    reached = 0.0
    for other in range(total):
        weight = rarity[bucket_of(own[WORDS + other], RARITY_BITS)]
        reached += weight * best[other]
        name_all += weight
        name_square += weight * weight
    out[0] = common / np.sqrt(square * name_square) if square * name_square > 0 else 0.0
    out[1] = covered / asked_all if asked_all > 0 else 0.0
    out[2] = reached / name_all if name_all > 0 else 0.0


@compiled
def liken(
    first: Any, last: Any, text: Any, starts: Any, voice: Any, voice_starts: Any, ways: Any,
    pair_starts: Any, pair_keys: Any, tables: Any, sounding: Any, scratch: Any, out: Any,
) -> None:  # fmt: skip
    """Write the numbers of the pairs of the questions first..last, named by LIKENESS, nearly all in [0, 1].

    text, starts: the questions' bytes. voice, voice_starts, ways: their sounds, as `said` gives them. pair_keys: keys
    of the pairs of question i from pair_starts[i] to pair_starts[i + 1]. out: float32 (pairs, len(LIKENESS)).
    """
    words, others = np.empty((WORDS, 2), np.int64), np.empty((WORDS, 2), np.int64)
    hashes = np.empty(2 * WORDS, np.uint64)
    row, line = np.zeros(LONGEST + 1, np.int64), np.zeros(LONGEST + 1, np.float32)
    own, there = np.empty(LONGEST, np.uint8), np.empty(LONGEST, np.uint8)
    pairs = np.zeros(4096, np.int16)
    for number in range(first, last):
        begin = np.int64(starts[number])
        asked = text[begin : min(np.int64(starts[number + 1]), begin + LONGEST)]
        size = len(asked)
        if size == 0:
            continue
        norm = weigh(asked, tables, scratch)
        count = split(asked, 0, size, words, hashes)
        letters = _joined(asked, 0, size, own)
        for pair in range(pair_starts[number], pair_starts[number + 1]):
            key = pair_keys[pair]
            line_out = out[pair]
            start = np.int64(tables.starts[key])
            end = min(np.int64(tables.starts[key + 1]), start + LONGEST)
            line_out[0] = cosine_of(key, norm, tables, scratch)
            longer: Any = max(size, end - start, 1)
            line_out[1] = 1.0 - distance(tables.text, start, end, size, scratch.masks, asked) / longer
            total = split(tables.text, start, end, others, hashes[WORDS:])
            _words(asked, words, count, hashes, tables.text, others, total, tables.word_rarity, row, line_out[2:5])
            _numbers(asked, words, count, tables.text, others, total, line_out[5:8])
            length = _joined(tables.text, start, end, there)
            line_out[8] = np.float32(
                _initials(asked, words, count, there, 0, length)
                or _initials(tables.text, others, total, own, 0, letters)
            )
            shorter: Any = max(min(letters, length), 1)
            line_out[9] = _shared_begin(own, there, min(letters, length)) / shorter
            line_out[10] = _shared_run(own, letters, there, length, row) / shorter
            odds, share = heard_best(voice, voice_starts, ways[number], ways[number + 1], key, sounding, line)
            line_out[11] = np.float32(max(odds, np.float32(-20)) * _ODDS_SCALE)
            line_out[12] = max(share, np.float32(0))
            line_out[13] = min(size, 40) / 40
            line_out[14] = min(size, end - start) / longer
            line_out[15] = min(count, 6) / 6
            line_out[16] = min(total, 6) / 6
            if count > 0 and total > 0:
                line_out[17] = np.float32(hashes[0] == hashes[WORDS])
                line_out[18] = np.float32(hashes[count - 1] == hashes[WORDS + total - 1])
            line_out[19] = _pairs_alike(own, letters, there, length, pairs)
        clear(asked, scratch)
