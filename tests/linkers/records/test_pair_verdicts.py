import numpy as np
import polars as pl

from linkers.records.pair_verdicts import decide_compared
from linkers.records.second_evidence import NAME_ALONE


def decided(*rows: tuple[str, str, float, bool, bool]) -> dict[tuple[str, str], tuple[str, float]]:
    """Decide about (left, right, probability, one cluster, backed); records are numbered as they come."""
    number: dict[str, int] = {}
    for left, right, *_ in rows:
        number.setdefault(left, len(number))
        number.setdefault(right, len(number))
    pairs = pl.DataFrame(
        {
            "left_key": [row[0] for row in rows],
            "right_key": [row[1] for row in rows],
            "probability": [row[2] for row in rows],
            "one_cluster": [row[3] for row in rows],
            "hard_left": [number[row[0]] for row in rows],
            "hard_right": [number[row[1]] for row in rows],
        }
    )
    found = decide_compared(pairs, np.array([row[4] for row in rows]))
    return {(r["left_key"], r["right_key"]): (r["decision"], r["probability"]) for r in found.to_dicts()}


def test_a_likely_pair_of_one_cluster_joins() -> None:
    assert decided(("a", "b", 0.9, True, True)) == {("a", "b"): ("join", 0.9)}


def test_without_second_evidence_a_pair_goes_to_review_however_sure_the_model_is() -> None:
    assert decided(("a", "b", 0.999, True, False)) == {("a", "b"): ("review", NAME_ALONE)}


def test_a_likely_pair_that_clustering_parted_goes_to_review_an_unlikely_one_stays_apart() -> None:
    rows = (("a", "b", 0.8, False, True), ("a", "c", 0.2, False, True), ("a", "d", 0.01, False, True))
    assert decided(*rows) == {("a", "b"): ("review", 0.8), ("a", "c"): ("apart", 0.2)}


def test_an_unlikely_pair_joins_only_where_nothing_likelier_connects_its_cluster() -> None:
    chain = (("a", "b", 0.9, True, True), ("b", "c", 0.3, True, True), ("a", "c", 0.2, True, True))
    assert {key: kind for key, (kind, _) in decided(*chain).items()} == {
        ("a", "b"): "join",
        ("b", "c"): "join",
        ("a", "c"): "apart",
    }
    ring = (("a", "b", 0.9, True, True), ("b", "c", 0.9, True, True), ("a", "c", 0.2, True, True))
    assert decided(*ring)["a", "c"] == ("apart", 0.2)
