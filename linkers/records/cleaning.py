"""The cells of a table as clean text, packed for compiled code."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.normalization import latin, normalize
from linkers.packed_text import packed
from linkers.records.text_kernels import cleaned

_NOTHING = r"(?i)^[\s\[(<\-]*(?:unknown|unk|n/a|null|none|nan|nil|undefined|missing|not available)?[\s\])>.\-]*$"
_END = "\n"


@dataclass(frozen=True, slots=True)
class Texts:
    """Clean text of cells. data: uint8. starts: int64 (records * columns + 1,), cells of a record side by side."""

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]
    columns: int


def filled(column: pl.Series) -> pl.Series:
    """Return a column as text without white space around it; null where a cell says nothing ("", "unknown", "n/a")."""
    text = column.cast(pl.String).str.strip_chars()
    nothing = (text.str.len_bytes() <= 20) & text.str.contains(_NOTHING)
    return pl.select(pl.when(nothing).then(None).otherwise(text).alias(column.name)).to_series()


def plain(column: pl.Series) -> pl.Series:
    """Return a column with cells in other letters as their keys in Latin ones; plain cells as they are."""
    foreign = column.str.len_bytes() != column.str.len_chars()
    if not foreign.any():
        return column
    values = column.filter(foreign).unique()
    keys = pl.Series([latin(normalize(value)) for value in values.to_list()], dtype=pl.String)
    found = column.to_frame("text").join(pl.DataFrame({"text": values, "key": keys}), on="text", how="left")
    joined = found.select(pl.coalesce("key", "text")).to_series() if found.height == len(column) else column
    return joined.alias(column.name)


def texts(columns: list[pl.Series], records: int) -> Texts:
    """Return the clean text of columns, (records,) each, nulls allowed."""
    if not columns:
        columns = [pl.Series([None] * records, dtype=pl.String)]
    cells = [plain(column).str.replace_all(_END, " ", literal=True).fill_null("") for column in columns]
    whole = pl.DataFrame([cell.alias(str(place)) for place, cell in enumerate(cells)])
    whole_text = whole.select(pl.concat_str(pl.all(), separator=_END)).to_series()
    data, starts = packed(whole_text.to_arrow())
    clean, cells_at = cleaned(data, starts, len(columns))
    return Texts(clean, cells_at, len(columns))
