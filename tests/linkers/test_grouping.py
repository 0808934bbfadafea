import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linkers.grouping import Groups, found_at, matched, ordered, paired

small = st.integers(0, 4)
lists = st.lists(small, max_size=20)
pairs = st.lists(st.tuples(small, small), max_size=20)


def array(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


@given(lists)
def test_groups_say_of_each_run_what_its_rows_say(values: list[int]) -> None:
    keys = np.sort(array(values))
    weights = np.arange(len(keys))
    groups = Groups.of(keys)
    runs = [weights[keys == key] for key in sorted(set(values))]
    assert groups.sizes.tolist() == [len(run) for run in runs]
    assert groups.sum(weights).tolist() == [run.sum() for run in runs]
    assert groups.highest(weights).tolist() == [run.max() for run in runs]
    assert groups.lowest(weights).tolist() == [run.min() for run in runs]
    assert groups.any(weights > 3).tolist() == [bool((run > 3).any()) for run in runs]
    assert groups.places.tolist() == [place for run in runs for place in range(len(run))]
    assert groups.spread(groups.sizes).tolist() == [len(run) for run in runs for _ in run]


@given(pairs)
def test_an_order_by_several_keys_is_that_of_tuples(rows: list[tuple[int, int]]) -> None:
    first, second = array([a for a, _ in rows]), array([b for _, b in rows])
    order = ordered(first, -second, np.arange(len(rows)))
    assert order.tolist() == sorted(range(len(rows)), key=lambda n: (rows[n][0], -rows[n][1], n))
    assert np.argsort(paired(first, second), kind="stable").tolist() == sorted(range(len(rows)), key=rows.__getitem__)


@given(lists, lists)
def test_matches_are_all_pairs_of_equal_keys(left: list[int], right: list[int]) -> None:
    right = sorted(right)
    rows, others = matched(array(left), array(right))
    assert list(zip(rows.tolist(), others.tolist(), strict=True)) == [
        (a, b) for a, x in enumerate(left) for b, y in enumerate(right) if x == y
    ]
    first = found_at(array(left), array(right))
    assert first.tolist() == [right.index(x) if x in right else -1 for x in left]
