from hypothesis import given
from hypothesis import strategies as st

from linkers.clustering.entity_ids import KnownRecord, name_entities


def known(key: str, entity_id: str = "", since: int = 1) -> KnownRecord:
    source, record_id = key.split(":")
    return KnownRecord(record_id, (0, 0, source, record_id), entity_id, since)


def ids(clusters: list[list[str]], *records: tuple[str, str, int]) -> list[str]:
    by_key = {key: known(key, entity_id, since) for key, entity_id, since in records}
    everything = {key: by_key.get(key, known(key)) for keys in clusters for key in keys}
    return name_entities(clusters, everything)


def test_a_new_entity_takes_the_id_of_its_first_record_or_the_key_when_that_is_taken() -> None:
    assert ids([["a:n1", "b:x"], ["b:n1"]]) == ["n1", "b:n1"]


def test_an_id_survives_new_members_whatever_their_rank() -> None:
    assert ids([["a:new", "b:old"]], ("b:old", "old", 1)) == ["old"]


def test_an_id_survives_the_record_that_it_was_made_from() -> None:
    assert ids([["b:2"]], ("b:2", "gone", 1)) == ["gone"]


def test_where_entities_meet_the_older_id_stays() -> None:
    assert ids([["a:young", "b:old"]], ("a:young", "young", 3), ("b:old", "old", 1)) == ["old"]


def test_of_ids_of_one_age_the_first_in_rank_stays() -> None:
    assert ids([["a:2", "b:1"]], ("a:2", "2", 1), ("b:1", "1", 1)) == ["2"]


def test_the_larger_part_keeps_the_id_even_without_the_record_that_it_was_made_from() -> None:
    records = [(key, "1", 1) for key in ("a:1", "b:2", "c:3")]
    assert ids([["a:1"], ["b:2", "c:3"]], *records) == ["a:1", "1"]


def test_of_equal_parts_the_one_with_the_record_that_it_was_made_from_keeps_the_id() -> None:
    assert ids([["a:1"], ["b:2"]], ("a:1", "2", 1), ("b:2", "2", 1)) == ["1", "2"]


def test_an_id_is_not_given_twice_when_all_that_is_natural_is_taken() -> None:
    records = [("a:1", "1", 1), ("b:1", "c:1", 1), ("d:1", "", 1)]
    assert ids([["a:1"], ["b:1"], ["c:1"], ["d:1"]], *records) == ["1", "c:1", "c:1~2", "d:1"]


keys = [f"{source}:{number}" for source in "abc" for number in range(3)]
partitions = st.lists(st.integers(0, 4), min_size=len(keys), max_size=len(keys)).map(
    lambda labels: [
        [key for key, label in zip(keys, labels, strict=True) if label == chosen] for chosen in sorted(set(labels))
    ]
)


@given(st.lists(partitions, min_size=2, max_size=5))
def test_ids_are_distinct_and_stay_while_the_clusters_do(history: list[list[list[str]]]) -> None:
    entity_of: dict[str, str] = {}
    former: dict[frozenset[str], str] = {}
    for clusters in history:
        found = name_entities(clusters, {key: known(key, entity_of.get(key, "")) for key in keys})
        assert len(set(found)) == len(clusters)
        now = {frozenset(cluster): name for cluster, name in zip(clusters, found, strict=True)}
        assert all(now[cluster] == former[cluster] for cluster in now.keys() & former.keys())
        entity_of = {key: name for cluster, name in now.items() for key in cluster}
        former = now
