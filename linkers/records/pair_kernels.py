"""Compiled: how alike the texts of two records are."""

from typing import Any

import numpy as np

from linkers.compiling import compiled
from linkers.records.text_kernels import JOINED, NUMERAL, PLACE, REPEATED, times_of

OVERALL = 7
"""Features of the whole record that `compare` writes before those of the columns."""
BY_COLUMN = 3


@compiled
def compare(
    first: Any, last: Any, left: Any, right: Any, words: Any, grams: Any, columns: Any, shown: Any, out: Any
) -> Any:
    """Write the text features of pairs first..last into out, float32 (pairs, OVERALL + BY_COLUMN * shown).

    shown: the first so many columns have features of their own.

    left, right: int32, ordered by left. words, grams: (terms, starts, weights). NaN where a side has no text.
    Overall: cosine of grams; shared weight of words by that of the smaller and of the larger side; weight of unshared
    words of the smaller and the larger side; shared weight; shared numerals by the fewer of both. By column: cosine of
    grams; the larger and the smaller share of one side's grams that stand anywhere in the other record.
    """
    word_terms, word_starts, word_weights = words
    gram_terms, gram_starts, gram_weights = grams
    word_mark = np.zeros(len(word_weights), np.uint8)
    gram_mark, gram_times = np.zeros(len(gram_weights), np.uint64), np.zeros(len(gram_weights), np.float32)
    own_sum, own_square, inside = np.zeros(columns), np.zeros(columns), np.zeros(columns)
    marked = -1
    word_sum, numerals, gram_square = 0.0, 0, 0.0
    for pair in range(first, last):
        one, other = left[pair], right[pair]
        if one != marked:
            if marked >= 0:
                for place in range(word_starts[marked * columns], word_starts[(marked + 1) * columns]):
                    word_mark[word_terms[place] & PLACE] = 0
                for place in range(gram_starts[marked * columns], gram_starts[(marked + 1) * columns]):
                    gram_mark[gram_terms[place] & PLACE] = 0
            word_sum, numerals, gram_square = 0.0, 0, 0.0
            for column in range(columns):
                own_sum[column], own_square[column] = 0.0, 0.0
                cell = one * columns + column
                for place in range(word_starts[cell], word_starts[cell + 1]):
                    term = word_terms[place] & PLACE
                    word_mark[term] |= 2 if word_terms[place] & JOINED else 1
                    if word_terms[place] & REPEATED == 0:
                        word_sum += word_weights[term]
                        numerals += word_terms[place] & NUMERAL != 0
                for place in range(gram_starts[cell], gram_starts[cell + 1]):
                    term = gram_terms[place] & PLACE
                    gram_mark[term] |= np.uint64(1) << np.uint64(column)
                    weight = gram_weights[term]
                    own_sum[column] += weight
                    own_square[column] += weight * weight
                    if gram_terms[place] & REPEATED == 0:
                        gram_times[term] = times_of(gram_terms[place])
                        gram_square += (weight * gram_times[term]) ** 2
            marked = one
        shared, their_sum, both, theirs = 0.0, 0.0, 0, 0
        for place in range(word_starts[other * columns], word_starts[(other + 1) * columns]):
            if word_terms[place] & REPEATED == 0:
                term = word_terms[place] & PLACE
                weight = word_weights[term]
                numeral = word_terms[place] & NUMERAL != 0
                their_sum += weight
                theirs += numeral
                if word_mark[term]:
                    shared += weight
                    both += numeral
            elif word_terms[place] & JOINED and word_mark[word_terms[place] & PLACE] & 1:
                shared += word_weights[word_terms[place] & PLACE]
                both += word_terms[place] & NUMERAL != 0
        for column in range(columns):
            inside[column] = 0.0
        dot, their_square = 0.0, 0.0
        for column in range(columns):
            cell = other * columns + column
            same, total, square, held = 0.0, 0.0, 0.0, 0.0
            bit = np.uint64(1) << np.uint64(column)
            for place in range(gram_starts[cell], gram_starts[cell + 1]):
                term = gram_terms[place] & PLACE
                weight = gram_weights[term]
                mask = gram_mark[term]
                total += weight
                square += weight * weight
                if mask:
                    held += weight
                    if mask & bit:
                        same += weight * weight
                if gram_terms[place] & REPEATED == 0:
                    often = times_of(gram_terms[place])
                    their_square += (weight * often) ** 2
                    if mask:
                        dot += weight * weight * often * gram_times[term]
                        for own in range(columns):
                            if mask & (np.uint64(1) << np.uint64(own)):
                                inside[own] += weight
            if column >= shown:
                continue
            at = OVERALL + BY_COLUMN * column
            out[pair, at] = same / np.sqrt(square * own_square[column]) if total > 0 and own_sum[column] > 0 else np.nan
            out[pair, at + 1] = held / total if total > 0 else np.nan
        for column in range(shown):
            at = OVERALL + BY_COLUMN * column
            held = out[pair, at + 1]
            mine = inside[column] / own_sum[column] if own_sum[column] > 0 else np.nan
            if np.isnan(mine) or np.isnan(held):
                out[pair, at + 1] = held if np.isnan(mine) else mine
                out[pair, at + 2] = np.nan
            else:
                out[pair, at + 1], out[pair, at + 2] = max(mine, held), min(mine, held)
        smaller, larger = min(word_sum, their_sum), max(word_sum, their_sum)
        out[pair, 0] = dot / np.sqrt(their_square * gram_square) if dot > 0 else 0.0
        out[pair, 1] = min(shared / smaller, 1.0) if smaller > 0 else np.nan
        out[pair, 2] = min(shared / larger, 1.0) if smaller > 0 else np.nan
        out[pair, 3] = max(smaller - shared, 0.0)
        out[pair, 4] = max(larger - shared, 0.0)
        out[pair, 5] = shared
        out[pair, 6] = min(both / min(numerals, theirs), 1.0) if min(numerals, theirs) > 0 else np.nan
