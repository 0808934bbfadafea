"""The command line by its public face."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from kg.cli.document import document
from kg.cli.main import cli
from tests.small_world import SmallWorld, write_small_world

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    return write_small_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, world: SmallWorld) -> Path:
    """A filled home, with a configuration that does without vectors."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "kg.toml").write_text('home = "data"\n[models]\nencoder = "none"\n', encoding="utf-8")
    for command in (
        ["ingest", "catalog", str(world.catalog), "--source", "main"],
        ["ingest", "catalog", str(world.other_source), "--source", "other", "--relations", str(world.relations)],
        ["ingest", "documents", str(world.documents)],
        ["resolve"],
    ):
        assert call(folder, *command).exit_code == 0
    return folder


def call(home: Path, *arguments: str, text: str | None = None) -> Result:
    result = CliRunner().invoke(cli, ["--config", str(home / "kg.toml"), *arguments], input=text, prog_name="kg")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def rows(result: Result) -> list[Any]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_decisions_have_the_public_fields(home: Path) -> None:
    found = rows(call(home, "decisions"))
    assert list(found[0]) == [
        "doc_id",
        "start",
        "end",
        "surface",
        "type",
        "decision",
        "entity_id",
        "best_entity_id",
        "probability",
        "provisional_id",
        "start_ms",
    ]
    assert all(row["entity_id"] is None for row in found if row["decision"] != "link")
    one = rows(call(home, "decisions", "--document", "notes"))
    assert {row["doc_id"] for row in one} == {"notes"}


def test_decisions_as_csv_have_a_header(home: Path) -> None:
    lines = call(home, "decisions", "--format", "csv").stdout.splitlines()
    assert lines[0].startswith("doc_id,start,end,surface")
    assert len(lines) == len(rows(call(home, "decisions"))) + 1


def test_search_finds_what_was_heard_wrong(home: Path) -> None:
    (hits,) = json.loads("[" + call(home, "search", "bjoerk", "--json").stdout + "]")
    assert hits[0]["id"] == "a3"
    assert set(hits[0]) >= {"id", "name", "alias", "score"}


def test_search_in_batches_answers_in_order(home: Path) -> None:
    found = rows(call(home, "search", "--batch", "-", "--limit", "1", text="P!nk\nnothing alike at all\nBTS\n"))
    assert [row["query"] for row in found] == ["P!nk", "nothing alike at all", "BTS"]
    assert [row["results"][0]["id"] for row in (found[0], found[2])] == ["a4", "a7"]


def test_link_stores_nothing(home: Path) -> None:
    before = call(home, "stats", "--json").stdout
    (linked,) = rows(call(home, "link", "Then came Björk.", "--json"))
    first = linked[0]
    assert (first["surface"], first["best_entity_id"], first["start"]) == ("Björk", "a3", 10)
    assert call(home, "stats", "--json").stdout == before


def test_link_answers_where_the_catalog_holds_nothing(home: Path) -> None:
    (found,) = rows(call(home, "link", "Marvin Quillfeather spoke.", "--json"))
    assert {row["best_entity_id"] for row in found} <= {None}
    assert {row["name"] for row in found} == {""}


def test_query_prints_tables_json_and_csv(home: Path) -> None:
    cypher = "MATCH (e:Entity {type: 'podcast'}) RETURN e.id AS id, e.name AS name"
    assert "Glass Harbour Stories" in call(home, "query", cypher).stdout
    assert rows(call(home, "query", cypher, "--json")) == [[{"id": "p1", "name": "Glass Harbour Stories"}]]
    assert call(home, "query", cypher, "--csv").stdout == "id,name\np1,Glass Harbour Stories\n"


def test_query_takes_parameters_and_a_limit(home: Path) -> None:
    asked = ("query", "MATCH (e:Entity {type: $type}) RETURN e.id ORDER BY e.id", "--param", "type=artist")
    result = call(home, *asked, "--limit", "2", "--csv")
    assert result.stdout == "e.id\na1\na2\n"
    assert "--limit" in result.stderr


def test_a_writing_query_is_refused_in_one_line(home: Path) -> None:
    result = call(home, "query", "MATCH (e:Entity) DETACH DELETE e")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "query refused" in result.stderr


def test_show_mentions_why_and_runs_agree(home: Path) -> None:
    (entity,) = rows(call(home, "show", "Björk", "--json"))
    assert entity["facts"]["id"] == "a3"
    (listed,) = rows(call(home, "mentions", "--entity", "a3", "--json"))
    mention = listed["mentions"][0]
    (found,) = rows(call(home, "why", mention["mention_id"], "--json"))
    assert found["decision"]["best_entity_id"] == "a3"
    (run,) = rows(call(home, "runs", found["history"][0]["run_id"], "--json"))
    assert run["kind"] == "resolve"
    for command in (["show", "a3"], ["mentions", "--entity", "a3"], ["mentions", "--document", "talk"], ["runs"]):
        assert call(home, *command).stdout
    assert "Björk" in call(home, "why", mention["mention_id"]).stdout


