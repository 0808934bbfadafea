from linkers.clustering.records import RecordSettings
from linkers.clustering.survivorship import canonical_entities, stated_values
from schemas.record import Record
from schemas.resolution import Resolution

RECORDS = [
    Record("b", "n", "Nirvana", "artist", ("Nirvana US",), "", None, {"year": "1987", "country": ""}),
    Record("a", "m", "NIRVANA", "", ("Nirvana",), "Trio", 0.5, {"country": "US", "year": "1988", "same_as": "n"}),
]
ONE = [Resolution(record.key, "n", 1.0, "id") for record in RECORDS]


def test_the_record_that_others_point_to_speaks_first_and_gaps_are_filled_by_others() -> None:
    (entity,) = canonical_entities(RECORDS, ONE)
    assert (entity.id, entity.name, entity.type) == ("n", "Nirvana", "artist")
    assert entity.aliases == ("NIRVANA", "Nirvana US")
    assert (entity.description, entity.popularity) == ("Trio", 0.5)
    assert dict(entity.properties) == {"country": "US", "year": "1987"}


def test_source_priority_speaks_before_all_whichever_record_gave_the_id() -> None:
    (entity,) = canonical_entities(RECORDS, ONE, RecordSettings(source_priority=("a",)))
    assert (entity.id, entity.name, dict(entity.properties)["year"]) == ("n", "NIRVANA", "1988")


def test_every_value_is_told_with_the_records_that_state_it() -> None:
    rows = {(row.field, row.value): (row.records, row.kept) for row in stated_values(RECORDS)}
    assert rows["name", "Nirvana"] == (("b:n",), True)
    assert rows["name", "NIRVANA"] == (("a:m",), False)
    assert rows["year", "1987"] == (("b:n",), True)
    assert rows["year", "1988"] == (("a:m",), False)
    assert rows["description", "Trio"] == (("a:m",), True)
    assert rows["alias", "NIRVANA"] == (("a:m",), True)
    assert ("alias", "Nirvana") not in rows
    assert not [field for field, _ in rows if field == "same_as"]


def test_what_is_kept_is_what_the_entity_has() -> None:
    (entity,) = canonical_entities(RECORDS, ONE)
    kept = {row.field: row.value for row in stated_values(RECORDS) if row.kept and row.field != "alias"}
    named = {"name": entity.name, "type": entity.type, "description": entity.description, "popularity": 0.5}
    assert kept == named | dict(entity.properties)
