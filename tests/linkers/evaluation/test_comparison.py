from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkers.evaluation import compare
from tests.linkers.evaluation.decided import decision, gold, table

sides = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=14)


def naive_p(better: int, worse: int) -> float:
    """Twice the smaller tail of fair coins, at most 1."""
    flips = better + worse
    return min(1.0, 2 * sum(comb(flips, k) for k in range(min(better, worse) + 1)) / (1 << flips))


@settings(deadline=None, max_examples=50)
@given(sides)
def test_better_worse_and_their_chance(rows: list[tuple[bool, bool]]) -> None:
    truth = [gold(0, "A", doc_id=f"d{n}") for n in range(len(rows))]
    before, after = (
        table(*(decision(0, "link", "A" if row[side] else "X", f"d{n}") for n, row in enumerate(rows)))
        for side in (0, 1)
    )
    change = compare(before, after, truth, run_id="r").asserted
    better, worse = (sum(row == wanted for row in rows) for wanted in ((False, True), (True, False)))
    assert (len(change.better), len(change.worse)) == (better, worse)
    assert change.p_value == pytest.approx(naive_p(better, worse))
    assert change.difference == pytest.approx(change.after - change.before)
    if change.interval:
        assert change.interval[0] <= change.difference <= change.interval[1]


def test_the_operating_point_changes_what_is_asserted_not_what_is_likeliest() -> None:
    truth = [gold(0, "A"), gold(10, "B"), gold(20, None, doc_id="e"), gold(30, "C", doc_id="e")]
    before = table(
        decision(0, "review", "A"), decision(10, "review", "X"), decision(20, "nil", None, "e"),
    )  # fmt: skip
    after = table(
        decision(0, "link", "A"), decision(10, "link", "X"), decision(20, "nil", None, "e"),
    )  # fmt: skip
    found = compare(before, after, truth, run_id="r1")
    assert [(row["doc_id"], row["start"]) for row in found.asserted.better] == [("d", 0)]
    assert found.asserted.better[0]["before"] == {
        "decision": "review",
        "entity_id": None,
        "best_entity_id": "A",
        "probability": 0.7,
    }
    assert (found.asserted.before, found.asserted.after, found.asserted.worse) == (0.25, 0.5, [])
    assert (found.likeliest.difference, found.likeliest.p_value, found.likeliest.interval) == (0.0, 1.0, (0.0, 0.0))
    assert found.run_id == "r1"


def test_a_mention_without_decision_is_not_right() -> None:
    found = compare(table(), table(decision(0, "nil", None)), [gold(0, None), gold(10, None)]).likeliest
    assert (found.before, found.after, found.interval) == (0.0, 0.5, None)
    assert found.better[0]["before"]["decision"] is None


def test_nothing_to_compare() -> None:
    found = compare(table(), table(), []).asserted
    assert (found.before, found.after, found.difference, found.p_value) == (0.0, 0.0, 0.0, 1.0)
