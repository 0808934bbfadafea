"""A table as it comes, made ready: checked, ordered, without empty values."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from linkers.records.cleaning import filled
from schemas.errors import ConfigError

_OWN = ("record_id", "source")


@dataclass(frozen=True, slots=True)
class Prepared:
    """The records of a table, ordered by (source, record_id). cells: the other columns, texts, null for no value.

    source: int32, number of each record's source among `sources`, which are ordered by name.
    """

    ids: pl.Series
    sources: list[str]
    source: NDArray[np.int32]
    cells: pl.DataFrame


def prepare(table: pa.Table) -> Prepared:
    """Return a table ready to be resolved. Raises ConfigError when it lacks a column or an id stands in it twice."""
    for name in _OWN:
        if name not in table.column_names:
            raise ConfigError("table", f"has no column {name!r}; columns: {', '.join(table.column_names[:50])}")
    whole = pl.DataFrame(pl.from_arrow(table)).with_columns(pl.col(name).cast(pl.String) for name in _OWN)
    for name in _OWN:
        if whole[name].null_count():
            raise ConfigError(f"table.{name}", f"is null in {whole[name].null_count()} rows; give each row a text")
    whole = whole.sort("source", "record_id")
    ids = whole["record_id"]
    if ids.n_unique() < len(ids):
        twice = ids.filter(ids.is_duplicated())[0]
        raise ConfigError("table.record_id", f"{twice!r} stands in it twice; make ids of several sources distinct")
    sources = whole["source"].unique().sort()
    source = whole["source"].rank("dense").cast(pl.Int32).to_numpy() - 1 if len(whole) else np.zeros(0, np.int32)
    cells = whole.select([filled(_as_text(whole[name])) for name in whole.columns if name not in _OWN])
    return Prepared(ids, sources.to_list(), source.astype(np.int32), cells)


def _as_text(column: pl.Series) -> pl.Series:
    """Return any column as text: numbers as they are written, lists joined by spaces."""
    if isinstance(column.dtype, pl.List):
        return column.cast(pl.List(pl.String)).list.join(" ", ignore_nulls=True)
    return column.cast(pl.String)
