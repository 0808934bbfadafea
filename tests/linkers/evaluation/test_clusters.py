import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkers.evaluation import evaluate
from linkers.evaluation.clusters import Clusters
from schemas.span import GoldSpan
from tests.linkers.evaluation.decided import decision, gold, table

Item = tuple[str, str | None]


def measured(items: list[Item], *beside: GoldSpan) -> Clusters:
    """B-cubed of items (gold cluster, provisional id or None: it was linked)."""
    truth = [gold(10 * n, None, cluster=cluster) for n, (cluster, _) in enumerate(items)]
    made = [
        decision(10 * n, "nil" if given else "link", None if given else "X", provisional_id=given)
        for n, (_, given) in enumerate(items)
    ]
    return evaluate(table(*made), [*truth, *beside]).clusters


def naive(items: list[Item]) -> tuple[float, float]:
    """The definition, item by item."""
    found = [item for item in items if item[1] is not None]
    precisions = [sum(other == item for other in found) / sum(other[1] == item[1] for other in found) for item in found]
    recalls = [
        0.0 if item[1] is None else sum(other == item for other in items) / sum(o[0] == item[0] for o in items)
        for item in items
    ]
    return sum(precisions) / len(found) if found else 1.0, sum(recalls) / len(items)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["nil/1", "nil/2", "nil/3", None])), min_size=1))
def test_it_is_what_the_definition_says(items: list[Item]) -> None:
    found = measured(items)
    precision, recall = naive(items)
    assert found.precision == pytest.approx(precision)
    assert found.recall == pytest.approx(recall)
    assert found.f1 == pytest.approx(2 * precision * recall / (precision + recall) if recall else 0.0)


def test_the_example_of_two_things_in_one_entity() -> None:
    found = measured([("a", "nil/1"), ("a", "nil/1"), ("b", "nil/1"), ("b", None)])
    assert (found.mentions, found.found) == (4, 3)
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)
    assert found.recall == pytest.approx((1 + 1 + 1 / 2 + 0) / 4)


def test_only_unknown_things_that_gold_tells_apart_are_items() -> None:
    assert measured([], gold(500, None), gold(510, "A")) == Clusters(0, 0, None, None, None)
    assert measured([("a", None)]) == Clusters(1, 0, 1.0, 0.0, 0.0)
