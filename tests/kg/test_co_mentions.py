"""Which entities are mentioned together, and how much more often than chance."""

import math
from itertools import combinations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kg.co_mentions import co_mentions

documents = st.dictionaries(
    st.sampled_from("abcdefg"), st.sets(st.sampled_from("UVWXYZ"), min_size=1), min_size=1, max_size=7
)


def edges(spoken: dict[str, set[str]]) -> pl.DataFrame:
    rows = [(doc, entity, 1) for doc, entities in spoken.items() for entity in sorted(entities)]
    return pl.DataFrame(rows, schema=["from_id", "to_id", "count"], orient="row")


@given(documents)
def test_it_agrees_with_the_definition(spoken: dict[str, set[str]]) -> None:
    found = {(row[0], row[1]): (row[2], row[3]) for row in co_mentions(edges(spoken), least=1, most=100).iter_rows()}
    total = len(spoken)
    expected = {}
    for left, right in combinations("UVWXYZ", 2):
        both = sum({left, right} <= entities for entities in spoken.values())
        if both:
            alone = [sum(name in entities for entities in spoken.values()) / total for name in (left, right)]
            together = both / total
            npmi = 1.0 if both == total else math.log(together / (alone[0] * alone[1])) / -math.log(together)
            expected[left, right] = (both, npmi)
    assert found.keys() == expected.keys()
    for pair, (both, npmi) in expected.items():
        assert found[pair][0] == both
        assert math.isclose(found[pair][1], npmi, abs_tol=2e-6)
        assert -1.0 <= found[pair][1] <= 1.0


def test_a_document_that_names_everything_is_bounded() -> None:
    spoken = {"d1": {f"e{number:03}" for number in range(300)}, "d2": {"e000"}}
    assert co_mentions(edges(spoken), least=1, most=10).height == 45


def test_nothing_gives_nothing() -> None:
    assert co_mentions(edges({"d": {"U"}}).clear(), least=1, most=10).is_empty()
