"""Ids are the same everywhere and differ where their parts differ."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.identity import content_id, mention_id

parts = st.lists(st.text(max_size=8), max_size=4)


def test_an_id_is_the_same_on_every_machine() -> None:
    assert content_id("mention", "Björk") == "c9d498b021174e51b55fa4470dd1511b"


@given(parts, parts)
def test_ids_are_equal_only_for_equal_parts(left: list[str], right: list[str]) -> None:
    assert (content_id(*left) == content_id(*right)) == (left == right)


def test_a_mention_is_named_by_its_place_and_surface() -> None:
    names = {
        mention_id("d", 1, 12, "x"),
        mention_id("d", 11, 2, "x"),
        mention_id("d1", 1, 12, "x"),
        mention_id("d", 1, 12, "y"),
    }
    assert len(names) == 4
