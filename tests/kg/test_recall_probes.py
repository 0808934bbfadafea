"""Names with slips that are sought in the index."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kg.config import load_config
from kg.home import Home
from kg.recall_probes import probes_of, recall_probes


@pytest.fixture
def home(gold_home: Path, tmp_path: Path) -> Home:
    return Home(load_config(Path(shutil.copytree(gold_home, tmp_path / "copy")) / "kg.toml"))


def test_slips_of_names_find_their_entities(home: Home) -> None:
    with home:
        probes = probes_of(home.index, 200)
        names = set(home.index.alias_texts.to_pylist())
        assert set(probes["gold_id"]) <= set(home.index.entity_ids.to_pylist())
        assert not names >= set(probes["surface"])
        found = recall_probes(home)
    assert found["asked"] == probes.height > 3
    assert found["found_1"] <= found["found_10"] <= found["asked"]
    assert found["found_10"] > found["asked"] / 2


def test_an_index_is_asked_once_and_the_same_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with home:
        found = recall_probes(home)
        again = probes_of(home.index, 200)
        assert probes_of(home.index, 200).equals(again)
        monkeypatch.setattr("kg.recall_probes.probes_of", lambda *_: pytest.fail("asked twice"))
        assert recall_probes(home) == found


def test_none_are_asked_where_none_are_wanted(home: Home) -> None:
    resolve = replace(home.config.resolve, recall_probes=0)
    with Home(replace(home.config, resolve=resolve)) as without:
        assert recall_probes(without) == {}
