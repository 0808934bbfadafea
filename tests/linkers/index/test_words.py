import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linkers.index.sounds import initials
from linkers.index.words import Words, word_hashes

words = st.sampled_from(["the", "of", "radio", "head", "é", "東京", "b", "bo"])
texts = st.lists(st.lists(words, max_size=4).map(" ".join), min_size=1, max_size=6)


@settings(deadline=None)  # the first example may wait for the compiler
@given(texts)
def test_words_are_counted_and_told_apart(names: list[str]) -> None:
    read, split = Words.of(names), [name.split() for name in names]
    assert read.sizes.tolist() == [len(each) for each in split]
    assert read.distinct.tolist() == [len(set(each)) for each in split]
    assert read.hashes.tolist() == word_hashes([word for each in split for word in each]).tolist()
    assert read.single.tolist() == [len(word) == 1 for each in split for word in each]
    left, right = np.divmod(np.arange(len(names) ** 2), len(names))
    shared = [len(set(split[a]) & set(split[b])) for a, b in zip(left.tolist(), right.tolist(), strict=True)]
    assert read.shared(read, left, right).tolist() == shared


@settings(deadline=None)  # the first example may wait for the compiler
@given(texts)
def test_initials_are_equal_to_the_name_that_they_make(names: list[str]) -> None:
    read = Words.of(names)
    made = [initials(name) for name in names]
    own = Words.of(made).joined
    assert (read.initials == own).tolist() == [bool(short) for short in made]
    assert not read.digits.any() and Words.of(["b 4"]).digits.all()
    assert read.joined.tolist() == Words.of([name.replace(" ", "") for name in names]).joined.tolist()


@settings(deadline=None)  # the first example may wait for the compiler
@given(texts)
def test_first_and_last_words_are_those_of_each_text(names: list[str]) -> None:
    read = Words.of(names)
    for ends, place in ((read.first(read.hashes), 0), (read.last(read.hashes), -1)):
        wanted = [word_hashes([name.split()[place]])[0] if name else 0 for name in names]
        assert ends.tolist() == [int(value) for value in wanted]
