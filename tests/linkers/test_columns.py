import numpy as np

from linkers.columns import Columns, stacked

TABLE = Columns({"name": np.array(["a", "b", "c"], dtype=object), "flag": np.array([True, False, True])})


def test_rows_are_taken_by_number_and_by_flag() -> None:
    assert TABLE.take(np.array([2, 0]))["name"].tolist() == ["c", "a"]
    assert TABLE.take(TABLE["flag"])["name"].tolist() == ["a", "c"]
    assert TABLE.height == 3


def test_columns_are_chosen_added_and_replaced_without_changing_what_was() -> None:
    more = TABLE.plus({"flag": ~TABLE["flag"]}, size=np.arange(3))
    assert list(more) == ["name", "flag", "size"]
    assert more["flag"].tolist() == [False, True, False]
    assert TABLE["flag"].tolist() == [True, False, True]
    assert list(more.only("size", "name")) == ["size", "name"]
    assert stacked([TABLE, TABLE])["name"].tolist() == ["a", "b", "c"] * 2
    assert Columns({}).height == 0
