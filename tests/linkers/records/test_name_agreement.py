import pytest

from linkers.records.catalog_table import catalog_table
from linkers.records.name_agreement import NameAgreement
from linkers.records.namesakes import hold_nothing_twice, twins
from schemas.record import PropertyValue, Record


def record(key: str, name: str, *aliases: str, **properties: PropertyValue) -> Record:
    source, record_id = key.split(":")
    return Record(source, record_id, name, "track", aliases, "", None, properties)


def agree(left: Record, right: Record) -> bool:
    table = catalog_table([left, right], {}, ())
    return bool(NameAgreement(table).agree([left.key], [right.key])[0])


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (record("a:1", "Sigur Rós"), record("b:1", "Sigur Ros")),
        (record("a:1", "Queen of Soul", "Aretha Franklin"), record("b:1", "Aretha Franklin")),
        (record("a:1", "Nirvana - Polly"), record("b:1", "Polly", artist="Nirvana")),
        (record("a:1", "007 Ballade of the Sea"), record("b:1", "Ballade of the Sea", number="7")),
        (record("a:1", "The Marlowe Quartet"), record("b:1", "The Marolwe Quartet")),
    ],
)
def test_writings_of_one_name_agree(left: Record, right: Record) -> None:
    assert agree(left, right)
    assert agree(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (record("a:1", "Prince"), record("b:1", "Prince Royce")),
        (record("a:1", "Episode 12", show="x"), record("b:1", "Episode 21", show="x")),
        (record("a:1", "Another Brick in the Wall 1"), record("b:1", "Another Brick in the Wall 2")),
        (record("a:1", "Come As You Are", artist="Nirvana"), record("b:1", "Lithium", artist="Nirvana")),
        (record("a:1", "Leeds", part_of="England"), record("b:1", "England", holds="Leeds")),
    ],
)
def test_names_that_differ_do_not_agree_whatever_else_is_alike(left: Record, right: Record) -> None:
    assert not agree(left, right)
    assert not agree(right, left)


def test_namesakes_are_no_twins_and_records_that_share_more_than_a_name_are() -> None:
    namesakes = [record(f"a:{n}", f"Song {n % 20} of the Day", artist=f"Band{n}") for n in range(40)]
    assert twins(catalog_table(namesakes, {}, ())) == {"a": 0.0}
    copies = [record(f"b:{n}", f"Song {n % 20} of the Day", artist=f"Band{n % 20}") for n in range(40)]
    table = catalog_table([*namesakes, *copies], {}, ())
    assert twins(table)["b"] == 1.0
    assert not hold_nothing_twice(table)
    assert hold_nothing_twice(catalog_table(namesakes, {}, ()))
