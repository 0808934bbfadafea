"""The shipped demo data is sound: checked on the files themselves, without the readers."""

import csv
import json
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[2] / "kg" / "demo" / "data"
TYPES = frozenset(
    {
        "artist",
        "person",
        "label",
        "organization",
        "album",
        "track",
        "podcast",
        "episode",
        "place",
        "genre",
        "topic",
        "event",
    }
)
RELATION_ENDS: dict[str, tuple[str, str]] = {
    "PERFORMED_BY": ("album track", "artist"),
    "ON_ALBUM": ("track", "album"),
    "MEMBER_OF": ("person artist", "artist"),
    "HOSTS": ("person artist", "podcast"),
    "PART_OF": ("episode", "podcast"),
    "GUEST_ON": ("person artist", "episode"),
    "SIGNED_TO": ("artist", "label"),
    "RELEASED_BY": ("album track", "label"),
    "HAS_GENRE": ("artist album track podcast", "genre"),
    "ABOUT": ("episode podcast track album", " ".join(TYPES)),
    "PRODUCED_BY": ("album track", "person artist"),
    "WRITTEN_BY": ("track album", "person artist"),
    "FROM_PLACE": ("artist person", "place"),
    "COLLABORATED_WITH": ("artist", "artist"),
    "PERFORMED_AT": ("artist", "event place"),
    "PUBLISHED_BY": ("podcast", "organization"),
    "LOCATED_IN": ("place", "place"),
    "FOUNDED_BY": ("label organization", "person artist"),
    "COVER_OF": ("track", "track"),
    "INFLUENCED_BY": ("artist", "artist person"),
}


def json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def csv_rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


MUSIC = json_lines(DATA / "catalog-music.jsonl")
PODCASTS = csv_rows(DATA / "catalog-podcasts.csv")
RELATIONS = json_lines(DATA / "relations.jsonl")
GOLD = json_lines(DATA / "gold.jsonl")
TYPE_OF = {row["id"]: row["type"] for row in [*PODCASTS, *MUSIC]}


def document_ids() -> set[str]:
    ids: set[str] = set()
    for path in (DATA / "documents").iterdir():
        ids |= {row["id"] for row in json_lines(path)} if path.suffix == ".jsonl" else {path.stem}
    return ids


def test_catalog_holds_enough_things() -> None:
    duplicates = {row["id"] for row in PODCASTS if row["same_as"]}
    assert len(TYPE_OF.keys() - duplicates) >= 450
    assert len(RELATIONS) >= 600


@pytest.mark.parametrize("rows", [MUSIC, PODCASTS], ids=["music", "podcasts"])
def test_records_are_well_formed(rows: list[dict[str, Any]]) -> None:
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    for row in rows:
        assert row["type"] in TYPES
        assert row["id"].startswith(row["type"] + "/")
        assert row["name"] == row["name"].strip() != ""
        if row["popularity"] not in (None, ""):
            assert 0.0 <= float(row["popularity"]) <= 1.0


def test_sources_overlap_as_told() -> None:
    music = {row["id"]: row["type"] for row in MUSIC}
    shared = [row for row in PODCASTS if row["id"] in music]
    twins = [row for row in PODCASTS if row["same_as"]]
    assert len(shared) >= 50
    assert len(twins) >= 30
    assert all(music[row["id"]] == row["type"] for row in shared)
    assert all(music[row["same_as"]] == row["type"] and row["id"] not in music for row in twins)


def test_relations_join_existing_things_of_the_right_types() -> None:
    for row in RELATIONS:
        subjects, objects = RELATION_ENDS[row["relation"]]
        assert TYPE_OF[row["subject"]] in subjects.split(), row
        assert TYPE_OF[row["object"]] in objects.split(), row
    keys = [(row["subject"], row["relation"], row["object"]) for row in RELATIONS]
    assert len(keys) == len(set(keys))


def test_every_document_has_gold_and_the_reverse() -> None:
    assert {row["doc_id"] for row in GOLD} == document_ids()
    assert len(document_ids()) >= 18


def test_gold_names_things_of_the_catalog_or_unknown_ones() -> None:
    twins = {row["id"] for row in PODCASTS if row["same_as"]}
    for row in GOLD:
        if row["entity_id"] is None:
            assert row["cluster"], row
            assert row["type"] in TYPES, row
        else:
            assert row["type"] == TYPE_OF[row["entity_id"]], row
            assert row["entity_id"] not in twins, row
            assert "cluster" not in row, row


def test_gold_spans_do_not_overlap() -> None:
    spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in GOLD:
        assert row["end"] - row["start"] == len(row["surface"]) > 0, row
        spans[row["doc_id"]].append((row["start"], row["end"]))
    for of_document in spans.values():
        of_document.sort()
        assert all(left[1] <= right[0] for left, right in pairwise(of_document))


def test_gold_has_the_planned_cases() -> None:
    notes = [row for row in GOLD if row.get("note") == "ambiguous"]
    clusters: defaultdict[str, set[str]] = defaultdict(set)
    for row in GOLD:
        if row["entity_id"] is None:
            clusters[row["cluster"]].add(row["doc_id"])
    assert notes
    assert sum(len(documents) > 1 for documents in clusters.values()) >= 3
    assert sum(row["surface"] == "Nirvana" and row["entity_id"] == "artist/nirvana-uk" for row in GOLD) >= 2
