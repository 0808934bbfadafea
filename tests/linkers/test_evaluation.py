from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkers.evaluation import evaluate
from schemas.batches import DECISIONS
from schemas.span import GoldSpan


def decision(start: int, decision: str, best: str | None, doc_id: str = "d") -> dict[str, Any]:
    return {
        "mention_id": f"{doc_id}{start}",
        "doc_id": doc_id,
        "start": start,
        "end": start + 3,
        "surface": "abc",
        "type": "",
        "decision": decision,
        "entity_id": best if decision == "link" else None,
        "best_entity_id": best,
        "probability": 0.7,
        "provisional_id": None,
        "reason": "",
        "start_ms": None,
        "candidates": [],
    }


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=DECISIONS)


def gold(start: int, entity_id: str | None, note: str = "") -> GoldSpan:
    return GoldSpan("d", start, start + 3, entity_id, note=note)


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


@given(st.lists(st.tuples(answers, answers, st.sampled_from(["link", "nil", "review", "none"])), max_size=20))
def test_outcomes_add_up(rows: list[tuple[str | None, str | None, str]]) -> None:
    truth = [gold(10 * n, entity) for n, (entity, _, _) in enumerate(rows)]
    made = [decision(10 * n, kind, best) for n, (_, best, kind) in enumerate(rows) if kind != "none"]
    found = evaluate(table(*made), truth)
    for counts in (found.all, found.in_catalog, found.nil):
        assert counts.right + counts.wrong + counts.review + counts.missed == counts.gold
    assert found.in_catalog.right + found.nil.right == found.all.right
    assert 0.0 <= found.f1 <= 1.0
