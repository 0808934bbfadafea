"""Shadow runs: the same mentions decided beside the home, and what comes of comparing."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kg.config import load_config
from kg.decide import Verdict, decide
from kg.home import Home
from kg.resolve import ResolveOptions, resolve
from kg.shadow import ShadowOptions, shadow_decisions, shadow_of, shadow_resolve
from schemas.errors import ConfigError, ModelError, NotFoundError
from tests.homes import digest
from tests.kg.gold_home import answer, call, gold_rows, place, write_rows


@pytest.fixture
def folder(gold_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(gold_home, tmp_path / "copy"))


def test_nothing_but_its_own_file_changes(folder: Path) -> None:
    config = load_config(folder / "kg.toml")
    before = digest(config)
    with Home(config) as home:
        runs = home.mentions.runs()
        states = home.mentions.document_rows()
        made = shadow_resolve(home, "strict", ShadowOptions(precision=0.995))
        assert home.mentions.runs() == runs
        assert home.mentions.document_rows().equals(states)
        assert shadow_of(home, "strict") == made
    assert digest(config) == before
    assert [path.name for path in (folder / "data" / "shadow").iterdir()] == ["strict.parquet"]
    assert (made.mentions, made.documents, sum(made.decisions.values())) == (7, 3, 7)
    assert made.decisions["link"] < 4


def test_it_decides_what_resolve_would(folder: Path) -> None:
    with Home(load_config(folder / "kg.toml")) as home:
        shadow_resolve(home, "other", ShadowOptions(precision=0.6))
        columns = ["mention_id", "decision", "entity_id", "probability"]
        shadow = [row for batch in shadow_decisions(home, "other") for row in batch.select(columns).to_pylist()]
        resolve(home, ResolveOptions(precision=0.6))
        current = [row for batch in home.mentions.decisions() for row in batch.select(columns).to_pylist()]
    assert shadow == current


def test_without_gold_it_says_where_they_differ(folder: Path) -> None:
    answer(call(folder, "resolve", "--shadow", "strict", "--precision", "0.995", "--json"))
    found = answer(call(folder, "evaluate", "--shadow", "strict", "--json"))
    assert (found["mentions"], found["undecided"], found["same_index"]) == (7, 0, True)
    assert found["flows"] == [{"now": "link", "shadow": "review", "mentions": found["differ"]}]
    assert found["share"] == round(found["differ"] / 7, 4)
    assert sum(row["differ"] for row in found["documents"]) == len(found["examples"]) == found["differ"]
    assert found["examples"][0]["surface"] == "Björk"
    assert "differ" in call(folder, "evaluate", "--shadow", "strict").stdout


def test_with_gold_it_says_which_is_better(folder: Path) -> None:
    gold = str(write_rows(folder / "gold.jsonl", gold_rows()))
    answer(call(folder, "resolve", "--shadow", "strict", "--precision", "0.995", "--json"))
    paired = answer(call(folder, "evaluate", gold, "--shadow", "strict", "--json"))
    assert paired["verdict"] == "worse"
    current = answer(call(folder, "evaluate", gold, "--spans", "gold", "--json"))
    for name, measure in paired["comparison"]["measures"].items():
        assert measure["current"] == pytest.approx(current[name], abs=1e-4)
    split = answer(call(folder, "evaluate", gold, "--shadow", "strict", "--ab", "3", "--json"))
    assert sorted(split["comparison"]["documents"]) == [1, 2]
    assert split == answer(call(folder, "evaluate", gold, "--shadow", "strict", "--ab", "3", "--json"))
    assert "verdict, by F1" in call(folder, "evaluate", gold, "--shadow", "strict").stdout
    same = [
        str(seed)
        for seed in range(40)
        if call(folder, "evaluate", gold, "--shadow", "strict", "--ab", str(seed)).exit_code
    ]
    assert same, "of three documents, all are on one side for a quarter of the seeds"
    assert "give another" in call(folder, "evaluate", gold, "--shadow", "strict", "--ab", same[0]).stderr


def test_what_a_person_decided_is_in_both(folder: Path) -> None:
    gold = str(write_rows(folder / "gold.jsonl", gold_rows()))
    with Home(load_config(folder / "kg.toml")) as home:
        decide(home, [Verdict(place("d2", "The Lanterns"), "twin-a")])
        assert shadow_resolve(home, "same").mentions == 6
    found = answer(call(folder, "evaluate", gold, "--shadow", "same", "--json"))
    assert {each["difference"] for each in found["comparison"]["measures"].values()} == {0.0}
    assert answer(call(folder, "evaluate", "--shadow", "same", "--json"))["differ"] == 0


def test_another_model_file_decides(folder: Path) -> None:
    with Home(load_config(folder / "kg.toml")) as home:
        model = home.model.version
    default = Path("linkers/models/default.json")
    weights = json.loads(default.read_text(encoding="utf-8"))
    other = folder / "other.json"
    other.write_text(json.dumps(weights), encoding="utf-8")
    made = answer(call(folder, "resolve", "--shadow", "copy", "--model", str(other), "--json"))
    assert made["model_version"] == model, "a version is of the content"
    with Home(load_config(folder / "kg.toml")) as home, pytest.raises(ModelError):
        shadow_resolve(home, "none", ShadowOptions(model=str(folder / "catalog.jsonl")))
    assert not (folder / "data" / "shadow" / "none.parquet").exists()


def test_the_file_says_what_made_it_and_is_replaced(folder: Path) -> None:
    with Home(load_config(folder / "kg.toml")) as home:
        shadow_resolve(home, "a", ShadowOptions(precision=0.6))
        second = shadow_resolve(home, "a", ShadowOptions(precision=0.99))
        told = pq.read_metadata(folder / "data" / "shadow" / "a.parquet").metadata[b"kg.shadow"]
        assert json.loads(told)["precision"] == second.precision == 0.99
        for name in ("", "../a", ".a", "a" * 65):
            with pytest.raises(ConfigError, match="shadow"):
                shadow_resolve(home, name)
        with pytest.raises(NotFoundError, match="nearest: a"):
            shadow_of(home, "b")
        (folder / "data" / "shadow" / "c.parquet").write_bytes(b"PAR1")
        with pytest.raises(NotFoundError, match="make it again"):
            shadow_of(home, "c")


@pytest.mark.parametrize(
    "arguments",
    [
        ("resolve", "--model", "catalog.jsonl"),
        ("resolve", "--shadow", "a", "--dry-run"),
        ("resolve", "--shadow", "a", "--mentions-only"),
        ("evaluate", "--ab", "1"),
        ("evaluate", "--shadow", "a", "--ab", "1"),
        ("evaluate", "--shadow", "a", "--fail-under", "f1=1"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(gold_home: Path, arguments: tuple[str, ...]) -> None:
    given = [str(gold_home / each) if each.endswith("jsonl") else each for each in arguments]
    assert call(gold_home, *given).exit_code == 2


def test_a_changed_catalog_is_told(folder: Path) -> None:
    answer(call(folder, "resolve", "--shadow", "a", "--json"))
    rows = write_rows(folder / "more.jsonl", [{"id": "x9", "name": "Marta Quill", "type": "artist"}])
    assert call(folder, "ingest", "catalog", str(rows), "--source", "more").exit_code == 0
    assert "the catalog has changed" in call(folder, "evaluate", "--shadow", "a").stderr
