"""Records of several sources in a home: compared, kept near what changes, one by one as all at once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from kg.demo.run import DATA
from kg.evaluate_records import evaluate_records
from kg.home import Home
from kg.ingest import CatalogInput, ingest_catalog
from kg.pair_decisions import PairOptions
from kg.record_plans import read_plans, record_plans, write_plans
from kg.resolve import ResolveOptions, resolve
from kg.review import review
from kg.undo import undo
from schemas.errors import ConfigError
from schemas.resolution import Resolution
from tests.kg.record_home import config, entities, exported, take
from tests.kg.record_population import population

RECORDS_ONLY = ResolveOptions(mentions=False)
THINGS = 150


def pairs_of(entity_of: Mapping[str, str]) -> set[tuple[str, str]]:
    members: dict[str, list[str]] = {}
    for key, entity in sorted(entity_of.items()):
        members.setdefault(entity, []).append(key)
    return {pair for keys in members.values() for pair in combinations(keys, 2)}


def f1(found: set[tuple[str, str]], truth: set[tuple[str, str]]) -> float:
    return 2 * len(found & truth) / (len(found) + len(truth))


def entity_of(home: Home) -> dict[str, str]:
    return {key: row.entity_id for key, row in home.mentions.resolutions().items()}


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The entity of each record when all were resolved at once."""
    folder = tmp_path_factory.mktemp("at-once")
    one, two, _ = population(THINGS, seed=1)
    with Home(config(folder)) as home:
        take(home, folder / "files", "one", one)
        take(home, folder / "files", "two", two)
        resolve(home, RECORDS_ONLY)
        return entity_of(home)


def test_what_is_one_thing_is_found_without_labels(at_once: dict[str, str]) -> None:
    truth = pairs_of(population(THINGS, seed=1)[2])
    found = pairs_of(at_once)
    assert len(found & truth) / len(found) >= 0.97
    assert f1(found, truth) >= 0.9


