from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from linkers.clustering.records import RecordSettings, canonical_entities, cluster_records, resolve_records
from schemas.record import PropertyValue, Record


def record(
    source: str, record_id: str, name: str = "Nirvana", type: str = "artist", **properties: PropertyValue
) -> Record:
    return Record(source=source, record_id=record_id, name=name, type=type, properties=properties)


def clusters(records: Sequence[Record], settings: RecordSettings | None = None) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for resolution in resolve_records(records, settings):
        found.setdefault(resolution.entity_id, set()).add(resolution.record_key)
    return {frozenset(keys) for keys in found.values()}


def test_same_id_in_two_sources_is_one_entity() -> None:
    resolutions = resolve_records([record("b", "n1"), record("a", "n1"), record("a", "n2")])
    assert [(r.record_key, r.entity_id, r.decided_by) for r in resolutions] == [
        ("a:n1", "n1", "id"),
        ("a:n2", "n2", "id"),
        ("b:n1", "n1", "id"),
    ]
    assert all(r.probability == 1.0 and r.run_id == "" for r in resolutions)


def test_equal_names_alone_join_nothing() -> None:
    assert len(clusters([record("a", "us"), record("a", "uk"), record("b", "other")])) == 3


def test_same_as_joins_by_bare_id_and_by_key_and_the_pointed_to_is_canonical() -> None:
    records = [record("a", "x1", same_as="z1"), record("z", "z1"), record("m", "m1", same_as="z:z1")]
    resolutions = {r.record_key: r for r in resolve_records(records)}
    assert {r.entity_id for r in resolutions.values()} == {"z1"}
    assert resolutions["a:x1"].decided_by == "same_as"
    assert resolutions["z:z1"].decided_by == "id"


def test_same_as_that_leads_nowhere_waits() -> None:
    assert resolve_records([record("a", "x1", same_as="absent")])[0].entity_id == "x1"


def test_strong_identifiers_join_however_they_are_written() -> None:
    records = [
        record("a", "1x", wikidata="Q11649"),
        record("b", "2x", wikidata="http://www.wikidata.org/entity/q11649"),
        record("c", "3x", mbid="5b11f4ce-a62d-471e-81fc-a69a8278c7da"),
        record("d", "4x", musicbrainz="5B11F4CEA62D471E81FCA69A8278C7DA"),
        record("e", "5x", upc="075678164125", type="album"),
        record("f", "6x", ean="0075678164125", type="album"),
    ]
    assert clusters(records) == {
        frozenset({"a:1x", "b:2x"}),
        frozenset({"c:3x", "d:4x"}),
        frozenset({"e:5x", "f:6x"}),
    }


def test_values_that_identify_nothing_join_nothing() -> None:
    records = [record("a", "1x", isrc="unknown"), record("b", "2x", isrc="unknown"), record("c", "3x", isrc="")]
    assert len(clusters(records)) == 3


def test_contradicting_identifiers_are_refused_and_reported() -> None:
    records = [record("a", "n", wikidata="Q1"), record("b", "n", wikidata="Q2")]
    found = cluster_records(records)
    assert len({r.entity_id for r in found.resolutions}) == 2
    assert [(r.join.evidence, r.conflict) for r in found.refused] == [("id", "wikidata")]


def test_a_chain_cannot_bring_contradictions_together() -> None:
    records = [
        record("a", "one", wikidata="Q1", isni="0001"),
        record("b", "two", isni="0001", musicbrainz="m5"),
        record("c", "three", musicbrainz="m5", wikidata="Q2"),
    ]
    found = cluster_records(records)
    joined = {r.record_key: r.entity_id for r in found.resolutions}
    assert joined["a:one"] != joined["c:three"]
    assert len(found.refused) == 1


def test_ids_of_two_sources_that_number_their_rows_do_not_join_a_track_with_an_album() -> None:
    found = cluster_records([record("a", "1", type="track"), record("b", "1", type="album")])
    assert {r.entity_id for r in found.resolutions} == {"1", "b:1"}
    assert found.refused[0].conflict == "type"


def test_source_priority_chooses_the_canonical_record() -> None:
    records = [record("a", "x", wikidata="Q1"), record("best", "y", wikidata="Q1")]
    resolutions = resolve_records(records, RecordSettings(source_priority=("best",)))
    assert {r.entity_id for r in resolutions} == {"y"}


def test_what_survives() -> None:
    records = [
        Record("b", "n", "Nirvana", "artist", ("Nirvana US",), "", None, {"year": "1987", "country": ""}),
        Record("a", "m", "NIRVANA", "", ("Nirvana",), "Trio", 0.5, {"country": "US", "same_as": "n"}),
    ]
    (entity,) = canonical_entities(records, resolve_records(records))
    assert (entity.id, entity.name, entity.type) == ("n", "Nirvana", "artist")
    assert entity.aliases == ("NIRVANA", "Nirvana US")
    assert (entity.description, entity.popularity) == ("Trio", 0.5)
    assert dict(entity.properties) == {"country": "US", "year": "1987"}


values = st.sampled_from(["Q1", "Q2", "Q3", ""])
some_records = st.lists(
    st.builds(
        lambda source, number, wikidata, isni, same: record(
            source, f"r{number}", wikidata=wikidata, isni=isni, same_as=same
        ),
        st.sampled_from("abc"),
        st.integers(0, 4),
        values,
        values,
        st.sampled_from(["", "r0", "r1", "a:r2"]),
    ),
    unique_by=lambda r: r.key,
    max_size=10,
)


@given(some_records, st.randoms())
def test_resolution_is_a_function_of_the_set_of_records(records: list[Record], shuffler: object) -> None:
    shuffled = list(records)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    assert resolve_records(shuffled) == resolve_records(records)


@given(some_records)
def test_no_entity_holds_records_that_all_contradict(records: list[Record]) -> None:
    resolutions = resolve_records(records)
    assert sorted(r.record_key for r in resolutions) == sorted(r.key for r in records)
    by_key = {r.key: r for r in records}
    members: dict[str, set[str]] = {}
    for resolution in resolutions:
        value = str(by_key[resolution.record_key].properties["wikidata"])
        members.setdefault(resolution.entity_id, set()).update({value} - {""})
    assert all(len(values) <= 1 for values in members.values())
