"""Names written or sounding nearly alike are found, whatever else is asked."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from linkers.index import CatalogIndex
from linkers.index.phonemes import sounds, word_sounds
from linkers.normalization import normalize
from tests.linkers.catalogs import HARD_NAMES, index_of

letters = st.text("abcdeno ", min_size=1, max_size=16).map(normalize).filter(bool)


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> CatalogIndex:
    return index_of(tmp_path_factory.mktemp("index"), HARD_NAMES)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        *(("Pink", "P!nk"), ("Pnk", "P!nk"), ("Beyonce", "Beyoncé"), ("Beyonec", "Beyoncé"), ("Kehsa", "Ke$ha")),
        *(("ASAP Rokcy", "A$AP Rocky"), ("AC DC", "AC/DC"), ("Mo", "MØ"), ("Bjrok", "Björk"), ("U2", "U2"), ("X", "X")),
        *(("Tchaikovsky", "Чайковский"), ("IU", "IU"), ("31", "311"), ("!!!", "!!!"), ("L7", "L7"), ("L", "L7")),
        *(
            ("방탄소년", "방탄소년단"),
            ("Swift Taylor", "Taylor Swift"),
            ("British Corporation", "British Broadcasting Corporation"),
        ),
    ],
)
def test_a_trap_is_found(hard: CatalogIndex, asked: str, name: str) -> None:
    hits = hard.ngram_search([normalize(asked)], 20)
    assert name in hard.aliases["alias"].take(hits.target).to_pylist()


@settings(max_examples=60, deadline=None)
@given(st.lists(letters, min_size=1, max_size=40, unique=True), letters)
def test_every_name_within_one_edit_is_found_two_for_long_ones(names: list[str], asked: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        index = index_of(Path(folder), names)
        keys = index.aliases["key"].to_pylist()
        found = {keys[row] for row in index.ngram_search([asked], 60).target.tolist()}
    near = {name for name in names if Levenshtein.distance(asked, name) <= (2 if len(asked) >= 10 else 1)}
    assert near <= found


def test_the_answer_does_not_depend_on_company_or_threads(hard: CatalogIndex) -> None:
    asked = [normalize(name)[:-1] + letter for name in HARD_NAMES for letter in "abcdefghijklmnopqrstuvwxyz0123456789"]
    for search in (hard.spelled_alike, hard.heard_alike):
        together, _ = search(asked * 2, 5)
        for number in range(0, len(asked), 37):
            alone, _ = search([asked[number]], 5)
            own = together.query == number
            assert together.target[own].tolist() == alone.target.tolist()
            assert together.score[own].tolist() == alone.score.tolist()


def test_scores_are_cosines_and_shares_of_evidence(hard: CatalogIndex) -> None:
    written, _ = hard.spelled_alike(["nirvana"], 1)
    heard, _ = hard.heard_alike(["neervahna"], 1)
    assert written.score.tolist() == [1.0]
    assert hard.aliases["alias"].take(heard.target).to_pylist() == ["Nirvana"]
    assert 0.5 < heard.score[0] < 1.0
    assert hard.heard_alike(["nirvana"], 1)[0].score.tolist() == [1.0]


@pytest.mark.parametrize(("asked", "name"), [("tee en tee", "TNT"), ("are ef eye dee", "RFID"), ("mike el", "Michael")])
def test_short_names_in_capitals_are_heard_letter_by_letter(tmp_path: Path, asked: str, name: str) -> None:
    index = index_of(tmp_path, ["TNT", "RFID", "Michael", "Tenant", "Riffed", "Mackerel", "museum"])
    hits, _ = index.heard_alike([asked], 1)
    assert index.aliases["alias"].take(hits.target).to_pylist() == [name]


@pytest.mark.parametrize(("one", "other"), [("knight", "night"), ("phase", "faze"), ("wright", "rite"), ("2", "two")])
def test_words_that_sound_alike_have_equal_sounds(one: str, other: str) -> None:
    assert word_sounds(one).replace("s", "z") == word_sounds(other).replace("s", "z")


def test_numbers_and_words_without_vowels_are_read_out() -> None:
    assert sounds("311") == "".join(map(word_sounds, ["three", "hundred", "eleven"]))
    assert word_sounds("tlc") == "tielsi"


def test_very_long_and_broken_texts_are_asked_safely(hard: CatalogIndex) -> None:
    asked = ["a" * 5_000, "", "\ud800", "word " * 300]
    assert set(hard.spelled_alike(asked, 3)[0].query.tolist()) <= {0, 1, 2, 3}
    assert set(hard.heard_alike(asked, 3)[0].query.tolist()) <= {0, 1, 2, 3}