def test_portions_end_near_what_all_at_once_gives_and_ids_stay(at_once: dict[str, str], tmp_path: Path) -> None:
    one, two, truth = population(THINGS, seed=1)
    ids: dict[str, str] = {}
    with Home(config(tmp_path)) as home:
        for portion in range(1, 6):
            take(home, tmp_path / "files", "one", one[: portion * len(one) // 5])
            take(home, tmp_path / "files", "two", two[: portion * len(two) // 5])
            resolve(home, RECORDS_ONLY)
            now = entity_of(home)
            kept = sum(now[key] == entity for key, entity in ids.items())
            assert kept >= 0.95 * len(ids)
            ids = now
    assert f1(pairs_of(ids), pairs_of(at_once)) >= 0.95
    assert f1(pairs_of(ids), pairs_of(truth)) >= 0.88


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    one, two, _ = population(THINGS, seed=2)
    with Home(config(tmp_path)) as opened:
        take(opened, tmp_path / "files", "one", one)
        take(opened, tmp_path / "files", "two", two[1:])
        resolve(opened, RECORDS_ONLY)
        yield opened


def changed(before: Mapping[str, Resolution], after: Mapping[str, Resolution]) -> set[str]:
    return {key for key, row in after.items() if before.get(key) != row}


def test_a_new_record_touches_its_neighbourhood_alone(home: Home, tmp_path: Path) -> None:
    _, two, truth = population(THINGS, seed=2)
    before, pairs = home.mentions.resolutions(), home.mentions.pairs().drop_columns(["features"]).to_pylist()
    take(home, tmp_path / "files", "two", two)
    summary = resolve(home, RECORDS_ONLY)
    new = f"two:{two[0]['id']}"
    partner = next((key for key, thing in truth.items() if thing == truth[new] and key != new), "")
    touched = changed(before, home.mentions.resolutions())
    assert new in touched
    near = {key for key, row in before.items() if row.entity_id == before[partner].entity_id}
    assert touched <= near | {new}
    assert 1 <= summary.records_compared <= 6
    now = home.mentions.pairs().drop_columns(["features"]).to_pylist()
    assert [row for row in now if new not in (row["left_key"], row["right_key"])] == pairs


def test_a_withdrawn_record_leaves_and_the_rest_stays_as_it_is(home: Home, tmp_path: Path) -> None:
    one, _, _ = population(THINGS, seed=2)
    shared = next(keys for keys in entities(home).values() if len(keys) == 2)
    gone = next(key for key in shared if key.startswith("one:"))
    before = home.mentions.resolutions()
    take(home, tmp_path / "files", "one", [row for row in one if f"one:{row['id']}" != gone])
    resolve(home, RECORDS_ONLY)
    after = home.mentions.resolutions()
    assert gone not in after
    assert changed(before, after) <= shared
    (left,) = shared - {gone}
    assert after[left].entity_id == before[gone].entity_id


def test_a_second_resolve_has_nothing_to_do_and_a_refit_keeps_the_ids(home: Home) -> None:
    assert resolve(home, RECORDS_ONLY).run_id == ""
    before = entity_of(home)
    summary = resolve(home, replace(RECORDS_ONLY, pairs=PairOptions(refit=True)))
    assert summary.records_compared == len(before)
    assert entity_of(home) == before


def test_undo_of_a_resolve_gives_the_bytes_of_before_and_the_next_one_decides_again(tmp_path: Path) -> None:
    one, two, _ = population(60, seed=3)
    with Home(config(tmp_path)) as home:
        take(home, tmp_path / "files", "one", one)
        take(home, tmp_path / "files", "two", two)
        before = exported(home)
        first = resolve(home, RECORDS_ONLY)
        after = entity_of(home)
        assert any(len(keys) == 2 for keys in entities(home).values())
        undo(home, first.run_id)
        assert exported(home) == before
        assert resolve(home, RECORDS_ONLY).run_id not in ("", first.run_id)
        assert entity_of(home) == after


def test_verdicts_hold_through_refits(home: Home) -> None:
    shared = sorted(next(keys for keys in entities(home).values() if len(keys) == 2))
    review(home, [(shared[0], shared[1], "cannot-link"), ("one:a1", "one:a2", "must-link")])
    resolve(home, replace(RECORDS_ONLY, pairs=PairOptions(refit=True)))
    now = entity_of(home)
    assert now[shared[0]] != now[shared[1]]
    assert now["one:a1"] == now["one:a2"]


def test_decisions_about_pairs_are_rows_with_run_model_features_and_evidence(home: Home) -> None:
    rows = home.mentions.pairs().to_pylist()
    assert Counter(row["decision"] for row in rows)["join"] > 0
    resolve_run = next(run for run in home.mentions.runs() if run.kind == "resolve")
    for row in rows:
        assert row["run_id"] == resolve_run.run_id
        assert row["decided_by"].startswith("pairs-")
        assert row["features"]
        assert row["evidence"]
    tied = [row for row in home.mentions.resolutions().values() if row.decided_by.startswith("pairs-")]
    assert all(0.5 <= row.probability <= 1.0 for row in tied)


def test_a_plan_can_be_read_edited_and_given_back(home: Home, tmp_path: Path) -> None:
    plans = record_plans(home)
    path = tmp_path / "plan.toml"
    write_plans(plans, path)
    assert read_plans(path) == plans
    given = read_plans(path)
    assert resolve(home, replace(RECORDS_ONLY, pairs=PairOptions(given))).records_compared == 0
    path.write_text("procedure = 1", encoding="utf-8")
    with pytest.raises(ConfigError, match="names no kind"):
        read_plans(path)


def test_the_records_of_the_demo_are_right(tmp_path: Path) -> None:
    with Home(config(tmp_path)) as home:
        ingest_catalog(home, CatalogInput([str(DATA / "catalog-music.jsonl")], (), "discography"))
        relations = [str(DATA / "relations.jsonl")]
        ingest_catalog(home, CatalogInput([str(DATA / "catalog-podcasts.csv")], relations, "directory"))
        resolve(home, RECORDS_ONLY)
        found = evaluate_records(home, DATA / "record-gold.csv")
    assert (found.true_pairs, found.quality()["pairwise_f1"], found.quality()["cluster_f1"]) == (86, 1.0, 1.0)


def test_names_alone_join_no_homonyms_of_the_demo(tmp_path: Path) -> None:
    """Without shared ids and same_as, and with names alone, nothing that is not one thing is joined."""
    import csv
    import json

    lines = (DATA / "catalog-music.jsonl").read_text(encoding="utf-8").splitlines()
    music = [{name: row[name] for name in ("id", "name", "type")} for row in map(json.loads, lines)]
    with (DATA / "catalog-podcasts.csv").open(encoding="utf-8", newline="") as file:
        shows = [{"id": f"x/{r['id']}", "name": r["name"], "type": r["type"]} for r in csv.DictReader(file)]
    with Home(config(tmp_path)) as home:
        take(home, tmp_path / "files", "discography", music)
        take(home, tmp_path / "files", "directory", shows)
        resolve(home, RECORDS_ONLY)
        joined = [keys for keys in entities(home).values() if len(keys) > 1]
        named = {record.key: record.name for record in home.mentions.records()}
    assert not [keys for keys in joined if any(len(named[key].split()) < 3 for key in keys)]
