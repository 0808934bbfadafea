from typing import Any

import polars as pl

from linkers.deciding import Thresholds, decide
from linkers.scoring.features import FEATURES

THRESHOLDS = Thresholds(link=0.8, nil=0.4, nothing_found=0.95)


NUMBERS = ("score", "runner_up", "probability", "in_catalog")
TYPES: dict[str, pl.DataType] = {name: pl.Float64() for name in NUMBERS}
TYPES |= {"tied": pl.List(pl.String), "name": pl.String(), "entity": pl.Int64()}


def decided(**row: Any) -> dict[str, Any]:
    best = dict.fromkeys(FEATURES, 0.0) | {
        "entity": 7, "score": 5.0, "runner_up": 1.0, "probability": 0.9, "in_catalog": 0.95,
        "tied": ["e7"], "name": "Nirvana",
    }  # fmt: skip
    return decide(pl.DataFrame([best | row], schema_overrides=TYPES), THRESHOLDS).to_dicts()[0]


def test_a_probable_candidate_is_linked() -> None:
    row = decided(exact_core=1.0, exact_unique=1.0, type_agrees=1.0)
    assert (row["decision"], row["best_row"], row["probability"]) == ("link", 7, 0.9)
    assert row["reason"] == "exact name, the only entity of that name; type agrees"


def test_between_the_thresholds_a_person_decides() -> None:
    row = decided(probability=0.6, in_catalog=0.7)
    assert (row["decision"], row["best_row"], row["probability"]) == ("review", 7, 0.6)
    assert row["reason"].startswith("not certain: ")


def test_nil_carries_the_probability_of_nil() -> None:
    row = decided(probability=0.1, in_catalog=0.2)
    assert (row["decision"], row["best_row"], row["probability"]) == ("nil", None, 0.8)
    assert "the nearest is Nirvana" in row["reason"]


def test_equal_rivals_are_never_linked_however_low_the_threshold() -> None:
    row = decided(runner_up=5.0, probability=0.85, in_catalog=0.97, tied=["e7", "e8"])
    assert row["decision"] == "review"
    assert row["reason"] == "candidates that nothing tells apart: e7, e8"


def test_three_equal_rivals_are_likelier_than_nil_together() -> None:
    row = decided(runner_up=5.0, probability=0.3, in_catalog=0.9)
    assert (row["decision"], row["best_row"]) == ("review", 7)


def test_nothing_found_is_nil() -> None:
    row = decided(entity=None, score=None, runner_up=None, probability=None, in_catalog=None, tied=None, name=None)
    assert (row["decision"], row["best_row"], row["probability"]) == ("nil", None, 0.95)
    assert row["reason"] == "no entity has a similar name"
