"""Two arms against gold: on the same documents, and each on its own."""

import pyarrow as pa
import pytest

from linkers.evaluation import evaluate
from linkers.evaluation.arms import COMPARED, arm_of, paired_arms, split_arms
from tests.linkers.evaluation.decided import decision, gold, table

DOCUMENTS = [f"d{number:03}" for number in range(80)]
GOLD = [gold(start, "A", doc_id=doc_id) for doc_id in DOCUMENTS for start in (0, 10)]


def answers(wrong_in: int) -> pa.Table:
    """Return links to A, but to X in the first so many documents."""
    return table(
        *(
            decision(start, "link", "X" if number < wrong_in and start else "A", doc_id)
            for number, doc_id in enumerate(DOCUMENTS)
            for start in (0, 10)
        )
    )


def test_the_measures_are_those_of_an_evaluation() -> None:
    found = paired_arms(answers(40), answers(8), GOLD)
    assert found.documents == (80, 80)
    assert found.mentions == (160, 160)
    for side, wrong in (("current", 40), ("other", 8)):
        measured = evaluate(answers(wrong), GOLD, spans="gold").measures
        assert {name: getattr(found.measures[name], side) for name in COMPARED} == {
            name: pytest.approx(measured[name]) for name in COMPARED
        }


def test_a_better_arm_is_seen_and_its_mirror_is_worse() -> None:
    better, worse = (paired_arms(*sides, GOLD).measures["f1"] for sides in _both(answers(40), answers(8)))
    assert (better.verdict, worse.verdict) == ("better", "worse")
    assert better.difference == pytest.approx(-worse.difference)
    assert better.interval
    assert better.interval[0] < better.difference < better.interval[1]


def test_a_split_sees_the_same_difference_less_surely() -> None:
    paired, split = paired_arms(answers(70), answers(4), GOLD), split_arms(answers(70), answers(4), GOLD, seed=1)
    assert sum(split.documents) == len(DOCUMENTS)
    assert min(split.documents) > 20
    one, other = paired.measures["f1"], split.measures["f1"]
    assert other.verdict == "better"
    assert one.interval
    assert other.interval
    assert other.interval[0] < one.difference < other.interval[1]
    assert other.interval[1] - other.interval[0] > one.interval[1] - one.interval[0]


def test_equal_arms_differ_by_chance_only() -> None:
    assert paired_arms(answers(9), answers(9), GOLD).measures["f1"].interval == (0.0, 0.0)
    assert split_arms(answers(9), answers(9), GOLD, seed=2).measures["f1"].verdict == "no difference"


def test_the_seed_gives_out_the_documents() -> None:
    arms = {seed: [arm_of(doc_id, seed) for doc_id in DOCUMENTS] for seed in (1, 2)}
    assert arms[1] == [arm_of(doc_id, 1) for doc_id in DOCUMENTS]
    assert arms[1] != arms[2]


def _both(one: pa.Table, other: pa.Table) -> tuple[tuple[pa.Table, pa.Table], tuple[pa.Table, pa.Table]]:
    return (one, other), (other, one)
