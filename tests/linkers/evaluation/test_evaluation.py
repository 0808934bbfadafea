import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkers.evaluation import evaluate
from linkers.evaluation.measures import MEASURES
from tests.linkers.evaluation.decided import decision, gold, table

GOLD = [gold(0, "A"), gold(10, "B"), gold(20, None), gold(30, "C", "hard"), gold(40, None), gold(50, "D")]
DECIDED = table(
    decision(0, "link", "A"),  # right
    decision(10, "link", "X"),  # wrong
    decision(20, "nil", None),  # right
    decision(30, "review", "C"),  # review, likeliest answer right
    decision(40, "link", "Y"),  # wrong
    decision(60, "link", "Z"),  # spurious
    decision(70, "review", "Z"),  # neither right nor spurious
    decision(0, "link", "Z", doc_id="other"),  # no document of the gold
)


def test_every_outcome_is_counted_once() -> None:
    found = evaluate(DECIDED, GOLD, spans="system")
    assert (found.all.right, found.all.wrong, found.all.review, found.all.missed) == (2, 2, 1, 1)
    assert (found.all.gold, found.in_catalog.gold, found.nil.gold, found.spurious) == (6, 4, 2, 1)
    assert found.precision == pytest.approx(2 / 5)
    assert found.recall == pytest.approx(2 / 6)
    assert found.f1 == pytest.approx(2 * 2 / 5 * 2 / 6 / (2 / 5 + 2 / 6))
    assert found.link_precision == pytest.approx(1 / 4)
    assert found.in_catalog.accuracy == pytest.approx(2 / 4)
    assert found.nil.accuracy == pytest.approx(1 / 2)
    assert found.slices["note=hard"].review == 1


def test_with_given_spans_other_decisions_are_not_looked_at() -> None:
    assert evaluate(DECIDED, GOLD, spans="gold").spurious == 0


def test_nothing_decided_and_nothing_asked() -> None:
    nothing = evaluate(table(), GOLD)
    assert (nothing.precision, nothing.recall, nothing.f1, nothing.link_precision) == (1.0, 0.0, 0.0, 1.0)
    assert evaluate(table(), []).summary()["gold"] == 0


def test_a_span_must_agree_exactly() -> None:
    shifted = {**decision(0, "link", "A"), "end": 4}
    found = evaluate(table(shifted), [gold(0, "A")])
    assert (found.all.missed, found.spurious) == (1, 1)


answers = st.sampled_from([None, "A", "B"])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(answers, answers, st.sampled_from(["link", "nil", "review", "none"])), max_size=20))
def test_outcomes_add_up(rows: list[tuple[str | None, str | None, str]]) -> None:
    truth = [gold(10 * n, entity) for n, (entity, _, _) in enumerate(rows)]
    made = [decision(10 * n, kind, best) for n, (_, best, kind) in enumerate(rows) if kind != "none"]
    found = evaluate(table(*made), truth)
    for counts in (found.all, found.in_catalog, found.nil):
        assert counts.right + counts.wrong + counts.review + counts.missed == counts.gold
    assert found.in_catalog.right + found.nil.right == found.all.right
    assert 0.0 <= found.f1 <= 1.0


def test_two_views_what_is_asserted_and_what_is_likeliest() -> None:
    found = evaluate(DECIDED, GOLD).measures
    assert found["link_recall"] == pytest.approx(1 / 4)
    assert found["link_f1"] == pytest.approx(1 / 4)
    assert (found["nil_precision"], found["nil_recall"]) == (1.0, 0.5)
    assert found["nil_f1"] == pytest.approx(2 / 3)
    assert found["accuracy"] == pytest.approx(3 / 6), "a review whose likeliest answer is right counts"


def test_the_macro_measures_are_means_over_documents() -> None:
    truth = [gold(0, "A", doc_id="one"), gold(10, "B", doc_id="one"), gold(0, None, doc_id="two")]
    made = table(decision(0, "link", "A", "one"), decision(10, "link", "X", "one"), decision(0, "nil", None, "two"))
    found = evaluate(made, truth).measures
    assert found["macro_precision"] == pytest.approx((1 / 2 + 1) / 2)
    assert found["macro_f1"] == pytest.approx((1 / 2 + 1) / 2)
    assert found["precision"] == pytest.approx(2 / 3)


def test_slices_by_kind_note_and_type() -> None:
    truth = [gold(0, "A", "hard", type="artist"), gold(10, "B", doc_id="e", type="album")]
    made = table(decision(0, "link", "A"), decision(10, "link", "X", "e"))
    slices = evaluate(made, truth, kinds={"d": "notes"}).slices
    assert list(slices) == ["kind=notes", "note=hard", "type=album", "type=artist"]
    assert (slices["type=artist"].accuracy, slices["type=album"].precision, slices["type=album"].recall) == (1, 0, 0)


def test_the_surest_errors_come_first_and_missed_ones_last() -> None:
    made = table(
        decision(0, "link", "X", probability=0.8),
        decision(10, "link", "B", probability=0.99),
        decision(60, "link", "Z", probability=0.9),
        decision(30, "review", "X", probability=0.95),
    )
    errors = evaluate(made, GOLD, errors=9).errors
    assert [(row["outcome"], row["start"]) for row in errors] == [
        ("spurious", 60),
        ("wrong", 0),
        ("missed", 20),
        ("missed", 40),
        ("missed", 50),
    ]
    assert (errors[1]["gold_id"], errors[1]["entity_id"], errors[1]["reason"]) == ("A", "X", "because")
    assert len(evaluate(made, GOLD, errors=2).errors) == 2


def test_the_summary_keeps_its_names_and_has_every_measure() -> None:
    names = list(evaluate(DECIDED, GOLD).summary())
    first = ("gold", "right", "wrong", "review", "missed", "spurious", "precision", "recall", "f1", "link_precision")
    assert tuple(names[:13]) == (*first, "in_catalog_accuracy", "nil_accuracy", "accuracy")
    assert set(MEASURES) <= set(names)
    assert {"bcubed_f1", "ece", "brier", "macro_f1"} <= set(names)


def test_everything_is_plain_values() -> None:
    values = evaluate(DECIDED, GOLD).as_dict()
    assert values["precision"] == 0.4
    assert values["slices"]["note=hard"]["review"] == 1
    assert values["all"]["gold"] == 6
    assert len(values["calibration"]["bins"]) == 10
    assert values["sweep"][0]["threshold"] == 0.05
