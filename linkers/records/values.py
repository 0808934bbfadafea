"""The values of a table as they are compared: clean texts, numbers, codes of sources."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.records.cleaning import Texts, texts
from linkers.records.numbers import mended, parsed, years
from linkers.records.plan import ColumnPlan

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Values:
    """The columns that take part.

    texts:    all of them as clean text, those of words first; numbers are written in one form, so that 4:07 and 247
              seconds are one word.
    words:    how many columns are compared by words (the first of `texts`).
    numbers:  name and values, float64 (n,), NaN for none, of those compared by difference.
    days:     the same of dates with month and day, as numbers of eight digits; these are compared digit by digit.
    keys:     name and codes, int64 (n,), -1 for none, of identifiers that join and part.
    source:   int32 (n,), number of each record's source.
    """

    texts: Texts
    words: tuple[str, ...]
    numbers: tuple[tuple[str, Floats], ...]
    days: tuple[tuple[str, Floats], ...]
    keys: tuple[tuple[str, NDArray[np.int64]], ...]
    source: NDArray[np.int32]


def values_of(table: pl.DataFrame, columns: Sequence[ColumnPlan], source: NDArray[np.int32]) -> Values:
    """Return the values of a table. table: texts, null for no value."""
    worded = [plan.name for plan in columns if plan.comparator == "words"]
    numbers: list[tuple[str, Floats]] = []
    days: list[tuple[str, Floats]] = []
    written: list[pl.Series] = []
    for plan in columns:
        if plan.comparator == "difference":
            values, is_day = _number(table[plan.name], plan, source)
            (days if is_day else numbers).append((plan.name, values))
            written.append(table[plan.name] if is_day else _written(values, table[plan.name]))
    equal = [plan.name for plan in columns if plan.comparator == "equal"]
    keys = tuple((plan.name, _codes(table[plan.name])) for plan in columns if plan.comparator == "equal" and plan.key)
    cells = [table[name] for name in worded] + written + [table[name] for name in equal]
    return Values(texts(cells, len(source)), tuple(worded), tuple(numbers), tuple(days), keys, source)


def _number(cells: pl.Series, plan: ColumnPlan, source: NDArray[np.int32]) -> tuple[Floats, bool]:
    """Return the values of a column, and whether they are days."""
    found = parsed(cells)
    if plan.kind == "date":
        day = found["day"]
        known = len(cells) - cells.null_count()
        if 2 * (len(day) - day.null_count()) > known:
            return day.fill_null(float("nan")).to_numpy(), True
        return years(found["number"].fill_null(float("nan")).to_numpy()), False
    order = ("seconds", "number") if plan.kind == "duration" else ("number", "seconds")
    values = found.select(pl.coalesce(*order)).to_series().fill_null(float("nan")).to_numpy()
    return mended(values, source), False


def _written(values: Floats, cells: pl.Series) -> pl.Series:
    """Return numbers as whole ones in text, the cell itself where there is none."""
    whole = pl.Series(np.round(values), nan_to_null=True).cast(pl.Int64, strict=False).cast(pl.String)
    return pl.select(pl.coalesce(whole, cells)).to_series()


def _codes(cells: pl.Series) -> NDArray[np.int64]:
    """Return a number for each distinct identifier: case, signs, addresses and leading zeros do not part."""
    plain = cells.str.to_lowercase().str.replace(r"^.*/", "").str.replace_all(r"[\s.-]", "").str.strip_chars_start("0")
    known = pl.select(pl.when(plain.str.contains(r"\d")).then(plain)).to_series()
    return known.rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1
