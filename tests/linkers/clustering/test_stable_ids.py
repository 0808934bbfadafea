from hypothesis import given
from hypothesis import strategies as st

from linkers.clustering.provisional import provisional_id
from linkers.clustering.stable_ids import Memory, assign_ids, current_id


def assigned(groups: list[str], past: Memory, sequence: int) -> Memory:
    """Groups are strings whose signs are the labels."""
    clusters = {label: min(group) for group in groups for label in group}
    return assign_ids(clusters, dict.fromkeys(clusters, 1), past, sequence)


def test_a_cluster_that_grows_keeps_its_id() -> None:
    first = assigned(["m"], {}, 1)
    second = assigned(["am"], first, 2)
    assert second["a"].id == second["m"].id == first["m"].id == provisional_id("m")


def test_of_two_that_meet_the_older_stays_and_the_other_leads_there() -> None:
    memory = assigned(["b", "a"], assigned(["b"], {}, 1), 2)
    met = assigned(["ab"], memory, 3)
    assert met["a"].id == met["b"].id == provisional_id("b")
    assert current_id(met, provisional_id("a")) == provisional_id("b")


def test_a_cluster_keeps_its_id_when_the_name_that_gave_it_is_gone() -> None:
    memory = assigned(["ab"], {}, 1)
    assert assigned(["b"], memory, 2)["b"].id == provisional_id("a")


def test_when_clusters_part_the_id_stays_with_the_name_that_gave_it() -> None:
    parted = assigned(["a", "b"], assigned(["ab"], {}, 1), 2)
    assert (parted["a"].id, parted["b"].id) == (provisional_id("a"), provisional_id("b"))


def test_a_name_that_parts_by_kind_keeps_its_id_in_one_part() -> None:
    memory = assign_ids({"austin": "austin"}, {"austin": 2}, {}, 1)
    labels = ["austin\x1fagent", "austin\x1fplace"]
    parted = assign_ids(dict(zip(labels, labels, strict=True)), dict(zip(labels, [1, 2], strict=True)), memory, 2)
    assert parted[labels[1]].id == provisional_id("austin") != parted[labels[0]].id


partitions = st.lists(st.integers(0, 3), min_size=1, max_size=7).map(
    lambda parts: ["".join("abcdefg"[i] for i, part in enumerate(parts) if part == p) for p in sorted(set(parts))]
)


@given(st.lists(partitions, min_size=1, max_size=4))
def test_ids_are_one_per_cluster_and_a_run_that_is_repeated_changes_nothing(history: list[list[str]]) -> None:
    past: Memory = {}
    for sequence, groups in enumerate(history, 1):
        memory = assigned(groups, past, sequence)
        ids = [{memory[label].id for label in group} for group in groups]
        assert all(len(found) == 1 for found in ids)
        assert len(set().union(*ids)) == len(groups)
        assert assigned(groups, memory, sequence) == memory
        past = memory
