from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkers.evaluation.record_measures import evaluate_records

NONE = pl.DataFrame(schema={"left": pl.String, "right": pl.String, "probability": pl.Float64})


def proposed(*rows: tuple[str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=NONE.schema, orient="row")


def test_what_is_right_measures_one_everywhere() -> None:
    gold = {"a": "1", "b": "1", "c": "2"}
    found = evaluate_records({"a": "x", "b": "x", "c": "y", "outside": "x"}, gold, NONE)
    measured = {n: v for n, v in found.quality().items() if n not in ("ece", "brier", "reduction_ratio")}
    assert set(measured.values()) == {1.0}
    assert (found.records, found.entities, found.things, found.true_pairs) == (3, 2, 2, 1)
    assert found.quality()["reduction_ratio"] == round(2 / 3, 4)
    assert found.errors == []


def test_every_measure_by_hand() -> None:
    gold = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "3"}
    entity = {"a": "x", "b": "x", "c": "y", "d": "y", "e": "z"}
    found = evaluate_records(entity, gold, proposed(("b", "a", 0.9), ("a", "c", 0.4), ("c", "d", 0.8), ("d", "e", 0.1)))
    quality = found.quality()
    assert (found.true_pairs, found.found_pairs, found.right_pairs, found.candidates) == (3, 2, 1, 4)
    assert (quality["pairwise_precision"], quality["pairwise_recall"], quality["pairwise_f1"]) == (0.5, 0.3333, 0.4)
    # a and b: 2/2 of the entity, 2/3 of the thing; c: 1/2 and 1/3; d: 1/2 and 1; e: 1 and 1
    assert quality["bcubed_precision"] == round((1 + 1 + 0.5 + 0.5 + 1) / 5, 4)
    assert quality["bcubed_recall"] == round((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5, 4)
    assert (quality["cluster_precision"], quality["cluster_recall"]) == (0.3333, 0.3333)
    assert (quality["pair_completeness"], quality["pairs_quality"], quality["reduction_ratio"]) == (0.6667, 0.5, 0.6)
    at_half = next(point for point in found.sweep if point.threshold == 0.5)
    assert (at_half.links, at_half.right) == (2, 1)
    assert [(row["outcome"], row["left"], row["right"], row["probability"]) for row in found.errors] == [
        ("wrong", "c", "d", 0.8),
        ("missed", "a", "c", 0.4),
        ("missed", "b", "c", None),
    ]


def test_pairs_that_nobody_compared_have_no_part_in_the_calibration() -> None:
    found = evaluate_records({"a": "x", "b": "x", "c": "x"}, {"a": "1", "b": "1", "c": "1"}, proposed(("a", "b", 0.7)))
    assert (found.calibration.mentions, found.candidates) == (1, 3)
    assert found.quality()["brier"] == 0.09


def test_gold_about_nothing_that_is_here_is_measured_as_nothing() -> None:
    found = evaluate_records({}, {"a": "1"}, NONE)
    assert (found.records, found.true_pairs) == (0, 0)
    assert found.quality()["pairwise_f1"] == 1.0


labels = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=9)


@given(labels)
def test_pairwise_and_b_cubed_are_what_counting_one_by_one_gives(given_labels: list[tuple[int, int]]) -> None:
    entity = {f"r{n}": f"e{e}" for n, (e, _) in enumerate(given_labels)}
    thing = {f"r{n}": f"t{t}" for n, (_, t) in enumerate(given_labels)}
    found = evaluate_records(entity, thing, NONE, errors=100)
    pairs = list(combinations(sorted(entity), 2))
    together = {pair for pair in pairs if entity[pair[0]] == entity[pair[1]]}
    same = {pair for pair in pairs if thing[pair[0]] == thing[pair[1]]}
    precision = len(together & same) / len(together) if together else 1.0
    recall = len(together & same) / len(same) if same else 1.0
    assert found.measures["pairwise_precision"] == pytest.approx(precision)
    assert found.measures["pairwise_recall"] == pytest.approx(recall)
    shares = []
    for key in entity:
        mine = {other for other in entity if entity[other] == entity[key]}
        shares.append(sum(thing[other] == thing[key] for other in mine) / len(mine))
    assert found.measures["bcubed_precision"] == pytest.approx(sum(shares) / len(shares))
    assert {(row["left"], row["right"]) for row in found.errors if row["outcome"] == "missed"} == same - together


def test_an_entity_of_very_many_records_is_counted_and_not_written_out() -> None:
    entity = {f"r{n}": "all" for n in range(200_000)}
    thing = {key: f"t{n // 2}" for n, key in enumerate(entity)}
    found = evaluate_records(entity, thing, proposed(("r0", "r1", 0.8), ("r1", "r2", 0.7)), errors=3)
    assert (found.found_pairs, found.right_pairs) == (200_000 * 199_999 // 2, 100_000)
    assert found.candidates == found.found_pairs
    assert [row["outcome"] for row in found.errors] == ["wrong"] * 3
    assert found.sweep[0].links == found.found_pairs
