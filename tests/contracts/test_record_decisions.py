"""One scenario for the decisions on records of every mention store."""

from typing import Any

import numpy as np
import pyarrow as pa

from schemas.batches import PAIR_DECISIONS
from schemas.protocols import MentionStore
from schemas.resolution import RecordMemory, Resolution


def pair(left: str, right: str, decision: str = "join", sequence: int = 1, **changes: Any) -> dict[str, Any]:
    row = {
        "left_key": left,
        "right_key": right,
        "decision": decision,
        "probability": 0.1 + 0.2,
        "features": [0.5, float(np.float32(1 / 3)), float("nan"), -0.0],
        "evidence": "name: söme words",
        "run_id": f"run-{sequence}",
        "sequence": sequence,
        "decided_by": "model",
    }
    return row | changes


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=PAIR_DECISIONS)


def brief(pairs: pa.Table) -> list[tuple[str, str, str, int]]:
    assert pairs.schema == PAIR_DECISIONS
    return [(r["left_key"], r["right_key"], r["decision"], r["sequence"]) for r in pairs.to_pylist()]


def test_an_empty_store_answers_with_nothing(store: MentionStore) -> None:
    assert (store.resolutions(), store.former_resolutions(1), store.memory()) == ({}, {}, {})
    assert brief(store.pairs()) == brief(store.former_pairs(1)) == []
    assert store.pair_history("a:1", "b:1") == []


def test_resolutions_are_replaced_by_key_and_the_former_stay_with_the_run(store: MentionStore) -> None:
    first = [Resolution("a:1", "e", 1.0, "id", "r1"), Resolution("a:2", "e", 0.123456789, "id", "r1")]
    store.put_resolutions(first, "r1", 1)
    assert store.former_resolutions(1) == {}
    store.put_resolutions([Resolution("a:1", "f", 1.0, "same_as", "r2")], "r2", 2)
    store.remove_resolutions(["none"], "r2", 2)
    assert store.resolutions()["a:1"] == Resolution("a:1", "f", 1.0, "same_as", "r2")
    assert store.former_resolutions(2) == {"a:1": first[0]}
    store.remove_resolutions(["a:1", "a:2"], "r3", 3)
    assert store.resolutions() == {}
    assert store.former_resolutions(3) == {"a:1": Resolution("a:1", "f", 1.0, "same_as", "r2"), "a:2": first[1]}


def test_a_run_that_is_repeated_keeps_what_stood_before_its_first_try(store: MentionStore) -> None:
    before = Resolution("a:1", "e", 1.0, "id", "r1")
    store.put_resolutions([before], "r1", 1)
    for entity in ("f", "g"):
        store.put_resolutions([Resolution("a:1", entity, 1.0, "id", "r2")], "r2", 2)
    assert store.former_resolutions(2) == {"a:1": before}
    store.put_pairs(table(pair("a:1", "b:1")), 1)
    for decision in ("apart", "review"):
        store.put_pairs(table(pair("a:1", "b:1", decision, 2)), 2)
    assert brief(store.former_pairs(2)) == [("a:1", "b:1", "join", 1)]


def test_pairs_come_back_bit_for_bit_and_in_order(store: MentionStore) -> None:
    rows = [pair("b:2", "c:1"), pair("a:9", "b:1", features=[]), pair("a:10", "ž:1", "review")]
    store.put_pairs(table(*rows), 1)
    stored = store.pairs()
    assert [row[:2] for row in brief(stored)] == [("a:10", "ž:1"), ("a:9", "b:1"), ("b:2", "c:1")]
    by_key = {row["left_key"]: row for row in stored.to_pylist()}
    np.testing.assert_array_equal(by_key["b:2"]["features"], rows[0]["features"])
    assert by_key["a:9"] == rows[1]


def test_the_history_of_a_pair_is_kept_through_decisions_and_withdrawals(store: MentionStore) -> None:
    store.put_pairs(table(pair("a:1", "b:1"), pair("a:2", "b:2")), 1)
    store.put_pairs(table(pair("a:1", "b:1", "cannot-link", 2, decided_by="person", features=[])), 2)
    store.withdraw_pairs([("a:1", "b:1"), ("a:7", "b:7")], 3)
    assert brief(store.pairs()) == [("a:2", "b:2", "join", 1)]
    assert brief(store.former_pairs(2)) == [("a:1", "b:1", "join", 1)]
    assert brief(store.former_pairs(3)) == [("a:1", "b:1", "cannot-link", 2)]
    store.put_pairs(table(pair("a:1", "b:1", "review", 4)), 4)
    history = [(row["decision"], row["until"]) for row in store.pair_history("a:1", "b:1")]
    assert history == [("review", None), ("cannot-link", 3), ("join", 2)]


def test_a_restored_row_keeps_the_run_that_decided_it(store: MentionStore) -> None:
    store.put_pairs(table(pair("a:1", "b:1")), 1)
    store.put_pairs(table(pair("a:1", "b:1", "apart", 2)), 2)
    store.put_pairs(store.former_pairs(2), 3)
    assert brief(store.pairs()) == [("a:1", "b:1", "join", 1)]
    assert [row["until"] for row in store.pair_history("a:1", "b:1")] == [None, 3, 2]


def test_many_rows_are_replaced_as_a_few_are(store: MentionStore) -> None:
    keys = [f"a:{number}" for number in range(2_100)]
    store.put_resolutions([Resolution(key, "e", 1.0, "id", "r1") for key in keys], "r1", 1)
    store.put_resolutions([Resolution(key, "f", 1.0, "id", "r2") for key in keys], "r2", 2)
    assert {row.entity_id for row in store.former_resolutions(2).values()} == {"e"}
    store.put_pairs(table(*(pair(key, "b:1") for key in keys)), 1)
    store.withdraw_pairs([(key, "b:1") for key in keys], 2)
    assert store.former_pairs(2).num_rows == len(keys)
    assert store.pairs().num_rows == 0


def test_what_is_remembered_of_records_comes_back_until_it_is_forgotten(store: MentionStore) -> None:
    store.put_memory({"a:1": RecordMemory(1, "x"), "ž:2": RecordMemory(1)})
    store.put_memory({"a:1": RecordMemory(1, "")})
    assert store.memory() == {"a:1": RecordMemory(1, ""), "ž:2": RecordMemory(1, "")}
    store.forget(["a:1", "none"])
    assert set(store.memory()) == {"ž:2"}
