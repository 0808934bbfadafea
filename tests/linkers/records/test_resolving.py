"""What resolving a table promises, whatever is in it."""

import random

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkers.records import CLUSTERS, PAIRS, PairModel, Plan, profile, resolve_table
from schemas.errors import ConfigError, ModelError
from tests.linkers.records.tables import WORDS, partition, table, two_sources

ROWS = two_sources(150, 100)


def pairs(*rows: tuple[str, str]) -> pa.Table:
    return pa.table({"left_id": [left for left, _ in rows], "right_id": [right for _, right in rows]})


def test_overlapping_sources_are_joined_record_by_record() -> None:
    found = resolve_table(table(ROWS))
    right = sum(frozenset((f"a{number}", f"b{number}")) in partition(found.clusters) for number in range(100))
    assert found.plan.procedure == "one-per-source"
    assert right >= 97
    assert found.report.clusters <= 205
    assert found.clusters.schema == CLUSTERS
    assert found.pairs.schema == PAIRS


def test_the_order_of_rows_does_not_matter() -> None:
    mixed = list(ROWS)
    random.Random(1).shuffle(mixed)
    one, other = resolve_table(table(ROWS)), resolve_table(table(mixed))
    assert one.clusters.equals(other.clusters)
    assert one.pairs.equals(other.pairs)
    assert one.plan == other.plan


def test_a_cluster_has_one_record_of_a_source_without_duplicates() -> None:
    found = resolve_table(table(ROWS))
    for members in partition(found.clusters):
        sources = [record_id[0] for record_id in members]
        assert len(sources) == len(set(sources))


def test_what_people_say_wins() -> None:
    said = resolve_table(table(ROWS), must_link=pairs(("a5", "b160")), cannot_link=pairs(("a7", "b7")))
    together = {record_id: members for members in partition(said.clusters) for record_id in members}
    assert "b7" not in together["a7"]
    # one source has no duplicates, so b5 cannot be where b120 was put
    assert together["a5"] == {"a5", "b160"}
    decided = {(row["left_id"], row["right_id"]): row["probability"] for row in said.pairs.to_pylist()}
    assert decided.get(("a7", "b7"), 0.0) == 0.0


def test_a_cannot_link_wins_over_a_must_link() -> None:
    found = resolve_table(table(ROWS), must_link=pairs(("a1", "b1")), cannot_link=pairs(("b1", "a1")))
    assert frozenset(("a1", "b1")) not in partition(found.clusters)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=8))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_cannot_links_are_never_broken(apart: list[tuple[int, int]]) -> None:
    said = pairs(*((f"a{left}", f"b{right}") for left, right in apart)) if apart else None
    found = resolve_table(table(ROWS), cannot_link=said)
    together = {record_id: members for members in partition(found.clusters) for record_id in members}
    assert all(f"b{right}" not in together[f"a{left}"] for left, right in apart)


CELLS = st.fixed_dictionaries(
    {"name": st.text(max_size=12), "kind": st.sampled_from(["", "x", "1"]), "year": st.text("0123456789", max_size=4)}
)


@given(st.lists(CELLS, max_size=12))
@settings(max_examples=25, deadline=None)
def test_any_table_gives_a_partition(rows: list[dict[str, str]]) -> None:
    schema = pa.schema([(name, pa.string()) for name in ("record_id", "source", "name", "kind", "year")])
    named = [{"record_id": str(place), "source": str(place % 2), **row} for place, row in enumerate(rows)]
    found = resolve_table(pa.Table.from_pylist(named, schema))
    assert sorted(found.clusters["record_id"].to_pylist()) == sorted(row["record_id"] for row in named)


def test_records_of_one_source_may_be_one_thing() -> None:
    rows = [{**row, "source": "only"} for row in ROWS]
    found = resolve_table(table(rows))
    right = sum(frozenset((f"a{number}", f"b{number}")) in partition(found.clusters) for number in range(100))
    assert found.plan.procedure == "pairs"
    assert right >= 90


def test_identifiers_join_and_part() -> None:
    rows = [{**row, "isrc": ""} for row in ROWS]
    codes = {"a3": "GBAYE0000001", "b170": "GB-AYE-00-00001", "a4": "GBAYE0000002", "b4": "GBAYE0000003"}
    for row in rows:
        row["isrc"] = codes.get(row["record_id"], "")
    found = resolve_table(table(rows))
    together = {record_id: members for members in partition(found.clusters) for record_id in members}
    assert "b170" in together["a3"]
    assert "b4" not in together["a4"]


ALBUM = '[[column]]\nname = "album"\nkind = "title"\ncomparator = "words"'

NAMES = (
    ("Prince", "Prince Royce"),
    ("Episode 12", "Episode 21"),
    ("The Long Night Part I", "The Long Night Part II"),
    ("Blue Lantern (live)", "Blue Lantern (remastered)"),
    ("Blue Lantern", "Blue Lantern (live)"),
    ("Marta Quill", "Martin Quill"),
)


def test_names_alone_fall_into_no_trap() -> None:
    names = [name for pair in NAMES for name in pair] + ["Velvet Lanterns", "The Velvet Lantern s", "velvet lanterns"]
    names += [f"{one} {other}" for one, other in zip(WORDS, WORDS[7:], strict=False)]
    rows = [{"record_id": f"{place:03}", "source": "s", "name": name} for place, name in enumerate(names)]
    called = {row["record_id"]: row["name"] for row in rows}
    together = [
        {called[record_id] for record_id in members} for members in partition(resolve_table(table(rows)).clusters)
    ]
    for left, right in NAMES:
        assert not any({left, right} <= members for members in together), (left, right)
    assert any({"Velvet Lanterns", "velvet lanterns"} <= members for members in together)


def test_a_fitted_model_can_be_used_again() -> None:
    first = resolve_table(table(ROWS))
    again = resolve_table(table(ROWS), plan=first.plan, model=PairModel.from_json(first.model.to_json()))
    assert again.clusters.equals(first.clusters)
    other = [{key: value for key, value in row.items() if key != "year"} for row in ROWS]
    with pytest.raises(ModelError, match="year"):
        resolve_table(table(other), model=first.model)


def test_the_plan_says_what_columns_hold_and_comes_back_from_toml() -> None:
    plan = profile(table(ROWS))
    assert {column.name: column.kind for column in plan.columns} == {
        "title": "title", "artist": "person", "year": "date", "length": "number",
    }  # fmt: skip
    assert all(column.why for column in plan.columns)
    assert Plan.from_toml(plan.to_toml()) == plan


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[column]]\nname = 1", "name"),
        ('[[column]]\nname = "title"\nkind = "colour"\ncomparator = "words"', "colour"),
        ('[[column]]\nname = "title"\nkind = "title"\ncomparator = "difference"', "words"),
        ('procedure = "x"\n[[column]]\nname = "t"\nkind = "title"\ncomparator = "words"', "one-per-source"),
        ("procedure =", "TOML"),
        ("", "names no column"),
    ],
)
def test_a_wrong_plan_is_named(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Plan.from_toml(text)


def test_a_table_without_ids_or_with_an_id_twice_is_named() -> None:
    with pytest.raises(ConfigError, match="record_id"):
        resolve_table(pa.table({"source": ["a"]}))
    with pytest.raises(ConfigError, match="twice"):
        resolve_table(pa.table({"record_id": ["1", "1"], "source": ["a", "b"], "name": ["x", "y"]}))
    with pytest.raises(ConfigError, match="album"):
        resolve_table(
            table(ROWS), plan=Plan.from_toml('[[column]]\nname = "album"\nkind = "title"\ncomparator = "words"')
        )
