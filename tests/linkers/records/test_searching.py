"""Which pairs are worth a comparison."""

from math import log, sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkers.records import searching
from linkers.records.cleaning import texts
from linkers.records.searching import search
from linkers.records.terms import terms_of
from linkers.records.text_kernels import JOINED, PLACE, REPEATED, TIMES, WORD_BITS

CELL = st.lists(st.sampled_from(["amber", "ember", "copper", "cop per", "12", "xii", "a", "sea sea"]), max_size=5).map(
    " ".join
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=12))
def test_terms_are_the_distinct_words_of_a_cell_counted_by_record(rows: list[tuple[str, str]]) -> None:
    known = terms_of(texts([pl.Series([row[place] for row in rows]) for place in range(2)], len(rows)))
    terms, starts, _ = known.words
    for cell, words in enumerate(word.split() for row in rows for word in row):
        mine = terms[starts[cell] : starts[cell + 1]]
        alone = mine[mine & JOINED == 0]
        assert len(alone) == len(set(words))
        assert len(mine) - len(alone) == max(len(words) - 1, 0)
    for record, row in enumerate(rows):
        mine = terms[starts[2 * record] : starts[2 * record + 2]]
        first = mine[mine & REPEATED == 0]
        words = " ".join(row).split()
        assert len(first) == len(set(words))
        assert int(((first & TIMES) >> WORD_BITS).sum()) <= len(words)
        assert (known.word_frequency[first & PLACE] >= 1).all()
    every = [set(" ".join(row).split()) for row in rows]
    assert int(known.word_frequency.sum()) == sum(map(len, every))


def test_the_most_alike_are_found_as_by_comparing_all() -> None:
    draw = np.random.default_rng(4)
    words = np.asarray(["amber", "basin", "birch", "canyon", "cedar", "clover", "copper", "coral", "ember", "engine"])
    names = [" ".join(words[draw.integers(0, len(words), 4)]) for _ in range(60)]
    read = texts([pl.Series(names)], len(names))
    found = search(read, terms_of(read), np.zeros(len(names), np.int32), own=True)
    pairs = set(zip(found.left.tolist(), found.right.tolist(), strict=True))
    grams = [_grams(name) for name in names]
    for record in range(len(names)):
        by_cosine = sorted((-_cosine(grams, record, other), other) for other in range(len(names)) if other != record)
        assert all((min(record, other), max(record, other)) in pairs for _, other in by_cosine[:5])


def test_two_words_together_find_what_each_is_too_common_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "LARGE", 100)
    monkeypatch.setattr(searching, "READ_OF_LARGE", 8)
    words = [f"{a}{b}{c}o" for a in "bdfgklmnprst" for b in "aeiou" for c in "lnrst"]
    names = [f"{words[one]} {words[other]}" for one in range(20) for other in range(20, 40)]
    read = texts([pl.Series([*names, *names])], 2 * len(names))
    found = search(read, terms_of(read), np.zeros(2 * len(names), np.int32), own=True)
    pairs = set(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert all((number, number + len(names)) in pairs for number in range(len(names)))


def test_pairs_of_one_source_are_left_out_where_sources_hold_nothing_twice() -> None:
    read = texts([pl.Series(["amber canyon"] * 6)], 6)
    source = np.asarray([0, 0, 0, 1, 1, 1], np.int32)
    found = search(read, terms_of(read), source, own=False)
    assert len(found.left) == 0 or (source[found.left] != source[found.right]).all()


def _grams(name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in name.split():
        padded = f" {word} "
        for place in range(len(padded) - 2):
            found[padded[place : place + 3]] = found.get(padded[place : place + 3], 0) + 1
    return found


def _cosine(grams: list[dict[str, int]], one: int, other: int) -> float:
    def weight(gram: str) -> float:
        return log((1 + len(grams)) / (1 + sum(gram in held for held in grams)))

    def length(held: dict[str, int]) -> float:
        return sqrt(sum((weight(gram) * count) ** 2 for gram, count in held.items()))

    a, b = grams[one], grams[other]
    dot = sum(weight(gram) ** 2 * count * b.get(gram, 0) for gram, count in a.items())
    return dot / max(length(a) * length(b), 1e-9)
