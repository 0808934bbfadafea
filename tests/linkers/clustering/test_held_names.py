"""Full forms are found by looking up, and are those that comparing all with all would find."""

from hypothesis import given
from hypothesis import strategies as st

from linkers.clustering.held_names import held_names
from linkers.clustering.same_name import bare, is_initialed

WORDS = st.sampled_from(["anna", "marta", "quill", "a", "m", "am", "j", "the", "bjork", "björk", "quill-x", "dj"])
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)


def is_held(key: str, full: str) -> bool:
    """Say what `held_names` says, of one pair."""
    shares = not set(key.split(" ")).isdisjoint(full.split(" "))
    begins_short = len(key.partition(" ")[0]) < 3
    holds = f" {key} " in f" {full} " or (begins_short and is_initialed(bare(key), bare(full)))
    return len(key) < len(full) and shares and holds


@given(st.lists(st.tuples(st.integers(0, 1), NAMES), min_size=1, max_size=30, unique=True))
def test_the_pairs_are_those_of_comparing_all_with_all(named: list[tuple[int, str]]) -> None:
    keys = sorted({key for _, key in named})
    names = sorted((document, keys.index(key)) for document, key in named)
    expected = [
        (short, long)
        for short, (document, key) in enumerate(names)
        for long, (other, full) in enumerate(names)
        if document == other and is_held(keys[key], keys[full])
    ]
    assert held_names(names, keys) == expected


def test_a_hundred_thousand_names_that_share_a_word_are_not_compared_all_with_all() -> None:
    keys = sorted([*(f"wanda {number:06}" for number in range(100_000)), "000007", "w 000008"])
    names = [(0, number) for number in range(len(keys))]
    found = held_names(names, keys)
    assert {(keys[short], keys[long]) for short, long in found} == {
        ("000007", "wanda 000007"),
        ("w 000008", "wanda 000008"),
    }
