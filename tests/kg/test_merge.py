"""What people say of records: merge, split, review, undo."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.entities import entity_id_of, mentions_of_entity, show
from kg.home import Home
from kg.merge import merge, split
from kg.resolve import resolve
from kg.review import review, verdicts_of
from kg.search import search
from kg.undo import undo
from schemas.errors import NotFoundError, ReviewError, RunError
from tests.kg.record_home import ARTISTS, config, entities, exported, take, take_artists, take_talk


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(config(tmp_path)) as opened:
        take_artists(opened, tmp_path / "files")
        yield opened


@pytest.fixture
def talked(home: Home, tmp_path: Path) -> Home:
    """A home with a document, resolved."""
    take_talk(home, tmp_path / "files")
    resolve(home)
    return home


def links(home: Home) -> dict[str, str]:
    """Return the linked entity of each surface."""
    rows = (row for batch in home.mentions.decisions() for row in batch.to_pylist())
    return {row["surface"]: row["entity_id"] for row in rows if row["decision"] == "link"}


def test_a_merge_keeps_the_older_id_and_the_other_still_answers(home: Home) -> None:
    done = merge(home, "tafkap", "Prince")
    assert (done.entity_id, done.other_id, done.records) == ("p1", "tafkap", ("one:p1", "two:tafkap"))
    assert entities(home)["p1"] == {"one:p1", "two:tafkap"}
    assert entity_id_of(home, "tafkap") == entity_id_of(home, "two:tafkap") == "p1"
    view = show(home, "tafkap")
    assert (view.facts["id"], view.records) == ("p1", ["one:p1", "two:tafkap"])
    assert {"The Artist", "TAFKAP"} <= set(view.facts["aliases"])
    assert [(row["relation"], row["id"]) for row in view.relations] == [("PERFORMED", "a1")]


def test_names_links_and_relations_follow_a_merge_at_once_and_go_back(talked: Home) -> None:
    before = exported(talked)
    assert links(talked)["The Artist"] == "tafkap"
    run_id = merge(talked, "p1", "tafkap").run_id
    assert search(talked, "TAFKAP")[0].id == "p1"
    assert links(talked)["The Artist"] == links(talked)["Prince"] == "p1"
    rows, _ = mentions_of_entity(talked, "tafkap")
    assert {row["surface"] for row in rows} == {"Prince", "The Artist"}
    count = "MATCH (:Document)-[m:MENTIONS]->(e:Entity {id: 'p1'}) RETURN m.count"
    assert talked.graph.query(count).rows == [(2,)]
    undo(talked, run_id)
    assert exported(talked) == before


def test_the_edge_of_a_record_says_who_decided(home: Home) -> None:
    run_id = merge(home, "p1", "tafkap").run_id
    query = (
        "MATCH (r:Record {id: 'two:tafkap'})-[t:RESOLVED_TO]->(e) RETURN e.id, t.probability, t.run_id, t.decided_by"
    )
    assert home.graph.query(query).rows == [("p1", 1.0, run_id, "person")]


def test_undo_of_a_merge_gives_the_bytes_of_before(home: Home) -> None:
    before = exported(home)
    run_id = merge(home, "p1", "tafkap").run_id
    assert exported(home) != before
    summary = undo(home, run_id)
    assert summary.records > 0
    assert exported(home) == before
    assert verdicts_of(home) == []
    with pytest.raises(RunError, match="undone already"):
        undo(home, run_id)


def test_a_split_parts_what_a_shared_id_joined_and_the_rest_keeps_the_id(home: Home) -> None:
    assert entities(home)["n1"] == {"one:n1", "two:n1"}
    done = split(home, "n1", ["two:n1"])
    assert (done.entity_id, done.other_id) == ("n1", "two:n1")
    assert entities(home)["n1"] == {"one:n1"}
    assert entities(home)["two:n1"] == {"two:n1"}


def test_undo_of_a_split_gives_the_bytes_of_before(home: Home) -> None:
    before = exported(home)
    undo(home, split(home, "n1", ["two:n1"]).run_id)
    assert exported(home) == before


def test_records_that_are_split_off_together_stay_together(home: Home) -> None:
    merge(home, "p1", "tafkap")
    merge(home, "p1", "n2")
    merge(home, "p1", "p2")
    done = split(home, "p1", ["two:n2", "one:p2"])
    assert set(done.records) == {"two:n2", "one:p2"}
    assert entities(home)["p1"] == {"one:p1", "two:tafkap"}


def test_undo_of_an_older_merge_leaves_the_newer_one(home: Home) -> None:
    first = merge(home, "p1", "tafkap").run_id
    merge(home, "p1", "n2")
    undo(home, first)
    assert entities(home)["p1"] == {"one:p1", "two:n2"}
    assert entities(home)["tafkap"] == {"two:tafkap"}


def test_what_cannot_be_merged_or_split_is_named(home: Home) -> None:
    with pytest.raises(ReviewError, match="one entity already"):
        merge(home, "one:n1", "two:n1")
    with pytest.raises(NotFoundError):
        merge(home, "p1", "nobody")
    with pytest.raises(ReviewError, match="every record"):
        split(home, "n1", ["one:n1", "two:n1"])
    with pytest.raises(NotFoundError, match="several sources"):
        split(home, "n1", ["n1"])
    with pytest.raises(NotFoundError, match="record of n1"):
        split(home, "n1", ["one:p1"])


def test_a_review_is_one_run_and_each_verdict_can_be_undone_alone(home: Home) -> None:
    before = exported(home)
    answers = [
        ("one:p1", "two:tafkap", "must-link"),
        ("two:n1", "one:n1", "cannot-link"),
        ("one:p1", "one:p2", "unsure"),
    ]
    done = review(home, answers)
    assert done.answers == 3
    assert entities(home)["p1"] == {"one:p1", "two:tafkap"}
    assert entities(home)["n1"] == {"one:n1"}
    decided = {row["left"]: row["decision_id"] for row in verdicts_of(home) if row["verdict"] == "cannot-link"}
    undo(home, decided["one:n1"][:10])
    assert entities(home)["n1"] == {"one:n1", "two:n1"}
    undo(home, done.run_id)
    assert exported(home) == before


def test_a_review_without_answers_leaves_no_run(home: Home) -> None:
    runs = len(home.mentions.runs())
    assert review(home, []).run_id == ""
    assert len(home.mentions.runs()) == runs
    with pytest.raises(NotFoundError, match="source:record_id"):
        review(home, [("one:p1", "p2", "must-link")])
    with pytest.raises(ReviewError, match="must-link"):
        review(home, [("one:p1", "one:p2", "maybe")])
    assert len(home.mentions.runs()) == runs


def test_an_id_still_answers_when_the_record_that_gave_it_is_withdrawn(home: Home, tmp_path: Path) -> None:
    merge(home, "p1", "tafkap")
    rest = [row for row in ARTISTS["one"] if row["id"] != "p1"]
    take(home, tmp_path / "files", "one", rest)
    assert entities(home)["p1"] == {"two:tafkap"}
    merge(home, "p1", "n1")
    assert entities(home)["n1"] == {"one:n1", "two:n1", "two:tafkap"}
    assert entity_id_of(home, "p1") == "n1"
    assert show(home, "p1").facts["id"] == "n1"