def test_export_writes_a_file_only_when_it_is_whole(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "graph.graphml"
    result = call(home, "export", "graph", "--format", "graphml", "-o", str(target))
    assert "rows written" in result.stderr
    import networkx as nx

    graph = nx.read_graphml(target)
    assert graph.nodes["Entity:a3"]["name"] == "Björk"
    assert [path.name for path in tmp_path.iterdir()] == ["graph.graphml"]
    assert call(home, "export", "records", "--format", "graphml").exit_code == 1


def test_doctor_finds_everything_well(home: Path) -> None:
    result = call(home, "doctor", "--json")
    assert all(finding["ok"] for finding in json.loads(result.stdout)), result.stdout


def test_a_new_home_is_well_too(tmp_path: Path) -> None:
    config = tmp_path / "kg.toml"
    config.write_text('home = "new"\n[models]\nencoder = "none"\n', encoding="utf-8")
    result = CliRunner().invoke(cli, ["--config", str(config), "doctor"])
    assert result.exit_code == 0, result.stdout
    assert "no catalog yet" in result.stdout


def test_doctor_says_what_to_do_when_a_model_is_missing(home: Path) -> None:
    config = home / "broken.toml"
    config.write_text('home = "data"\n[models]\nspacy = "no_such_model"\nencoder = "none"\n', encoding="utf-8")
    result = CliRunner().invoke(cli, ["--config", str(config), "doctor"])
    assert result.exit_code == 1
    assert "install the model's package" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "phrase"),
    [
        (["show", "Bjrok"], 1, "nearest"),
        (["mentions", "--document", "none"], 1, "does not exist"),
        (["why", "nothing"], 1, "does not exist"),
        (["undo", "ffff"], 1, "kg runs"),
        (["ingest", "catalog", "no-such-file.jsonl"], 1, "does not exist"),
        (["query", "MATCH (e:Entity RETURN e"], 1, "query refused"),
        (["mentions"], 2, "--entity or --document"),
        (["resolve", "--mentions-only", "--records-only"], 2, "exclude each other"),
        (["resolve", "--precision", "1.5"], 2, "--precision"),
        (["ingest", "catalog"], 2, "FILE"),
        (["search"], 2, "NAME"),
        (["no-such-command"], 2, "No such command"),
    ],
)
def test_a_mistake_is_one_clear_line(home: Path, arguments: list[str], status: int, phrase: str) -> None:
    result = call(home, *arguments)
    assert result.exit_code == status
    assert phrase in result.stderr
    assert "Traceback" not in result.stderr


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    config = tmp_path / "kg.toml"
    config.write_text("[resolve]\nprecison = 0.9\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["--config", str(config), "stats"])
    assert result.exit_code == 1
    assert "resolve.precison" in result.stderr
    assert "precision" in result.stderr


def test_credentials_in_an_address_are_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["--home", str(tmp_path), "--graph", "neo4j://u:secret@host:1", "stats"])
    assert result.exit_code == 1
    assert "KG_NEO4J_PASSWORD" in result.stderr
    assert "secret" not in result.stderr


def test_every_command_has_help_with_an_example() -> None:
    def commands(group: click.Group) -> list[click.Command]:
        found: list[click.Command] = []
        for command in group.commands.values():
            found += commands(command) if isinstance(command, click.Group) else [command]
        return found

    for command in commands(cli):
        assert "Example:" in (command.help or ""), command.name


def test_the_documentation_of_the_command_line_is_current() -> None:
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == document(), "run `make docs`"


def test_the_installed_command_answers_quickly_and_loads_no_model() -> None:
    code = (
        "import sys, kg.cli.main; heavy = {'torch', 'spacy', 'sentence_transformers', 'neo4j', 'cassandra', 'ladybug'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_an_unknown_thing_is_promoted_or_assigned_and_taken_back(home: Path) -> None:
    (found,) = {row["provisional_id"] for row in rows(call(home, "decisions")) if row["surface"] == "Greta Marlowe"}
    planned = json.loads(call(home, "promote", found, "--id", "greta", "--dry-run", "--json").stdout)
    assert (planned["entity_id"], planned["dry_run"], planned["run_id"]) == ("greta", True, "")
    for command, entity_id in (
        (["promote", found, "--id", "greta", "--type", "singer"], "greta"),
        (["assign", found, "a4"], "a4"),
    ):
        done = json.loads(call(home, *command, "--json").stdout)
        assert done["entity_id"] == entity_id
        assert json.loads(call(home, "show", found, "--json").stdout)["facts"]["id"] == entity_id
        assert call(home, "undo", done["run_id"]).exit_code == 0
    missing = call(home, "promote", "nil/0")
    assert missing.exit_code == 1
    assert "provisional entity 'nil/0' does not exist" in missing.stderr
    assert "nil/" in call(home, "assign", found, "a4", "--dry-run").stdout
    assert call(home, "resolve").exit_code == 0
