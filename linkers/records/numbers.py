"""Columns of numbers, durations and dates as float values that can be compared across sources."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FAR = 8.0
"""A source whose median lies so many times off the others' is in another unit."""
_FACTORS = (1000.0, 60.0, 60_000.0, 3600.0, 3_600_000.0)
_PIVOT = 30
"""Years of two digits up to this are of the 2000s."""
_CLOCK = r"^(?:(\d+):)?(\d{1,3}):(\d{2})(?:\.\d+)?$"
_UNITS = r"^(?:pt)?(?:(\d+)\s*h[a-z]*[\s,.]*)?(?:(\d+)\s*m(?:in[a-z]*)?\.?[\s,.]*)?(?:(\d+)(?:\.\d+)?\s*s[a-z]*\.?)?$"
_DATE = r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$"
_NUMBER = r"^[^\d\w+-]{0,3}([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[-+]?\.\d+)\s*(?:%|[a-z$€£]{0,3}\.?)?$"


def parsed(column: pl.Series) -> pl.DataFrame:
    """Return number, seconds and day of each cell, float64, null where the cell is none.

    seconds: of "4:07", "1:02:03", "3m 58sec", "PT4M". day: of dates written year first, their eight digits as a number,
    so that a false date ("1856-86-18") has a value too.
    """
    text = column.str.to_lowercase()
    clock, units, date = (text.str.extract_groups(pattern).struct.unnest() for pattern in (_CLOCK, _UNITS, _DATE))
    hours, minutes, seconds = (clock.to_series(place).cast(pl.Float64) for place in range(3))
    by_clock = hours.fill_null(0.0) * 3600 + minutes * 60 + seconds
    parts = [units.to_series(place).cast(pl.Float64) for place in range(3)]
    written = parts[0].is_not_null() | parts[1].is_not_null() | parts[2].is_not_null()
    by_units = parts[0].fill_null(0.0) * 3600 + parts[1].fill_null(0.0) * 60 + parts[2].fill_null(0.0)
    year, month, day = (date.to_series(place).cast(pl.Float64) for place in range(3))
    number = text.str.extract(_NUMBER).str.replace_all(",", "", literal=True).cast(pl.Float64, strict=False)
    return pl.select(
        number.alias("number"),
        pl.coalesce(by_clock, pl.when(written).then(by_units)).alias("seconds"),
        (year * 10_000 + month * 100 + day).alias("day"),
    )


def years(values: Floats) -> Floats:
    """Return years with those of two digits written out: 75 is 1975, 11 is 2011."""
    short = values < 100
    return np.where(short, values + np.where(values <= _PIVOT, 2000, 1900), values)


def mended(values: Floats, source: NDArray[np.int32]) -> Floats:
    """Return values with sources in another unit brought to the unit of most: seconds against milliseconds.

    values: (n,), NaN for none. source: (n,), from 0.
    """
    medians = np.full(int(source.max(initial=-1)) + 1, np.nan)
    for number in range(len(medians)):
        mine = values[(source == number) & ~np.isnan(values)]
        medians[number] = np.median(np.abs(mine)) if len(mine) else np.nan
    known = medians[(medians > 0) & ~np.isnan(medians)]
    if not len(known):
        return values
    middle = float(np.sort(known)[(len(known) - 1) // 2])
    factors = np.ones(len(medians))
    for number, median in enumerate(medians):
        if median > 0 and not 1 / _FAR < median / middle < _FAR:
            options = [factor for one in _FACTORS for factor in (one, 1 / one)]
            best = min(options, key=lambda factor: abs(np.log(median * factor / middle)))
            near = 1 / _FAR < median * best / middle < _FAR
            factors[number] = best if near else 1.0
    return values * factors[source]


def spread(values: Floats) -> float:
    """Return the median absolute deviation, the standard deviation where that is 0, 1.0 where both are."""
    known = values[~np.isnan(values)]
    if not len(known):
        return 1.0
    deviation = float(np.median(np.abs(known - np.median(known))))
    return deviation or float(known.std()) or 1.0


def closeness(left: Floats, right: Floats, unit: float) -> NDArray[np.float32]:
    """Return -log10(|left - right| / unit + .001), in (-inf, 3], 3.0 for equal values, NaN where one is missing."""
    return (-np.log10(np.abs(left - right) / unit + 0.001)).astype(np.float32)


def equal_digits(left: Floats, right: Floats) -> NDArray[np.float32]:
    """Return how many of the eight digits of two dates agree by place, 0 to 8, NaN where one is missing."""
    known = ~(np.isnan(left) | np.isnan(right))
    one, other = (np.where(known, side, 0).astype(np.int64) for side in (left, right))
    equal = sum((one // 10**place % 10 == other // 10**place % 10).astype(np.float32) for place in range(8))
    return np.where(known, equal, np.float32(np.nan)).astype(np.float32)
