import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkers.scoring.features import FEATURES
from linkers.scoring.model import LinkerModel, sigmoid
from schemas.errors import ModelError

DEFAULT = LinkerModel.load("default")


def test_a_saved_model_is_the_same_model(tmp_path: Path) -> None:
    DEFAULT.save(tmp_path / "m.json")
    again = LinkerModel.load(str(tmp_path / "m.json"))
    assert again.version == DEFAULT.version
    DEFAULT.save(tmp_path / "n.json")
    assert (tmp_path / "n.json").read_bytes() == (tmp_path / "m.json").read_bytes()


def test_a_changed_weight_is_another_version(tmp_path: Path) -> None:
    DEFAULT.save(tmp_path / "m.json")
    values = json.loads((tmp_path / "m.json").read_text())
    values["rank_weights"]["ratio"] += 0.5
    assert LinkerModel.from_values("other", values).version != DEFAULT.version


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"format": 99}, "format is 99"),
        ({"feature_names": ["exact", "colour"]}, "colour|damaged"),
        ({"link_threshold": 0.3}, "threshold"),
        ({"rank_weights": {}}, "damaged"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(tmp_path: Path, change: dict[str, object], problem: str) -> None:
    DEFAULT.save(tmp_path / "m.json")
    values = json.loads((tmp_path / "m.json").read_text()) | change
    with pytest.raises(ModelError, match=problem):
        LinkerModel.from_values("bad", values)


def test_features_of_another_version_are_named(tmp_path: Path) -> None:
    DEFAULT.save(tmp_path / "m.json")
    values = json.loads((tmp_path / "m.json").read_text())
    values["feature_names"] = [*FEATURES[:-1], "colour"]
    values["rank_weights"]["colour"] = values["accept_weights"]["colour"] = 1.0
    with pytest.raises(ModelError, match="colour"):
        LinkerModel.from_values("old", values)


@pytest.mark.parametrize("name", ["absent", "folder/absent.json"])
def test_an_absent_model_is_refused_with_what_there_is(name: str) -> None:
    with pytest.raises(ModelError, match="default"):
        LinkerModel.load(name)


def test_no_probability_is_certain() -> None:
    assert 0.0 < sigmoid(np.array([-1e9]))[0] < sigmoid(np.array([1e9]))[0] < 1.0


groups = st.lists(st.lists(st.floats(-30, 30), min_size=1, max_size=6), min_size=1, max_size=6)


@given(groups)
def test_shares_of_a_mention_add_up_and_keep_the_order_of_scores(scores: list[list[float]]) -> None:
    numbers = np.repeat(np.arange(len(scores)), [len(each) for each in scores])
    shares = DEFAULT.shares(np.concatenate(scores), numbers)
    for number, own in enumerate(scores):
        part = shares[numbers == number]
        assert part.sum() == pytest.approx(1.0)
        assert part[int(np.argmax(own))] == pytest.approx(part.max())


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_more_precision_never_lowers_the_threshold(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert 0.5 < DEFAULT.threshold_for(low) <= DEFAULT.threshold_for(high) < 1.0
