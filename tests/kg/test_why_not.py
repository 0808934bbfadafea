"""kg why-not, by its public face."""

import json
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.config import load_config
from linkers.blocking import CHANNELS
from linkers.scoring.model import LinkerModel
from tests.kg.gold_home import answer, call, make_home, place


def asked(folder: Path, doc_id: str, surface: str, entity: str) -> dict[str, Any]:
    found: dict[str, Any] = answer(call(folder, "why-not", place(doc_id, surface), entity, "--json"))
    return found


def test_a_rival_is_shown_beside_the_winner(tmp_path: Path) -> None:
    folder = make_home(tmp_path)
    (tmp_path / "more.jsonl").write_text('{"id": "live", "name": "Homogenic (Live)", "type": "album"}\n')
    assert call(folder, "ingest", "catalog", str(tmp_path / "more.jsonl"), "--source", "more").exit_code == 0
    found = asked(folder, "d1", "Homogenic", "live")
    assert (found["entity_id"], found["name"]) == ("live", "Homogenic (Live)")
    mine, winner = found["candidate"], found["winner"]
    assert (mine["rank"], winner["rank"], winner["entity_id"]) == (2, 1, "homogenic")
    assert winner["score"] > mine["score"]
    assert winner["probability"] > mine["probability"]
    each = found["contributions"]
    assert sum(row["contribution"] for row in each) == pytest.approx(mine["score"] - winner["score"], abs=0.01)
    sizes = [abs(row["contribution"]) for row in each]
    assert sizes == sorted(sizes, reverse=True)
    model = LinkerModel.load("default")
    weights = dict(zip(model.feature_names, model.rank_weights, strict=True))
    for row in each:
        assert row["weight"] == pytest.approx(weights[row["feature"]], abs=1e-4)
        assert row["contribution"] == pytest.approx(row["weight"] * (row["value"] - row["winner"]), abs=0.01)
    assert "behind Homogenic (homogenic); most against it" in found["verdict"]
    assert "winner's" in call(folder, "why-not", place("d1", "Homogenic"), "live").stdout


def test_equals_are_told_apart_by_nothing(gold_home: Path) -> None:
    first, second = (asked(gold_home, "d2", "The Lanterns", twin) for twin in ("twin-a", "twin-b"))
    assert first["candidate"]["rank"] == 1
    assert "a link needs" in first["verdict"]
    assert "nothing tells the two apart" in second["verdict"]
    assert second["contributions"] == []
    doubts = first["doubts"]
    assert doubts == sorted(doubts, key=lambda row: (row["contribution"], row["feature"]))
    assert "(before any evidence)" in {row["feature"] for row in doubts}


def test_what_was_linked_is_said(gold_home: Path) -> None:
    found = asked(gold_home, "d1", "Homogenic", "homogenic")
    assert found["verdict"].endswith("it was linked")
    assert found["decision"]["decision"] == "link"


def test_what_no_channel_finds(gold_home: Path) -> None:
    found = asked(gold_home, "d2", "Zyqqwv Quorl", "bj2")
    assert found["entity_id"] == "bjork"
    assert found["verdict"] == "it was no candidate: no channel finds it by 'Zyqqwv Quorl'"
    assert [row["channel"] for row in found["channels"]] == list(CHANNELS)
    assert found["candidate"] is None
    shown = call(gold_home, "why-not", place("d2", "Zyqqwv Quorl"), "bjork").stdout
    assert "none of its names is equal" in shown


def test_the_budget_that_cut_it_is_named(tmp_path: Path) -> None:
    folder = make_home(tmp_path)
    crowd = [{"id": f"x{n:03}", "name": f"Homogenic {chr(97 + n // 26)}{chr(97 + n % 26)}q"} for n in range(120)]
    (tmp_path / "crowd.jsonl").write_text("".join(json.dumps(row) + "\n" for row in crowd))
    assert call(folder, "ingest", "catalog", str(tmp_path / "crowd.jsonl"), "--source", "crowd").exit_code == 0
    found = asked(folder, "d1", "Homogenic", "x119")
    assert found["candidate"] is None
    cuts = {row["channel"]: row["cuts"] for row in found["channels"] if row["found"]}
    assert cuts
    assert all(cut["needed"] > cut["value"] for each in cuts.values() for cut in each)
    assert all(each for each in cuts.values())
    assert "cut by the budget" in found["verdict"]


def test_mistakes_are_one_line(gold_home: Path) -> None:
    for mention, entity, phrase in (
        ("d1:1-2", "bjork", "nearest"),
        (place("d1", "Björk"), "Bjrok", "nearest: Bj"),
        (place("d1", "Björk"), json.loads(call(gold_home, "why", place("d3", "Zyqqwv Quorl"), "--json").stdout)
         ["decision"]["provisional_id"], "provisional entity is no candidate"),
    ):  # fmt: skip
        result = call(gold_home, "why-not", mention, entity)
        assert result.exit_code == 1
        assert phrase in result.stderr
        assert result.stderr.count("\n") == 1


def test_python_gets_the_same(gold_home: Path) -> None:
    with kg.Home(load_config(gold_home / "kg.toml")) as home:
        found = kg.why_not(home, place("d2", "The Lanterns"), "twin-b")
    assert found.verdict == asked(gold_home, "d2", "The Lanterns", "twin-b")["verdict"]
