"""Which things stand twice, and where, is seen in the table: copies in a source, tables of pairs, few matches."""

import random

import numpy as np
import pytest

from linkers.records import resolve_table
from linkers.records.matching import one_to_one
from linkers.records.searching import Found
from tests.linkers.records.tables import WORDS, partition, table, tracks, two_sources

Rows = list[dict[str, str]]


def slipped(text: str, draw: random.Random) -> str:
    place = draw.randrange(1, len(text) - 1)
    return text[:place] + draw.choice("aeiou") + text[place + 1 :]


def copied(rows: Rows, times: int, seed: int = 3) -> Rows:
    """Return rows and so many copies of each with a slip in the title; ids end in a dot and the number of the copy."""
    draw = random.Random(seed)
    copies = [
        {**row, "record_id": f"{row['record_id']}.{time}", "title": slipped(row["title"], draw)}
        for row in rows
        for time in range(times)
    ]
    return rows + copies


def right_and_wrong(rows: Rows) -> tuple[float, float]:
    """Return precision and recall of pairs; those are one thing whose ids have one number before the dot."""
    found = partition(resolve_table(table(rows)).clusters)
    things: dict[str, set[str]] = {}
    for row in rows:
        things.setdefault(row["record_id"].strip("abcde").split(".")[0], set()).add(row["record_id"])

    def pairs(sets: list[set[str]]) -> set[frozenset[str]]:
        return {frozenset((one, other)) for members in sets for one in members for other in members if one < other}

    told, true = pairs([set(members) for members in found]), pairs(list(things.values()))
    return len(told & true) / max(len(told), 1), len(told & true) / max(len(true), 1)


def test_a_source_that_holds_things_several_times_is_not_forced_one_to_one() -> None:
    rows = two_sources(150, 100)
    rows = [row for row in rows if row["source"] == "a"] + copied([row for row in rows if row["source"] == "b"], 3)
    plan = resolve_table(table(rows)).plan
    assert {source.name: source.duplicate_free for source in plan.sources} == {"a": True, "b": False}
    assert plan.procedure == "clusters"
    assert all("second" in source.why for source in plan.sources)
    precision, recall = right_and_wrong(rows)
    assert precision > 0.9
    assert recall > 0.9


def test_a_table_with_duplicates_split_by_chance_is_not_two_sources_without() -> None:
    draw = random.Random(8)
    whole = copied([{"record_id": f"a{place}", **track} for place, track in enumerate(tracks(120))], 3)
    rows = [{**row, "source": draw.choice("xy")} for row in whole]
    plan = resolve_table(table(rows)).plan
    assert not any(source.duplicate_free for source in plan.sources)
    assert right_and_wrong(rows)[1] > 0.9


def test_few_matches_between_many_sources_bring_no_false_ones() -> None:
    every = tracks(300, seed=9)
    draw = random.Random(9)
    rows = [{"record_id": f"{'abcde'[place % 5]}{place}", "source": "abcde"[place % 5], **track}
            for place, track in enumerate(every)]  # fmt: skip
    rows += [{**row, "record_id": f"{'abcde'[(place + 1) % 5]}{place}", "source": "abcde"[(place + 1) % 5],
              "title": slipped(row["title"], draw)} for place, row in enumerate(rows[:60])]  # fmt: skip
    precision, recall = right_and_wrong(rows)
    assert precision > 0.9
    assert recall > 0.9


def series(count: int, seed: int = 4) -> Rows:
    """Return products of series, one shop after the other in one table: siblings differ in the number of the model."""
    draw = random.Random(seed)
    rows = []
    for place in range(count):
        if place % 3 == 0:
            kind = " ".join(draw.sample(WORDS, 4))
        model = f"{draw.choice('kxzqv')}{draw.randrange(100, 999)}{draw.choice('bdfgh')}"
        rows.append({"record_id": f"a{place}", "title": f"{kind} {model}", "price": str(draw.randrange(20, 900))})
        said = " ".join(draw.sample(kind.split(), 3))
        rows.append({"record_id": f"b{place}", "title": f"{model} {said}", "price": rows[-1]["price"]})
    return [{**row, "source": "only"} for row in rows]


def test_siblings_in_one_table_are_parted_by_their_rivals() -> None:
    assert resolve_table(table(series(150))).plan.procedure == "pairs"
    precision, recall = right_and_wrong(series(150))
    assert precision > 0.9
    assert recall > 0.9


def test_long_titles_alone_are_text_and_not_names() -> None:
    draw = random.Random(2)
    rows: Rows = []
    for place in range(150):
        words = draw.sample(WORDS, 7)
        rows.append({"record_id": f"a{place}", "source": "a", "title": " ".join(words)})
        rows.append({"record_id": f"b{place}", "source": "b", "title": " ".join(words[1:6])})
    assert resolve_table(table(rows)).plan.columns[0].kind == "text"
    precision, recall = right_and_wrong(rows)
    assert precision > 0.9
    assert recall > 0.9


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0.97, 1.0), (0.5, 0.3, 0.75)])
def test_pair_completeness_falls_where_half_of_the_cells_are_empty(share: float, least: float, most: float) -> None:
    draw = random.Random(6)
    rows = [
        {name: "" if name in ("title", "artist") and draw.random() < share else cell for name, cell in row.items()}
        for row in two_sources(300, 300)
    ]
    for row in rows:
        row["year"] = row["length"] = ""
    assert least <= resolve_table(table(rows)).report.pair_completeness <= most


def test_a_good_pair_is_not_given_up_for_two_bad_ones() -> None:
    left, right = np.asarray([0, 0, 1], np.int32), np.asarray([2, 3, 2], np.int32)
    chosen = one_to_one(Found(left, right, {}), np.asarray([6.0, -6.0, -6.0]), np.asarray([0, 0, 1, 1], np.int32))
    assert chosen[0]
    assert not chosen[2]
