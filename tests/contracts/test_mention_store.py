"""One scenario for every mention store."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from schemas.batches import DOCUMENT_ROWS, MENTIONS, STORED_DECISIONS
from schemas.document import Cue, Document
from schemas.identity import mention_id
from schemas.protocols import MentionStore
from schemas.record import Record
from schemas.relation import Relation
from schemas.run import Run, SourceFile

TEXT = "Björk met 방탄소년단 in Reykjavík. 𝔹jörk sang."
DOCUMENTS = [
    Document("talk", TEXT, "A talk", "transcript", "2024-01-02", "talk.vtt", "en", (Cue(0, 9, 0, 1500, "Ada"),)),
    Document("notes/1", "Nothing\nto see.", kind="notes"),
    Document("über", "Prince.", title="Ü"),
]
RECORDS = [
    Record("b", "2", "Zebra", "artist", ("Z", "Ž"), "striped", 0.25, {"year": 1999, "tags": ("x", "y"), "live": True}),
    Record("a", "10", "Äpfel"),
    Record("a", "9", "Birne", popularity=None),
]


def mention(doc: Document, start: int, end: int, **changes: Any) -> dict[str, Any]:
    surface = doc.text[start:end]
    row = {
        "mention_id": mention_id(doc.id, start, end, surface),
        "doc_id": doc.id,
        "start": start,
        "end": end,
        "surface": surface,
        "type": "person",
        "extractor": "spacy",
        "cue": "",
        "sentence": doc.text,
        "sentence_start": 0,
        "context": doc.text,
        "title": doc.title,
        "speaker": "Ada",
        "start_ms": 10,
        "end_ms": None,
    }
    return row | changes


def decision(of: dict[str, Any], kind: str, sequence: int = 1, **changes: Any) -> dict[str, Any]:
    candidate = {
        "entity_id": "e1",
        "alias": "Björk",
        "channels": ["exact", "ngram"],
        "features": [0.1, float(np.float32(1 / 3)), -0.0, 1e-30],
        "score": 0.1 + 0.2,
        "probability": 2 / 3,
    }
    row = {name: of[name] for name in ("mention_id", "doc_id", "start", "end", "surface", "type", "start_ms")}
    row |= {
        "decision": kind,
        "entity_id": "e1" if kind == "link" else None,
        "best_entity_id": "e1" if kind != "nil" else None,
        "probability": 2 / 3,
        "provisional_id": "nil/1" if kind == "nil" else None,
        "reason": "because",
        "candidates": [candidate],
        "run_id": f"run-{sequence}",
        "sequence": sequence,
        "decided_by": "model",
    }
    return row | changes


def table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema)


def decided(store: MentionStore, doc_ids: list[str] | None = None) -> list[dict[str, Any]]:
    return [row for batch in store.decisions(doc_ids) for row in batch.to_pylist()]


@pytest.fixture
def filled(store: MentionStore) -> MentionStore:
    store.put_documents("f1", DOCUMENTS)
    talk = DOCUMENTS[0]
    rows = [mention(talk, 0, 5), mention(talk, 10, 15), mention(talk, 30, 35), mention(DOCUMENTS[2], 0, 6)]
    store.put_mentions({"talk": "x1", "über": "x1", "notes/1": "x1"}, table(rows, MENTIONS))
    return store


def rows_of(store: MentionStore, doc_id: str) -> list[dict[str, Any]]:
    return store.mentions([doc_id]).to_pylist()  # type: ignore[no-any-return]


def test_it_keeps_the_protocol(store: MentionStore) -> None:
    assert isinstance(store, MentionStore)
    assert store.check()
    store.prepare()


def test_an_empty_store_answers_with_nothing(store: MentionStore) -> None:
    assert (store.files(), list(store.records()), list(store.relations()), store.runs()) == ([], [], [], [])
    assert store.document_rows().schema == DOCUMENT_ROWS
    assert store.mentions(["none"]).schema == MENTIONS
    assert store.decision("none").schema == STORED_DECISIONS
    assert decided(store) == []
    assert store.document("none") is None
    assert store.entity_mentions("none", limit=3)[1] == ""
    assert set(store.counts().values()) == {0}
    assert store.get_state("catalog") == ""


def test_files_come_back_until_they_are_removed(store: MentionStore) -> None:
    file = SourceFile("id1", "catalog", "/b", "s", "hash", 3, 1, False)
    store.put_file(file)
    store.put_file(replace(file, file_id="id2", path="/a"))
    store.put_file(replace(file, complete=True))
    assert [(f.path, f.complete) for f in store.files()] == [("/a", False), ("/b", True)]
    store.remove_file("id2")
    assert store.files() == [replace(file, complete=True)]


def test_records_come_back_whole_and_in_order(store: MentionStore) -> None:
    store.put_records("f1", RECORDS)
    store.put_records("f1", RECORDS)
    assert list(store.records()) == [RECORDS[1], RECORDS[2], RECORDS[0]]
    assert store.record_keys("f1") == {("a", "10"), ("a", "9"), ("b", "2")}


def test_a_record_belongs_to_the_file_that_wrote_it_last(store: MentionStore) -> None:
    store.put_records("f1", RECORDS)
    store.put_records("f2", [replace(RECORDS[1], name="Apfel")])
    assert store.record_keys("f1") == {("a", "9"), ("b", "2")}
    assert store.record_keys("f2") == {("a", "10")}
    store.remove_records([("a", "9")])
    assert [record.name for record in store.records()] == ["Apfel", "Zebra"]


def test_relations_come_back_in_order(store: MentionStore) -> None:
    relations = [
        Relation("s2", "ABOUT", "o", "x"),
        Relation("s1", "ABOUT", "o", "y"),
        Relation("s1", "ABOUT", "o", "x"),
    ]
    store.put_relations("f1", relations)
    store.put_relations("f2", relations[:1])
    assert list(store.relations()) == [relations[2], relations[1], relations[0]]
    assert store.relation_keys("f1") == {("s1", "ABOUT", "o", "y"), ("s1", "ABOUT", "o", "x")}
    store.remove_relations([("s1", "ABOUT", "o", "x")])
    assert list(store.relations()) == [relations[1], relations[0]]


def test_documents_come_back_whole_in_the_order_asked(filled: MentionStore) -> None:
    assert filled.documents(["über", "none", "talk"]) == [DOCUMENTS[2], DOCUMENTS[0]]
    rows = filled.document_rows().to_pylist()
    assert [row["id"] for row in rows] == ["notes/1", "talk", "über"]
    assert rows[1]["content_hash"] == DOCUMENTS[0].content_hash
    assert {row["extraction_key"] for row in rows} == {"x1"}
    assert filled.document_rows(["über", "none", "talk", "talk"]).to_pylist() == rows[1:]
    assert filled.document_rows([]).schema == DOCUMENT_ROWS


def test_mentions_come_back_in_order_and_by_id(filled: MentionStore) -> None:
    rows = rows_of(filled, "talk")
    assert [(row["start"], row["surface"]) for row in rows] == [(0, "Björk"), (10, "방탄소년단"), (30, "𝔹jörk")]
    assert rows[0] == mention(DOCUMENTS[0], 0, 5)
    assert filled.mention(rows[1]["mention_id"]).to_pylist() == [rows[1]]
    assert filled.mentions(["über", "talk"])["doc_id"].to_pylist() == ["talk", "talk", "talk", "über"]


def test_decisions_come_back_bit_for_bit(filled: MentionStore) -> None:
    rows = [decision(row, kind) for row, kind in zip(rows_of(filled, "talk"), ("link", "review", "nil"), strict=True)]
    filled.append_decisions(table(rows, STORED_DECISIONS), {"talk": "k1"})
    batch = next(iter(filled.decisions(["talk"])))
    assert batch.equals(table(rows, STORED_DECISIONS))
    assert filled.decision(rows[1]["mention_id"]).to_pylist() == batch.slice(1, 1).to_pylist()
    assert filled.document_rows().to_pylist()[1]["decision_key"] == "k1"
    expected = {"links": 1, "reviews": 1, "nils": 1, "mentions": 4, "documents": 3}
    assert expected.items() <= filled.counts().items()


def test_a_repeated_write_changes_nothing(filled: MentionStore) -> None:
    rows = [decision(row, "link") for row in rows_of(filled, "talk")]
    for _ in range(2):
        filled.append_decisions(table(rows, STORED_DECISIONS), {"talk": "k1"})
    assert len(decided(filled)) == 3
    assert len(filled.decision_log(rows[0]["mention_id"])) == 1


def test_the_log_keeps_what_later_decisions_replaced(filled: MentionStore) -> None:
    row = rows_of(filled, "talk")[0]
    for sequence, kind in ((1, "link"), (2, "nil"), (3, "review")):
        filled.append_decisions(table([decision(row, kind, sequence)], STORED_DECISIONS), {"talk": f"k{sequence}"})
    filled.withdraw_decisions(
        pa.table({"mention_id": [row["mention_id"]], "doc_id": ["talk"]}), "r4", 4, {"talk": "k4"}
    )
    log = filled.decision_log(row["mention_id"])
    assert [(entry["sequence"], entry["decision"]) for entry in log] == [
        (4, "withdrawn"),
        (3, "review"),
        (2, "nil"),
        (1, "link"),
    ]
    assert log[0]["run_id"] == "r4"
    assert log[3]["entity_id"] == "e1"
    assert filled.decision(row["mention_id"]).num_rows == 0
    assert filled.review_queue(5).num_rows == 0
    assert filled.document_rows().to_pylist()[1]["decision_key"] == "k4"


def test_the_decisions_of_a_former_run_are_read_from_the_log(filled: MentionStore) -> None:
    first, second, third = rows_of(filled, "talk")
    ids = [row["mention_id"] for row in (third, first, second)]
    for sequence, mentions in ((2, (first, second)), (4, (first,)), (5, (third,))):
        made = [decision(row, "link" if sequence == 2 else "nil", sequence) for row in mentions]
        filled.append_decisions(table(made, STORED_DECISIONS), {})
    filled.withdraw_decisions(pa.table({"mention_id": [second["mention_id"]], "doc_id": ["talk"]}), "r5", 5, {})

    def at(sequence: int) -> list[tuple[str, str, int]]:
        found = filled.decisions_at([*ids, ids[1], "none"], sequence)
        assert found.schema == STORED_DECISIONS
        return [(row["mention_id"], row["decision"], row["sequence"]) for row in found.to_pylist()]

    assert at(1) == []
    assert at(3) == [(ids[1], "link", 2), (ids[2], "link", 2)]
    assert at(4) == [(ids[1], "nil", 4), (ids[2], "link", 2)]
    assert at(9) == [(ids[0], "nil", 5), (ids[1], "nil", 4)]
    assert filled.decisions_at([], 9).num_rows == 0
    assert filled.decisions_at([ids[1]], 4).equals(table([decision(first, "nil", 4)], STORED_DECISIONS))


def test_mentions_of_an_entity_follow_the_current_decision(filled: MentionStore) -> None:
    everything = rows_of(filled, "talk") + rows_of(filled, "über")
    rows = [decision(row, "link") for row in everything]
    filled.append_decisions(table(rows, STORED_DECISIONS), {"talk": "k", "über": "k"})
    filled.append_decisions(table([decision(everything[1], "nil", 2)], STORED_DECISIONS), {"talk": "k2"})
    found, token = filled.entity_mentions("e1", limit=10)
    assert (found["doc_id"].to_pylist(), token) == (["talk", "talk", "über"], "")
    assert filled.entity_mentions("nil/1", limit=10)[0]["start"].to_pylist() == [10]


def test_mentions_of_an_entity_come_in_pages(store: MentionStore) -> None:
    documents = [Document(f"d{number:03}", "Björk") for number in range(25)]
    store.put_documents("f", documents)
    rows = [mention(document, 0, 5) for document in documents]
    store.put_mentions({document.id: "x" for document in documents}, table(rows, MENTIONS))
    store.append_decisions(table([decision(row, "link") for row in rows], STORED_DECISIONS), {})
    seen: list[str] = []
    token = ""
    for _ in range(4):
        page, token = store.entity_mentions("e1", limit=7, after=token)
        seen += page["doc_id"].to_pylist()
    assert (seen, token) == ([document.id for document in documents], "")


def test_the_most_doubtful_review_comes_first(filled: MentionStore) -> None:
    rows = rows_of(filled, "talk")
    chances = (0.9, 0.52, 0.3)
    made = [decision(row, "review", probability=p) for row, p in zip(rows, chances, strict=True)]
    filled.append_decisions(table(made, STORED_DECISIONS), {})
    assert filled.review_queue(2)["probability"].to_pylist() == [0.52, 0.3]


def test_a_mention_that_is_gone_takes_its_decision_along(filled: MentionStore) -> None:
    rows = rows_of(filled, "talk")
    filled.append_decisions(table([decision(row, "link") for row in rows], STORED_DECISIONS), {"talk": "k"})
    filled.put_mentions({"talk": "x2"}, table(rows[1:], MENTIONS))
    assert [row["start"] for row in decided(filled, ["talk"])] == [10, 30]
    assert filled.mention(rows[0]["mention_id"]).num_rows == 0
    assert filled.entity_mentions("e1", limit=9)[0]["start"].to_pylist() == [10, 30]
    assert len(filled.decision_log(rows[0]["mention_id"])) == 1


def test_a_removed_document_leaves_only_its_log(filled: MentionStore) -> None:
    rows = rows_of(filled, "talk")
    filled.append_decisions(table([decision(row, "review") for row in rows], STORED_DECISIONS), {"talk": "k"})
    filled.remove_documents(["talk", "none"])
    assert filled.document_rows()["id"].to_pylist() == ["notes/1", "über"]
    assert (filled.mentions(["talk"]).num_rows, decided(filled), filled.review_queue(9).num_rows) == (0, [], 0)
    assert len(filled.decision_log(rows[0]["mention_id"])) == 1


def test_runs_are_replaced_by_id_and_listed_newest_first(store: MentionStore) -> None:
    first = Run("r1", "catalog", 1, "", "f", "running", "2024-01-31T00:00:00+00:00", counts={"records": 3})
    second = Run("r2", "resolve", 2, "r1", "g", "finished", "2024-02-01T00:00:00+00:00", seconds={"link": 0.5})
    second = replace(second, figures={"score": {"-3": 2, "7": 1}, "memory": {"peak_bytes": 2**40}})
    store.put_run(second)
    store.put_run(first)
    store.put_run(replace(first, status="finished"))
    assert store.runs() == [second, replace(first, status="finished")]


def test_state_is_kept(store: MentionStore) -> None:
    store.set_state("catalog", "v1")
    store.set_state("catalog", "v2")
    assert store.get_state("catalog") == "v2"
