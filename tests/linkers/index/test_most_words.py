from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linkers.index import CatalogIndex
from tests.linkers.catalogs import index_of

WORDS = ("radio", "head", "river", "blue")
names = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True).map(" ".join), max_size=9)
questions = st.lists(st.lists(st.sampled_from((*WORDS, "none")), max_size=3, unique=True), max_size=4)


def asked(index: CatalogIndex, words: list[list[str]], most: int) -> tuple[list[tuple[int, int]], int]:
    begins, ends = index.word_places([word for each in words for word in each])
    starts = np.concatenate([[0], np.cumsum([len(each) for each in words])]).astype(np.int64)
    hits, left = index.most_words(starts, begins, ends, most)
    return list(zip(hits.query.tolist(), hits.target.tolist(), strict=True)), left


@settings(max_examples=25, deadline=None)
@given(names, questions, st.integers(1, 5))
def test_names_that_hold_most_words_come_first_then_the_shortest(
    catalog: list[str], words: list[list[str]], most: int
) -> None:
    with TemporaryDirectory() as folder:
        index = index_of(Path(folder), catalog)
        found, left = asked(index, words, most)
    naive: list[tuple[int, int]] = []
    beyond = 0
    for number, each in enumerate(words):
        shared = {row: len(set(each) & set(name.split())) for row, name in enumerate(catalog)}
        held = sorted((row for row in shared if shared[row]), key=lambda row: (-shared[row], len(catalog[row]), row))
        naive += [(number, row) for row in held[:most]]
        beyond += max(0, len(held) - most)
    assert (found, left) == (naive, beyond)
