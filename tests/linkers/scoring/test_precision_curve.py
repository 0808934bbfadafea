"""From links that are known to be right or wrong to the threshold of a wanted precision."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkers.scoring.fitting import read_curve
from linkers.scoring.model import LinkerModel
from linkers.scoring.weights import precision_curve

links = st.lists(st.tuples(st.floats(0.0, 1.0), st.booleans()), max_size=60)


@given(links)
def test_shares_rise_and_promise_less_than_was_seen(drawn: list[tuple[float, bool]]) -> None:
    probability = np.array([p for p, _ in drawn])
    right = np.array([r for _, r in drawn], dtype=bool)
    curve = precision_curve(probability, right)
    shares = [share for _, share in curve]
    assert [least for least, _ in curve] == pytest.approx(np.arange(0.5, 0.9925, 0.005))
    assert shares == sorted(shares)
    assert max(shares) <= right.sum() / (right.sum() + 1) + 1e-4  # shares have 4 decimals


def test_shares_are_those_of_the_links_above() -> None:
    probability = np.repeat([0.605, 0.805, 0.955], [1_000, 1_000, 1_000])
    right = np.arange(3_000) % 1_000 < np.repeat([600, 800, 990], 1_000)
    curve = dict(precision_curve(probability, right))
    assert curve[0.6] == pytest.approx(2_390 / 3_001, abs=1e-4)
    assert curve[0.8] == pytest.approx(1_790 / 2_001, abs=1e-4)
    assert curve[0.95] == pytest.approx(990 / 1_001, abs=1e-4)


def test_a_wrong_link_among_the_most_probable_hides_no_precision() -> None:
    probability = np.linspace(0.9, 0.9999, 1_000)
    right = np.ones(1_000, dtype=bool)
    right[-3] = False
    assert precision_curve(probability, right)[-1][1] > 0.98


def test_few_links_promise_little() -> None:
    curve = precision_curve(np.full(20, 0.97), np.ones(20, dtype=bool))
    assert max(share for _, share in curve) == pytest.approx(20 / 21, abs=1e-4)


def test_the_shipped_model_has_the_curve_that_was_measured_of_its_weights() -> None:
    model = LinkerModel.load("default")
    assert read_curve(model) == model.precision_curve
    assert model.threshold_for(0.98) < 0.98
