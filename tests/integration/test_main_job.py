"""The main job from files to an answering graph, on both homes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kg.catalog import is_current
from kg.config import Config
from kg.entities import mentions_of_document, mentions_of_entity, show
from kg.explain import why
from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.projection import rebuild_graph
from kg.resolve import ResolveOptions, resolve
from kg.undo import undo
from schemas.errors import IndexMissingError, NotFoundError, RecordError, RunError, StoreUnavailable
from tests.homes import digest, embedded, exported, fill, ingest_world
from tests.small_world import SmallWorld


def rows(config: Config, what: str = "graph") -> list[dict[str, object]]:
    return [json.loads(line) for line in exported(config, what).splitlines()]


def test_names_lead_to_their_entities(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    decided = {(row["doc_id"], row["surface"]): row for row in rows(config, "decisions")}
    assert decided["talk", "Björk"]["best_entity_id"] == "a3"
    assert decided["talk", "Homogenic"]["best_entity_id"] == "b2"
    assert decided["talk", "Prince Royce"]["best_entity_id"] == "a6"
    assert decided["notes", "P!nk"]["best_entity_id"] == "a4"
    assert decided["notes", "BTS"]["best_entity_id"] == "a7"
    assert decided["talk", "Greta Marlowe"]["decision"] == "nil"


def test_unknown_things_become_provisional_entities_across_documents(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    with Home(config) as home:
        found = home.graph.query(
            "MATCH (d:Document)-[:MENTIONS]->(e:Entity {status: 'provisional', name: 'Greta Marlowe'}) "
            "RETURN d.id AS id ORDER BY id"
        )
    assert [row[0] for row in found.rows] == ["notes", "talk"]


def test_the_graph_answers_with_relations_and_records(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    with Home(config) as home:
        view = show(home, "x3")
    assert view.facts["id"] == "a3"
    assert view.records == ["main:a3", "other:x3"]
    assert {"relation": "PERFORMED", "direction": "in", "id": "b2"}.items() <= view.relations[0].items()
    assert [row["id"] for row in view.documents] == ["article-1", "talk"]


def test_the_same_input_again_changes_nothing(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    before = digest(config)
    with Home(config) as home:
        runs_before = home.mentions.runs()
        ingest_world(home, world)
        again = resolve(home)
        assert home.mentions.runs() == runs_before
    assert again.run_id == ""
    assert again.documents == 0
    assert digest(config) == before


def test_a_changed_file_replaces_its_rows_and_retracts_what_is_gone(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    (world.documents / "notes.md").write_text("# Show notes\n\nOnly Björk came.\n", encoding="utf-8")
    lines = world.catalog.read_text(encoding="utf-8").splitlines()
    world.catalog.write_text("\n".join(line for line in lines if '"a6"' not in line) + "\n", encoding="utf-8")
    with Home(config) as home:
        assert ingest_catalog(home, CatalogInput([str(world.catalog)], (), "main")).removed == {"records": 1}
        ingest_documents(home, DocumentInput([str(world.documents)]))
        resolve(home)
        surfaces = [row["surface"] for row in mentions_of_document(home, "notes")]
        with pytest.raises(NotFoundError):
            show(home, "a6")
    assert surfaces == ["Björk"]
    with_changes = digest(config)
    # the order of events must not matter: the same files at once give the same graph but for who decided first
    fresh = replace(config, home=config.home.parent / "fresh", graph="embedded", mentions="embedded")
    fill(fresh, world)
    assert exported(fresh, "decisions") == exported(config, "decisions")
    assert digest(config) == with_changes


def test_names_that_come_later_are_found_in_documents_that_came_before(config: Config, world: SmallWorld) -> None:
    with Home(config) as home:
        ingest_world(home, world)
        resolve(home)
    more = world.catalog.with_name("more.jsonl")
    more.write_text('{"id": "n1", "name": "Greta Marlowe", "type": "artist"}\n', encoding="utf-8")
    with Home(config) as home:
        ingest_catalog(home, CatalogInput([str(more)], (), "more"))
        summary = resolve(home)
    assert summary.read_again == 4
    decided = {(row["doc_id"], row["surface"]): row["entity_id"] for row in rows(config, "decisions")}
    assert decided["notes", "Greta Marlowe"] == "n1"


def test_rebuilding_the_graph_gives_the_same_graph(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    before = exported(config)
    with Home(config) as home:
        home.graph.clear()
        rebuild_graph(home)
    assert exported(config) == before


def test_undo_restores_the_graph_of_before_byte_for_byte(config: Config, world: SmallWorld) -> None:
    with Home(config) as home:
        ingest_world(home, world)
        undecided = exported_with(home)
        first = resolve(home)
        decided = exported_with(home)
        home.config = replace(config, resolve=replace(config.resolve, precision=0.999))
        second = resolve(home)
        assert second.run_id
        undo(home, second.run_id)
        assert exported_with(home) == decided
        undo(home, first.run_id)
        assert exported_with(home) == undecided
        with pytest.raises(RunError, match="undone already"):
            undo(home, first.run_id)
        home.config = config
        resolve(home)
        assert exported_with(home) == decided


def exported_with(home: Home) -> bytes:
    import io

    from kg.export import export

    out = io.BytesIO()
    export(home, "graph", "jsonl", out)
    return out.getvalue()


def test_a_dry_run_decides_and_writes_nothing(config: Config, world: SmallWorld) -> None:
    with Home(config) as home:
        ingest_world(home, world)
        before = exported_with(home)
        summary = resolve(home, ResolveOptions(dry_run=True))
        assert summary.mentions == sum(1 for _ in mentions_of_all(home))
        assert exported_with(home) == before
        assert home.mentions.counts()["links"] == 0


def mentions_of_all(home: Home) -> list[dict[str, object]]:
    doc_ids = home.mentions.document_rows()["id"].to_pylist()
    return home.mentions.mentions(doc_ids).to_pylist()  # type: ignore[no-any-return]


def test_a_precision_that_is_asked_for_holds_for_that_run(config: Config, world: SmallWorld) -> None:
    with Home(config) as home:
        ingest_world(home, world)
        plain = resolve(home)
        strict = resolve(home, ResolveOptions(precision=0.999))
        assert strict.documents == plain.documents
        assert strict.decisions["link"] <= plain.decisions["link"]
        assert home.config == config
        assert resolve(home).decisions == plain.decisions


def test_every_decision_can_be_explained(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    with Home(config) as home:
        rows, _ = mentions_of_entity(home, "a3")
        place = f"{rows[0]['doc_id']}:{rows[0]['start']}-{rows[0]['end']}"
        found = why(home, place)
        assert found.decision is not None
        assert found.candidates[0]["entity_id"] == "a3"
        assert "exact" in found.candidates[0]["channels"]
        assert found.history[0]["decision"] == found.decision["decision"]
        assert why(home, found.mention["mention_id"]).mention == found.mention
        with pytest.raises(NotFoundError, match="nearest"):
            why(home, f"{rows[0]['doc_id']}:9990-9999")


def test_mentions_of_an_entity_are_quoted_with_time_and_speaker(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    with Home(config) as home:
        rows, token = mentions_of_entity(home, "a3", limit=1)
        assert token
        more, last = mentions_of_entity(home, "a3", limit=5, after=token)
    assert last == ""
    spoken = next(row for row in [*rows, *more] if row["doc_id"] == "talk")
    assert spoken["speaker"] == "Ada"
    assert 1000 <= spoken["start_ms"] <= 5000
    assert "[Björk]" in spoken["quote"]


def test_bad_rows_are_named_and_the_good_ones_go_on(config: Config, world: SmallWorld) -> None:
    world.catalog.write_text('{"id": "ok", "name": "Fine"}\n{"id": "bad"}\nnot json\n', encoding="utf-8")
    with Home(config) as home:
        with pytest.raises(RecordError) as caught:
            ingest_catalog(home, CatalogInput([str(world.catalog)], (), "main", strict=True))
        assert caught.value.line == 2
        assert home.mentions.counts()["records"] == 0
        summary = ingest_catalog(home, CatalogInput([str(world.catalog)], (), "main"))
        assert (summary.rows["records"], summary.bad_rows) == (1, 2)
        assert [f"line {n}" in text for n, text in zip((2, 3), summary.errors, strict=True)] == [True, True]


def test_a_file_that_cannot_be_read_leaves_what_was_taken_from_it(config: Config, world: SmallWorld) -> None:
    fill(config, world)
    before = digest(config)
    (world.documents / "talk.vtt").write_text("WEBVTT\n\n00:09.000 --> 00:01.000\nbackwards\n", encoding="utf-8")
    with Home(config) as home:
        summary = ingest_documents(home, DocumentInput([str(world.documents)]))
    assert (summary.files["refused"], summary.bad_rows) == (1, 1)
    assert "talk.vtt" in summary.errors[0]
    assert digest(config) == before


def test_without_a_catalog_documents_are_refused_by_name(config: Config, world: SmallWorld) -> None:
    with Home(config) as home, pytest.raises(IndexMissingError, match="kg ingest catalog"):
        ingest_documents(home, DocumentInput([str(world.documents)]))


def test_a_second_writer_is_refused_by_name(config: Config, world: SmallWorld) -> None:
    with Home(config) as home:
        ingest_world(home, world)
        with home.writing(), pytest.raises(StoreUnavailable, match="another process"):
            resolve(home)


def test_a_lost_index_is_made_again(config: Config, world: SmallWorld) -> None:
    import shutil

    fill(config, world)
    before = digest(config)
    shutil.rmtree(config.home / "index")
    with Home(config) as home:
        assert not is_current(home)
        resolve(home)
        assert is_current(home)
    assert digest(config) == before


def test_given_mentions_are_taken_instead_of_extracting(config: Config, world: SmallWorld, tmp_path: Path) -> None:
    spans = tmp_path / "spans.jsonl"
    spans.write_text('{"doc_id": "article-1", "start": 0, "end": 4}\n', encoding="utf-8")
    with Home(config) as home:
        ingest_catalog(home, CatalogInput([str(world.catalog)], (), "main"))
        ingest_documents(home, DocumentInput([str(world.documents / "articles.jsonl")], str(spans)))
        resolve(home)
    decided = rows(config, "decisions")
    assert [(row["surface"], row["best_entity_id"]) for row in decided] == [("Pink", "a4")]


@pytest.mark.servers
def test_both_homes_export_the_same_bytes(tmp_path: Path, world: SmallWorld, request: pytest.FixtureRequest) -> None:
    from tests.homes import on_servers

    graph = request.getfixturevalue("neo4j_clean")
    cassandra, keyspace = request.getfixturevalue("cassandra_server"), request.getfixturevalue("cassandra_keyspace")
    servers = on_servers(tmp_path / "servers", graph.url, f"{cassandra.url}/{keyspace}")
    local = embedded(tmp_path / "embedded")
    fill(servers, world)
    fill(local, world)
    assert exported(local) == exported(servers)
    assert digest(local) == digest(servers)
