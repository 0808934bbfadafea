"""kg train GOLD, by its public face."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.config import load_config
from linkers.scoring.model import LinkerModel
from tests.kg.gold_home import CONFIG, answer, call, write_rows
from tests.kg.training_home import make_training_home, measured

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def misled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose gold contradicts the shipped model; tests only read it, but for its kg.toml."""
    return make_training_home(tmp_path_factory.mktemp("misled"))


def test_a_refit_unlearns_what_misled_and_evaluate_agrees(misled_home: Path, tmp_path: Path) -> None:
    gold = str(misled_home / "gold.jsonl")
    out = misled_home / "models" / "ours.json"
    result = call(misled_home, "train", gold, "--out", str(out), "--json")
    found = answer(result)
    assert found["verdict"] == "better"
    assert (found["mentions"], found["nil"], found["documents"], found["left_out"]) == (150, 30, 30, 0)
    before, after = measured(found, "accuracy")
    assert before < 0.3 < 0.9 < after
    assert found["measures"]["accuracy"]["difference_interval"][0] > 0.0
    assert "[models]\nlinker = " in result.stderr

    shipped = answer(call(misled_home, "evaluate", gold, "--spans", "gold", "--json"))
    for name in ("accuracy", "in_catalog_accuracy", "link_precision", "link_recall", "brier", "ece"):
        assert measured(found, name)[0] == pytest.approx(shipped[name], abs=2e-4), name
    (misled_home / "kg.toml").write_text(CONFIG + 'linker = "models/ours.json"\n', encoding="utf-8")
    try:
        assert call(misled_home, "resolve").exit_code == 0
        refitted = answer(call(misled_home, "evaluate", gold, "--spans", "gold", "--json"))
        run = answer(call(misled_home, "runs", "--json"))[0]
    finally:
        (misled_home / "kg.toml").write_text(CONFIG, encoding="utf-8")
    assert refitted["accuracy"] > 0.9
    assert refitted["link_recall"] > 0.9
    model = LinkerModel.load(str(out))
    assert run["model_version"] == model.version == found["model_version"]
    assert model.fitted["prior"] == LinkerModel.load("default").version
    assert len(model.fitted["gold_sha256"]) == 64
    assert model.fitted["mentions"] == 150
    assert model.precision_curve[0][1] > 0.95
    assert model.threshold_for(0.95) < LinkerModel.load("default").threshold_for(0.999)


def test_the_same_gold_gives_the_same_bytes(misled_home: Path, tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        with kg.Home(load_config(misled_home / "kg.toml")) as home:
            kg.train(home, misled_home / "gold.jsonl", folds=3, seed=4).save(tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_labels_without_rule_change_nothing(tmp_path: Path) -> None:
    folder = make_training_home(tmp_path / "home", lambda drawn: drawn.choice(("big", "small")))
    out = tmp_path / "models" / "x.json"
    result = call(folder, "train", str(folder / "gold.jsonl"), "--out", str(out))
    assert result.exit_code == 1
    assert "not written: out of fold the refitted model is not better" in result.stderr
    assert "no difference" in result.stdout or "worse" in result.stdout
    assert not out.parent.exists() or not list(out.parent.iterdir())
    assert call(folder, "train", str(folder / "gold.jsonl"), "--out", str(out), "--force").exit_code == 0
    assert LinkerModel.load(str(out)).fitted["folds"] == 5


@pytest.mark.parametrize(
    ("kept", "problem"),
    [
        (lambda rows: rows[:80], "80 gold mentions, 16 of them NIL, in 16 documents"),
        (lambda rows: [row for row in rows if row["entity_id"]], "120 gold mentions, 0 of them NIL"),
        (lambda rows: [{**row, "doc_id": "elsewhere"} for row in rows], "0 gold mentions"),
    ],
)
def test_too_few_labels_are_refused(
    misled_home: Path, tmp_path: Path, kept: Callable[[Rows], Rows], problem: str
) -> None:
    rows = [json.loads(line) for line in (misled_home / "gold.jsonl").read_text().splitlines()]
    result = call(misled_home, "train", str(write_rows(tmp_path / "few.jsonl", kept(rows))))
    assert result.exit_code == 1
    assert problem in result.stderr
    assert "at least 100 are needed" in result.stderr
    assert result.stderr.count("\n") == 1


def test_gold_that_is_no_mention_of_the_home_is_used_all_the_same(tmp_path: Path) -> None:
    folder = make_training_home(tmp_path / "home")
    rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text().splitlines()]
    fewer = write_rows(folder / "fewer.jsonl", random.Random(1).sample(rows, 140))
    documents = str(folder / "documents.jsonl")
    assert call(folder, "ingest", "documents", documents, "--mentions", str(fewer)).exit_code == 0
    found = answer(call(folder, "train", str(folder / "gold.jsonl"), "--folds", "3", "--json"))
    assert (found["mentions"], found["unextracted"]) == (150, 10)


def test_more_folds_than_documents_are_refused(misled_home: Path) -> None:
    result = call(misled_home, "train", str(misled_home / "gold.jsonl"), "--folds", "31")
    assert result.exit_code == 1
    assert "between 3 and the 30 documents" in result.stderr
