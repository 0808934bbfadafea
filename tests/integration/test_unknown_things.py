"""What the catalog does not hold, from the first mention to the catalog."""

import json
from pathlib import Path

import pytest

import kg
from kg.config import Config
from kg.demo.run import DATA
from kg.entities import show
from kg.export import decision_rows
from kg.gold_file import read_gold_file
from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.resolve import ResolveOptions, resolve
from kg.undo import undo
from schemas.errors import NotFoundError, OntologyError, RunError, TakenError
from tests.homes import digest, embedded, exported, fill
from tests.linkers.clustering.unknown_world import b_cubed
from tests.small_world import SmallWorld

GRETA = "Greta Marlowe"


def provisional(home: Home, name: str) -> str:
    query = "MATCH (e:Entity {status: 'provisional', name: $name}) RETURN e.id"
    ((found,),) = home.graph.query(query, {"name": name}).rows
    return str(found)


def add_document(world: SmallWorld, name: str, text: str) -> None:
    (world.documents / name).write_text(text, encoding="utf-8")


def test_a_cluster_keeps_its_id_while_documents_come_and_an_old_id_still_answers(
    config: Config, world: SmallWorld
) -> None:
    with Home(config) as home:
        ingest_catalog(home, CatalogInput([str(world.catalog)], (), "main"))
        for number, text in enumerate(["The singer Zelda Kastermon spoke.", "The singer Zelda Kaltermol left."]):
            add_document(world, f"new{number}.txt", text)
            ingest_documents(home, DocumentInput([str(world.documents / f"new{number}.txt")]))
            resolve(home)
        first, second = provisional(home, "Zelda Kastermon"), provisional(home, "Zelda Kaltermol")
        assert first != second
        # a writing between the two brings them together, and the older id stays
        add_document(world, "new2.txt", "The singer Zelda Kastermol came back.")
        ingest_documents(home, DocumentInput([str(world.documents / "new2.txt")]))
        summary = resolve(home)
        assert (summary.documents, summary.decisions["nil"], summary.changed) == (1, 1, 2)
        ids = {row["provisional_id"] for row in decision_rows(home) if row["surface"].startswith("Zelda")}
        assert ids == {first}
        assert show(home, second).facts["id"] == first
        assert resolve(home).run_id == ""


def test_documents_that_are_gone_leave_their_cluster(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    (world.documents / "notes.md").write_text("# Show notes\n\nNobody came.\n", encoding="utf-8")
    with Home(config) as home:
        known = provisional(home, GRETA)
        ingest_documents(home, DocumentInput([str(world.documents)]))
        resolve(home)
        assert provisional(home, GRETA) == known
        assert [row["id"] for row in show(home, known).documents] == ["talk"]


def test_promote_makes_an_entity_that_stays_until_it_is_undone(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    before = digest(config)
    with Home(config) as home:
        known = provisional(home, GRETA)
        planned = kg.promote(home, GRETA, type="singer", entity_id="greta", dry_run=True)
        assert (planned.entity_id, planned.type, planned.documents, planned.run_id) == ("greta", "artist", 2, "")
    assert digest(config) == before
    with Home(config) as home:
        done = kg.promote(home, known, type="singer", entity_id="greta")
        assert done.mentions == planned.mentions
        assert {row["id"] for row in show(home, known).documents} == {"talk", "notes"}
        assert show(home, "greta").records == ["promoted:greta"]
    at_once = digest(config)
    with Home(config) as home:
        resolve(home)
        ingest_catalog(home, CatalogInput([str(world.catalog)], (), "main"))
        linked = {row["surface"]: row["entity_id"] for row in decision_rows(home) if "Marlowe" in row["surface"]}
        assert linked == {GRETA: "greta", "Marlowe": "greta"}
        with pytest.raises(NotFoundError, match="catalog entity greta"):
            kg.promote(home, "greta")
        undo(home, done.run_id)
        resolve(home)
    assert digest(config) == before != at_once


def test_assign_gives_names_and_mentions_to_an_entity_until_it_is_undone(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    before = digest(config)
    with Home(config) as home:
        known = provisional(home, GRETA)
        done = kg.assign(home, known, "P!nk")
        view = show(home, "a4")
        assert GRETA in view.facts["aliases"]
        assert view.facts["name"] == "P!nk"
        assert {row["id"] for row in view.documents} >= {"talk", "notes"}
        assert show(home, known).facts["id"] == "a4"
        resolve(home)
        assert {row["entity_id"] for row in decision_rows(home) if row["surface"] == GRETA} == {"a4"}
        undo(home, done.run_id)
        with pytest.raises(RunError, match="undone already"):
            undo(home, done.run_id)
        resolve(home)
    assert digest(config) == before


def test_what_cannot_be_promoted_or_assigned_is_named(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    before = digest(config)
    with Home(config) as home:
        known = provisional(home, GRETA)
        with pytest.raises(NotFoundError, match="provisional entity"):
            kg.promote(home, "nil/0")
        with pytest.raises(TakenError, match="'a1' is in use"):
            kg.promote(home, known, entity_id="a1")
        with pytest.raises(OntologyError):
            kg.promote(home, known, type="!!!")
        with pytest.raises(NotFoundError, match="entity 'nobody'"):
            kg.assign(home, known, "nobody")
        with pytest.raises(NotFoundError, match="it is provisional"):
            kg.assign(home, known, known)
    assert digest(config) == before


def test_a_killed_promote_is_ended_by_the_next(
    config: Config, world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(config, world)
    with Home(config) as home:
        known = provisional(home, GRETA)

        def killed(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr("kg.identify.sync_graph", killed)
            with pytest.raises(KeyboardInterrupt):
                kg.promote(home, known, entity_id="greta")
        done = kg.promote(home, known, entity_id="greta")
        assert done.documents == 2
        assert show(home, "greta").facts["name"] == GRETA
        undo(home, done.run_id)
        assert provisional(home, GRETA) == known


@pytest.mark.parametrize("spans", ["gold", "system"])
def test_the_unknown_things_of_the_demo_are_clustered(tmp_path: Path, spans: str) -> None:
    gold = {(g.doc_id, g.start, g.end): g.cluster for g in read_gold_file(DATA / "gold.jsonl") if g.entity_id is None}
    assert all(gold.values())
    config = embedded(tmp_path)
    with Home(config) as home:
        ingest_catalog(home, CatalogInput([str(DATA / "catalog-music.jsonl")], (), "discography"))
        given = str(DATA / "gold.jsonl") if spans == "gold" else None
        ingest_documents(home, DocumentInput([str(DATA / "documents")], given))
        planned = resolve(home, ResolveOptions(dry_run=True))
        assert resolve(home).provisional == planned.provisional
    decided = map(json.loads, exported(config, "decisions").splitlines())
    pairs = [
        (gold[place], row["provisional_id"])
        for row in decided
        if row["decision"] == "nil" and (place := (row["doc_id"], row["start"], row["end"])) in gold
    ]
    assert len(pairs) >= 0.6 * len(gold)
    assert b_cubed(*zip(*pairs, strict=True))[2] >= 0.9
