"""Numbers in any writing."""

import numpy as np
import polars as pl
import pytest

from linkers.records.numbers import closeness, equal_digits, mended, parsed, years


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("4:07", "seconds", 247.0),
        ("1:02:03", "seconds", 3723.0),
        ("3m 58sec", "seconds", 238.0),
        ("PT4M7S", "seconds", 247.0),
        ("1,234.50", "number", 1234.5),
        ("$19.99", "number", 19.99),
        ("-3", "number", -3.0),
        ("1856-86-18", "day", 18568618.0),
    ],
)
def test_cells_are_read(text: str, column: str, value: float) -> None:
    assert parsed(pl.Series([text]))[column][0] == value


def test_words_are_no_numbers() -> None:
    found = parsed(pl.Series(["", "four", "PSLX350H", "12 angry men", None]))
    assert found.null_count().row(0) == (5, 5, 5)


def test_a_source_in_another_unit_is_mended() -> None:
    seconds = np.asarray([200.0, 240.0, 300.0, 200_000.0, 240_000.0, np.nan, 4.0, 5.0, 3.4])
    source = np.asarray([0, 0, 0, 1, 1, 1, 2, 2, 2], np.int32)
    found = mended(seconds, source)
    assert found[3:5] == pytest.approx([200.0, 240.0])
    assert found[6:] == pytest.approx([240.0, 300.0, 204.0])


def test_years_of_two_digits_are_written_out() -> None:
    assert years(np.asarray([75.0, 11.0, 1999.0])).tolist() == [1975.0, 2011.0, 1999.0]


def test_closeness_is_highest_for_equal_values_and_missing_for_missing_ones() -> None:
    found = closeness(np.asarray([5.0, 5.0, np.nan]), np.asarray([5.0, 6.0, 5.0]), 1.0)
    assert found[0] == pytest.approx(3.0)
    assert found[1] < 0.1
    assert np.isnan(found[2])


def test_dates_are_compared_digit_by_digit() -> None:
    left = np.asarray([18560618.0, 18560618.0, np.nan])
    assert equal_digits(left, np.asarray([18560618.0, 18568618.0, 18560618.0]))[:2].tolist() == [8.0, 7.0]
