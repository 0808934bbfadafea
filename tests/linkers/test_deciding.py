from typing import Any

import numpy as np

from linkers.columns import Columns
from linkers.deciding import KINDS, Thresholds, decide, reasons
from linkers.scoring.features import FEATURES

THRESHOLDS = Thresholds(link=0.8, nil=0.4, nothing_found=0.95)


def decided(tied: tuple[str, ...] = ("e7",), **row: float) -> dict[str, Any]:
    values = dict.fromkeys(FEATURES, 0.0) | {"score": 5.0, "runner_up": 1.0, "probability": 0.9, "in_catalog": 0.95}
    best = Columns({name: np.array([value]) for name, value in (values | row).items()})
    made = decide(best, THRESHOLDS)
    return {
        "decision": KINDS[made.kind[0]],
        "names_one": bool(made.names_one[0]),
        "probability": made.probability[0],
        "reason": reasons(best, made, ["Nirvana"], [tied])[0],
    }


def test_a_probable_candidate_is_linked() -> None:
    row = decided(exact_core=1.0, exact_unique=1.0, type_agrees=1.0)
    assert (row["decision"], row["names_one"], row["probability"]) == ("link", True, 0.9)
    assert row["reason"] == "exact name, the only entity of that name; type agrees"


def test_between_the_thresholds_a_person_decides() -> None:
    row = decided(probability=0.6, in_catalog=0.7)
    assert (row["decision"], row["names_one"], row["probability"]) == ("review", True, 0.6)
    assert row["reason"].startswith("not certain: ")


def test_nil_carries_the_probability_of_nil() -> None:
    row = decided(probability=0.1, in_catalog=0.2)
    assert (row["decision"], row["names_one"], row["probability"]) == ("nil", False, 0.8)
    assert "the nearest is Nirvana" in row["reason"]


def test_equal_rivals_are_never_linked_however_low_the_threshold() -> None:
    row = decided(runner_up=5.0, probability=0.85, in_catalog=0.97, tied=("e7", "e8"))
    assert row["decision"] == "review"
    assert row["reason"] == "candidates that nothing tells apart: e7, e8"


def test_three_equal_rivals_are_likelier_than_nil_together() -> None:
    row = decided(runner_up=5.0, probability=0.3, in_catalog=0.9)
    assert (row["decision"], row["names_one"]) == ("review", True)


def test_the_only_candidate_is_no_tie() -> None:
    assert decided(runner_up=-np.inf)["decision"] == "link"


def test_what_speaks_for_and_against_is_told() -> None:
    row = decided(probability=0.6, contained=1.0, type_agrees=1.0, cue_agrees=1.0, number_conflict=1.0)
    assert row["reason"] == "not certain: short form of its name; a cue word states its type; numbers differ"
