from collections.abc import Callable

import pytest

Surfaces = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("We danced until Low came on stage.", "Low"),  # a capital inside a sentence
        ("“Home” came first.", "Home"),  # quotes
        ("For years the band X toured.", "X"),
        ("Low, the band, came from Duluth.", "Low"),
        ("Low is a band of three.", "Low"),
        ("Hello was written in London. It made Adele famous.", "Hello"),  # a related name next door
        ("We play The 1975 too.", "The 1975"),
        ("Help! is on my list.", "Help!"),
        ("Adele made it. It was her album 25, and it sold.", "25"),
        ("Slow trip hop filled the room.", "trip hop"),
    ],
)
def test_common_words_with_evidence_are_mentions(surfaces: Surfaces, text: str, name: str) -> None:
    assert name in surfaces(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hello and welcome to the show.", "Hello"),
        ("I stayed at home and felt low.", "low"),
        ("Home is where you sleep.", "Home"),
        ("In the end it did not matter.", "In the end"),
        ("We needed help yesterday.", "help"),
        ("The air was cold and the x was missing.", "x"),
        ("There were 25 people in the room.", "25"),
        ("We saw Queen Elizabeth wave.", "Queen"),
        ("They play rock all night.", "rock"),
    ],
)
def test_common_words_without_evidence_are_not(surfaces: Surfaces, text: str, name: str) -> None:
    assert name not in surfaces(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("so i put on the album low and then radiohead", ["low", "radiohead"]),
        ("then hello by adele and we all sang", ["hello", "adele"]),
        ("we heard come as you are and then nirvana said good night", ["come as you are", "nirvana"]),
        ("after that smells like teen spirit shook the room", ["smells like teen spirit"]),
        ("they opened with yesterday by the beatles", ["yesterday", "the beatles"]),
        ("nothing is like ok computer by radiohead", ["radiohead"]),
        ("johnny cash sings it slowly", ["johnny cash"]),
    ],
)
def test_text_without_capitals(surfaces: Surfaces, text: str, names: list[str]) -> None:
    assert surfaces(text) == names


def test_common_words_without_capitals_need_evidence(surfaces: Surfaces) -> None:
    text = "hello and welcome i was at home yesterday and in the end i needed some help with the air"
    assert surfaces(text) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("nobody in sigur ross liked the word", "sigur ross"),
        ("and then beyonsay came on stage", "beyonsay"),
        ("my first love was radio head of course", "radio head"),
        ("the song is by r e m from georgia", "r e m"),
    ],
)
def test_names_that_a_recogniser_misheard(surfaces: Surfaces, text: str, name: str) -> None:
    assert name in surfaces(text)


def test_a_common_word_that_sounds_like_a_name_is_no_mention(surfaces: Surfaces) -> None:
    assert surfaces("the lows of the year were a dell computer and a cache of paper") == []
