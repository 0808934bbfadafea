"""Compiled: which names hold most of the words that are asked for, from postings that have the shortest names first."""

from typing import Any

import numpy as np

from linkers.index.compiling import compiled

MOST_WORDS = 8


@compiled
def _next_row(places: Any, ends: Any, first: Any, words: Any, rows: Any, lengths: Any) -> Any:
    """Return the shortest of the rows that the runs have next, of equal ones the first; -1 at the end of all."""
    best, best_length = -1, 0
    for word in range(words):
        if places[word] < ends[first + word]:
            row = rows[places[word]]
            length = lengths[row]
            if best < 0 or length < best_length or (length == best_length and row < best):
                best, best_length = row, length
    return best


@compiled
def most_words(
    word_starts: Any, begins: Any, ends: Any, rows: Any, lengths: Any, found: Any, shared: Any, counts: Any
) -> Any:
    """Write for each question the rows that hold most of its words, then the shortest, then the first.

    word_starts: (n + 1,), the words of each question, at most MOST_WORDS. begins, ends: where a word's rows lie in
    `rows`, each such run ordered by (length, row). found, shared: (n, answers), the rows and how many words each holds.
    counts: (n,), how many are found. Returns how many rows there were beyond the answers.

    The runs are merged, so that a row's words meet without a sort.
    """
    answers = found.shape[1]
    kept = np.zeros((MOST_WORDS, answers), np.int32)
    filled = np.zeros(MOST_WORDS, np.int64)
    places = np.zeros(MOST_WORDS, np.int64)
    beyond = 0
    for question in range(len(counts)):
        first, last = word_starts[question], word_starts[question + 1]
        words = last - first
        for word in range(words):
            filled[word] = 0
            places[word] = begins[first + word]
        total = 0
        row = _next_row(places, ends, first, words, rows, lengths)
        while row >= 0:
            holds = -1
            for word in range(words):
                if places[word] < ends[first + word] and rows[places[word]] == row:
                    places[word] += 1
                    holds += 1
            if filled[holds] < answers:
                kept[holds, filled[holds]] = row
                filled[holds] += 1
            total += 1
            row = _next_row(places, ends, first, words, rows, lengths)
        count = 0
        for holds in range(words - 1, -1, -1):
            for place in range(min(filled[holds], answers - count)):
                found[question, count] = kept[holds, place]
                shared[question, count] = holds + 1
                count += 1
        counts[question] = count
        beyond += total - count
    return beyond
