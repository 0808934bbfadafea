"""Types and relations are identifiers, known by several words, and users may add more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import OntologyError
from schemas.ontology import AUDIO_ONTOLOGY, EntityType, RelationType


def test_other_words_lead_to_the_type() -> None:
    assert [AUDIO_ONTOLOGY.canonical_type(word) for word in ("Band", "song", "human", "record label", "")] == [
        "artist",
        "track",
        "person",
        "label",
        "",
    ]


def test_a_type_that_is_not_held_is_kept_without_label_and_family() -> None:
    assert AUDIO_ONTOLOGY.canonical_type("Musical Instrument") == "musical_instrument"
    assert AUDIO_ONTOLOGY.label("musical_instrument") is None
    assert AUDIO_ONTOLOGY.family("musical_instrument") == ""
    assert AUDIO_ONTOLOGY.label("artist") == "Artist"


@given(st.text())
def test_a_type_is_an_identifier_or_refused(word: str) -> None:
    try:
        name = AUDIO_ONTOLOGY.canonical_type(word)
    except OntologyError:
        return
    assert name == "" or name.isidentifier()


@pytest.mark.parametrize("name", ["performed by", "X`]->() DETACH DELETE (n)//", "lower", "", "MENTIONS", "Ü"])
def test_a_relation_name_that_cannot_be_used_is_refused(name: str) -> None:
    with pytest.raises(OntologyError):
        AUDIO_ONTOLOGY.extended([], [RelationType(name, "INVERSE")])


@pytest.mark.parametrize("name", ["Upper", "two words", "", "entity", "record", "document"])
def test_a_type_name_that_cannot_be_used_is_refused(name: str) -> None:
    with pytest.raises(OntologyError):
        AUDIO_ONTOLOGY.extended([EntityType(name, "work")], [])


def test_an_unknown_relation_names_the_known_ones() -> None:
    with pytest.raises(OntologyError, match="PERFORMED_BY") as caught:
        AUDIO_ONTOLOGY.relation("SUNG_BY")
    assert "PERFORMED_BY" in caught.value.known


def test_declared_types_are_added_and_replace() -> None:
    extended = AUDIO_ONTOLOGY.extended(
        [EntityType("instrument", "concept", ("guitar",))],
        [RelationType("PLAYS", "PLAYED_BY"), RelationType("ABOUT", "THEME")],
    )
    assert extended.canonical_type("Guitar") == "instrument"
    assert extended.relation("PLAYS").inverse == "PLAYED_BY"
    assert extended.relation("ABOUT").inverse == "THEME"
    assert set(AUDIO_ONTOLOGY.relation_names) < set(extended.relation_names)


def test_every_relation_has_an_inverse_of_its_own() -> None:
    inverses = [relation.inverse for relation in AUDIO_ONTOLOGY.relation_types]
    assert len(inverses) == len(set(inverses))
