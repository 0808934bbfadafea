from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from linkers.clustering.record_evidence import Join
from linkers.clustering.records import RecordSettings, Statement, cluster_records
from schemas.record import PropertyValue, Record


def record(
    source: str, record_id: str, name: str = "Nirvana", type: str = "artist", **properties: PropertyValue
) -> Record:
    return Record(source=source, record_id=record_id, name=name, type=type, properties=properties)


def clusters(
    records: Sequence[Record],
    settings: RecordSettings | None = None,
    *,
    decided: Sequence[Join] = (),
    said: Sequence[Statement] = (),
) -> set[frozenset[str]]:
    found = cluster_records(records, settings, decided=decided, said=said)
    return {frozenset(cluster.members) for cluster in found.clusters}


def test_same_id_in_two_sources_is_one_entity() -> None:
    records = [record("b", "n1"), record("a", "n1"), record("a", "n2")]
    assert clusters(records) == {frozenset({"a:n1", "b:n1"}), frozenset({"a:n2"})}
    assert cluster_records(records).clusters[0].ties("a:n1") == {"a:n1": ("id", 1.0), "b:n1": ("id", 1.0)}


def test_equal_names_alone_join_nothing() -> None:
    assert len(clusters([record("a", "us"), record("a", "uk"), record("b", "other")])) == 3


def test_same_as_joins_by_bare_id_and_by_key() -> None:
    records = [record("a", "x1", same_as="z1"), record("z", "z1"), record("m", "m1", same_as="z:z1")]
    (cluster,) = cluster_records(records).clusters
    assert cluster.ties("z:z1")["a:x1"] == ("same_as", 1.0)


def test_same_as_that_leads_nowhere_waits() -> None:
    assert clusters([record("a", "x1", same_as="absent")]) == {frozenset({"a:x1"})}


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
    assert len(found.clusters) == 2
    assert [(r.join.evidence, r.conflict) for r in found.refused] == [("id", "wikidata")]


def test_a_chain_cannot_bring_contradictions_together() -> None:
    records = [
        record("a", "one", wikidata="Q1", isni="0001"),
        record("b", "two", isni="0001", musicbrainz="m5"),
        record("c", "three", musicbrainz="m5", wikidata="Q2"),
    ]
    found = cluster_records(records)
    assert len(found.clusters) == 2
    assert len(found.refused) == 1


def test_ids_of_two_sources_that_number_their_rows_do_not_join_a_track_with_an_album() -> None:
    found = cluster_records([record("a", "1", type="track"), record("b", "1", type="album")])
    assert len(found.clusters) == 2
    assert found.refused[0].conflict == "type"


def test_what_was_decided_joins_the_most_probable_first_and_never_against_identifiers() -> None:
    records = [record("a", "1x", wikidata="Q1"), record("b", "2x"), record("c", "3x", wikidata="Q2")]
    decided = [Join("a:1x", "b:2x", "model", 0.7), Join("b:2x", "c:3x", "model", 0.9)]
    assert clusters(records, decided=decided) == {frozenset({"a:1x"}), frozenset({"b:2x", "c:3x"})}
    album = [record("a", "1x", type="album"), record("b", "2x", type="track")]
    assert len(clusters(album, decided=decided)) == 2


def test_the_probability_of_a_record_is_that_of_the_weakest_join_on_its_way() -> None:
    records = [record("a", "1x"), record("b", "2x"), record("c", "3x"), record("d", "gone")]
    decided = [
        Join("a:1x", "b:2x", "model", 0.8),
        Join("b:2x", "c:3x", "model", 0.9),
        Join("d:none", "e:none", "m", 1.0),
    ]
    (cluster, _) = cluster_records(records, decided=decided).clusters
    assert cluster.ties("a:1x")["c:3x"] == ("model", 0.8)
    assert cluster.ties("c:3x")["a:1x"] == ("model", 0.8)
    assert cluster.ties("c:3x")["b:2x"] == ("model", 0.9)


def test_people_win_over_ids_identifiers_and_models() -> None:
    same_id = [record("a", "n"), record("b", "n")]
    assert len(clusters(same_id, said=[Statement("a:n", "b:n", "cannot-link", 1)])) == 2
    parted = [record("a", "1x", wikidata="Q1"), record("b", "2x", wikidata="Q2", type="album")]
    assert len(clusters(parted, said=[Statement("a:1x", "b:2x", "must-link", 1)])) == 1


def test_cannot_link_holds_for_whole_clusters() -> None:
    records = [record("a", "1x"), record("b", "2x"), record("c", "3x")]
    decided = [Join("a:1x", "b:2x", "model", 0.9), Join("b:2x", "c:3x", "model", 0.8)]
    said = [Statement("a:1x", "c:3x", "cannot-link", 1)]
    assert clusters(records, decided=decided, said=said) == {frozenset({"a:1x", "b:2x"}), frozenset({"c:3x"})}


def test_of_two_statements_that_contradict_each_other_the_newer_holds() -> None:
    records = [record("a", "1x"), record("b", "2x"), record("c", "3x")]
    must = [Statement("a:1x", "b:2x", "must-link", 1), Statement("b:2x", "c:3x", "must-link", 2)]
    apart = Statement("a:1x", "c:3x", "cannot-link", 3)
    found = cluster_records(records, said=[*must, apart])
    assert [cluster.members for cluster in found.clusters] == [("a:1x",), ("b:2x", "c:3x")]
    assert found.overruled == [must[0]]
    assert len(clusters(records, said=[replace(apart, sequence=0), *must])) == 1


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


keys = st.tuples(st.sampled_from("abc"), st.integers(0, 4)).map(lambda pair: f"{pair[0]}:r{pair[1]}")
some_joins = st.lists(st.builds(Join, keys, keys, st.just("model"), st.sampled_from([0.6, 0.8, 0.9])), max_size=8)
some_said = st.lists(
    st.builds(Statement, keys, keys, st.sampled_from(["must-link", "cannot-link"]), st.integers(1, 4)), max_size=5
)


@given(some_records, some_joins, some_said, st.randoms())
def test_clusters_are_a_function_of_the_sets(
    records: list[Record], decided: list[Join], said: list[Statement], shuffler: Any
) -> None:
    first = clusters(records, decided=decided, said=said)
    for given_list in (records, decided, said):
        shuffler.shuffle(given_list)
    assert clusters(records, decided=decided, said=said) == first


@given(some_records, some_joins, some_said)
def test_clusters_part_the_records_and_hold_no_contradiction(
    records: list[Record], decided: list[Join], said: list[Statement]
) -> None:
    found = cluster_records(records, decided=decided, said=said)
    assert sorted(key for cluster in found.clusters for key in cluster.members) == sorted(r.key for r in records)
    by_key = {r.key: r for r in records}
    place = {key: number for number, cluster in enumerate(found.clusters) for key in cluster.members}
    for cluster in found.clusters:
        assert set(cluster.ties(cluster.members[0])) == set(cluster.members)
        identifiers = {str(by_key[key].properties["wikidata"]) for key in cluster.members} - {""}
        assert len(identifiers) <= 1 or any(join.evidence == "person" for join in cluster.joins)
    for each in set(said) - set(found.overruled):
        if each.left in place and each.right in place:
            assert (place[each.left] == place[each.right]) == (each.verdict == "must-link")
