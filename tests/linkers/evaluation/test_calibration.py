import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkers.evaluation import evaluate
from linkers.evaluation.calibration import calibrated
from tests.linkers.evaluation.decided import decision, gold, table

answers = st.lists(st.tuples(st.integers(0, 1_000_000).map(lambda n: n / 1_000_000), st.booleans()), min_size=1)


def naive_error(pairs: list[tuple[float, bool]]) -> float:
    """The definition, bin by bin."""
    error = 0.0
    for number in range(10):
        low, high = number / 10, (number + 1) / 10
        mine = [(p, ok) for p, ok in pairs if low <= p < high or (number == 9 and p == 1.0)]
        if mine:
            mean = sum(p for p, _ in mine) / len(mine)
            share = sum(ok for _, ok in mine) / len(mine)
            error += len(mine) / len(pairs) * abs(share - mean)
    return error


@given(answers)
def test_it_is_what_the_definition_says(pairs: list[tuple[float, bool]]) -> None:
    found = calibrated(np.array([p for p, _ in pairs]), np.array([float(ok) for _, ok in pairs]))
    assert found.ece == pytest.approx(naive_error(pairs))
    assert found.brier == pytest.approx(sum((p - ok) ** 2 for p, ok in pairs) / len(pairs))
    assert sum(each.mentions for each in found.bins) == found.mentions == len(pairs)


def test_an_edge_belongs_to_the_bin_above_it() -> None:
    found = calibrated(np.array([0.3, 0.6, 0.7, 1.0]), np.ones(4))
    assert [each.mentions for each in found.bins] == [0, 0, 0, 1, 0, 0, 1, 1, 0, 1]


def test_missed_mentions_have_no_probability_and_nil_counts_as_an_answer() -> None:
    made = table(decision(0, "nil", None, probability=0.9), decision(10, "review", "A", probability=0.6))
    found = evaluate(made, [gold(0, None), gold(10, "B"), gold(20, "C")]).calibration
    assert found.mentions == 2
    assert found.ece == pytest.approx((0.1 + 0.6) / 2)
    assert found.brier == pytest.approx((0.01 + 0.36) / 2)


def test_without_decisions_there_is_nothing_to_measure() -> None:
    found = evaluate(table(), [gold(0, "A")]).calibration
    assert (found.mentions, found.ece, found.brier) == (0, None, None)
