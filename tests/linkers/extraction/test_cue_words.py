import pytest

from linkers.extraction.cue_words import CueWords
from schemas.ontology import AUDIO_ONTOLOGY, EntityType

CUES = CueWords(AUDIO_ONTOLOGY)


@pytest.mark.parametrize(
    ("text", "entity_type"),
    [
        ("the album {X}", "album"),
        ("the songs {X}", "track"),
        ("a band called {X}", "artist"),
        ("the singer, {X},", "artist"),
        ("her album is {X}", "album"),
        ("Album: {X}", "album"),
        ("{X}, the Canadian indie band", "artist"),
        ("{X} (band)", "artist"),
        ("{X} is a podcast", "podcast"),
        ("the {X} label", "label"),
        ("the podcast “{X}”", "podcast"),
        ("{X} sang", ""),
        ("the {X} album", ""),  # of X, not called X
        ("Abbey Road Studios was {X}", ""),
        ("the last song\n\n{X} sang", ""),
    ],
)
def test_stated_type(text: str, entity_type: str) -> None:
    start = text.index("{")
    plain = text.replace("{", "").replace("}", "")
    assert CUES.stated_type(plain, start, start + 1) == entity_type


def test_prepositions_announce_a_place() -> None:
    assert CUES.announced_type("we met in Boston", 10) == "place"
    assert CUES.stated_type("we met in Boston", 10, 16) == ""


def test_cues_of_a_users_own_type_count() -> None:
    cues = CueWords(AUDIO_ONTOLOGY.extended([EntityType("synth", "work", cues=("synthesiser",))], []))
    text = "the synthesiser Prophet"
    assert cues.stated_type(text, 16, 23) == "synth"
