import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkers.extraction.recasing import recased
from linkers.extraction.tokens import tokenize
from tests.linkers.extraction.conftest import Extract


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we met thordis vandermeer at the station", "we met Thordis Vandermeer at the station"),
        ("WE MET THORDIS AT THE STATION", "we met Thordis at the station"),
        ("", ""),
    ],
)
def test_rare_words_get_their_capital(text: str, expected: str) -> None:
    assert recased(text, tokenize(text)) == expected


@given(st.text(max_size=80))
def test_every_character_keeps_its_place(text: str) -> None:
    copy = recased(text, tokenize(text))
    assert len(copy) == len(text)
    assert [c.casefold() for c in copy] == [c.casefold() for c in text]


def test_names_outside_the_catalog_are_found_without_capitals(extract: Extract) -> None:
    rows = extract("last week we had thordis vandermeer on the show and she told us all about the studio in rotterdam")
    assert [row["surface"] for row in rows] == ["thordis vandermeer", "rotterdam"]


def test_a_rare_word_alone_is_no_name(extract: Extract) -> None:
    assert extract("they listened in hushed delight while she went on bestowing praise") == []
