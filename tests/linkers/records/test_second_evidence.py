import pyarrow as pa

from linkers.records.catalog_table import by_kind, catalog_table
from linkers.records.second_evidence import SecondEvidence
from schemas.ontology import AUDIO_ONTOLOGY
from schemas.record import PropertyValue, Record


def record(key: str, name: str, type: str = "artist", description: str = "", **properties: PropertyValue) -> Record:
    source, record_id = key.split(":")
    return Record(source, record_id, name, type, (), description, None, properties)


def speaks(left: str, right: str, *records: Record) -> bool:
    table = catalog_table(records, {}, ("isrc",))
    return bool(SecondEvidence(table).speaks_for([left], [right])[0])


def test_an_equal_name_alone_is_no_second_evidence() -> None:
    records = [record("a:1", "Nirvana"), record("b:1", "Nirvana")]
    assert not speaks("a:1", "b:1", *records)
    assert not speaks("a:1", "b:1", record("a:1", "John Williams"), record("b:1", "John Williams"))


def test_the_name_that_stands_in_a_description_is_no_second_evidence() -> None:
    records = [record("a:1", "Nirvana", description="Nirvana"), record("b:1", "Nirvana", description="nirvana!")]
    assert not speaks("a:1", "b:1", *records)


def test_a_value_that_few_share_is_one_and_a_common_one_is_not() -> None:
    others = [record(f"a:{n}", f"Act {n}", country="US") for n in range(10, 60)]
    same_year = [record("a:1", "Nirvana", year="1987"), record("b:1", "Nirvana", founded="1987")]
    assert speaks("a:1", "b:1", *same_year, *others)
    same_country = [record("a:1", "Nirvana", country="US"), record("b:1", "Nirvana", country="US")]
    assert not speaks("a:1", "b:1", *same_country, *others)


def test_a_word_of_one_name_in_another_column_of_the_other_record_is_one() -> None:
    records = [record("a:1", "Nirvana - Polly", "track"), record("b:1", "Polly", "track", artist="Nirvana")]
    assert speaks("a:1", "b:1", *records)


def test_a_long_name_speaks_for_itself() -> None:
    name = "Everything I Do Sounds Fine"
    assert speaks("a:1", "b:1", record("a:1", name), record("b:1", name))


def test_records_are_compared_within_their_kind_and_untyped_ones_with_all() -> None:
    records = [record("a:1", "X"), record("a:2", "X", "person"), record("a:3", "X", "album"), record("a:4", "X", "")]
    kinds = by_kind(records, AUDIO_ONTOLOGY)
    assert {kind: [r.record_id for r in members] for kind, members in kinds.items()} == {
        "": ["1", "2", "3", "4"],
        "agent": ["1", "2"],
        "album": ["3"],
    }
    assert "" not in by_kind(records[:3], AUDIO_ONTOLOGY)


def test_a_table_holds_what_is_compared_and_no_hard_evidence() -> None:
    first = record("a:1", "X", isrc="US1", same_as="x", name2="y", live=True, tags=("p", "q"), source="s")
    table = catalog_table([first], {"a:1": {"PERFORMED_BY": ["Björk", "Ane"]}}, ("isrc",))
    assert isinstance(table, pa.Table)
    row = table.to_pylist()[0]
    assert row == {
        "record_id": "a:1",
        "source": "a",
        "name": "X",
        "live": "True",
        "name2": "y",
        "property source": "s",
        "relation PERFORMED_BY": "Ane | Björk",
        "tags": "p | q",
    }
