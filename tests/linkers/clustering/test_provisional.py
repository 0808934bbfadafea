import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from linkers.clustering.provisional import NilMentions, provisional_id, provisional_ids
from schemas.ontology import AUDIO_ONTOLOGY


def ids(*rows: tuple[str, int, str, str]) -> list[str]:
    names = ("doc_id", "start", "surface", "type")
    mentions = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])
    return provisional_ids(NilMentions.of(mentions, AUDIO_ONTOLOGY))


def test_the_same_name_has_the_same_id_in_every_document() -> None:
    first, second = ids(("a", 0, "June Marlowe", "person"), ("b", 9, "JUNE MARLOWE", ""))
    assert first == second == provisional_id("june marlowe")


def test_a_short_form_follows_the_full_form_of_its_document() -> None:
    full, short, elsewhere = ids(
        ("a", 0, "June Marlowe", "person"), ("a", 50, "Marlowe", "person"), ("b", 0, "Marlowe", "person")
    )
    assert short == full
    assert elsewhere == provisional_id("marlowe")


def test_of_two_full_forms_the_last_named_one_is_followed() -> None:
    rows = [
        ("a", 0, "June Marlowe", "person"),
        ("a", 20, "Marlowe", ""),
        ("a", 40, "Peter Marlowe", "person"),
        ("a", 60, "Marlowe", ""),
    ]
    june, first, peter, second = ids(*rows)
    assert (first, second) == (june, peter)


def test_a_full_form_after_the_short_form_is_followed_too() -> None:
    short, full = ids(("a", 0, "Marlowe", ""), ("a", 40, "June Marlowe", "person"))
    assert short == full


def test_types_that_contradict_each_other_are_two_things() -> None:
    place, paper = ids(("a", 0, "Dunwick", "place"), ("a", 40, "Dunwick Herald", "organization"))
    assert place != paper


def test_names_without_letters_have_an_id_too() -> None:
    assert ids(("a", 0, "!!!", ""), ("a", 5, "12", "")) == [provisional_id("!!!"), provisional_id("12")]


words = st.lists(st.sampled_from(["June", "Marlowe", "Peter", "Quill", "!"]), min_size=1, max_size=3).map(" ".join)
mentions = st.lists(st.tuples(st.sampled_from("ab"), words), min_size=1, max_size=12)


@given(mentions)
def test_a_document_is_clustered_without_regard_to_others(pairs: list[tuple[str, str]]) -> None:
    rows = sorted((doc, 10 * number, surface, "") for number, (doc, surface) in enumerate(pairs))
    together = dict(zip([row[:2] for row in rows], ids(*rows), strict=True))
    for doc in {row[0] for row in rows}:
        own = [row for row in rows if row[0] == doc]
        assert ids(*own) == [together[row[:2]] for row in own]
