"""Columns of equal length, side by side: what linking computes with instead of rows."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]
_NO_ROWS = np.empty(0, dtype=np.int64)


class Columns(Mapping[str, Column]):
    """Arrays of one length by name; none is changed once it is here.

    It does no more than keep arrays together: a data frame takes longer to plan its work than one mention may take.
    Rows that are taken are copied column by column, when a column is first asked for.
    """

    __slots__ = ("_columns", "_names", "_rows", "_source", "height")

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = dict(columns)
        self._names: tuple[str, ...] = tuple(self._columns)
        self._source: Columns | None = None
        self._rows: NDArray[np.int64] = _NO_ROWS
        self.height = len(next(iter(self._columns.values()))) if self._columns else 0

    def __getitem__(self, name: str) -> Column:
        values = self._columns.get(name)
        if values is None:
            if self._source is None:
                raise KeyError(name)
            values = self._columns[name] = self._source[name][self._rows]
        return values

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many columns there are; `height` says how many rows."""
        return len(self._names)

    def take(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> "Columns":
        """Return some rows, by number or by a flag a row."""
        taken = Columns({})
        taken._source = self
        taken._rows = np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.int64, copy=False)
        taken._names = self._names
        taken.height = len(taken._rows)
        return taken

    def only(self, *names: str) -> "Columns":
        """Return some columns."""
        return Columns({name: self[name] for name in names})

    def plus(self, more: Mapping[str, Column] | None = None, /, **named: Column) -> "Columns":
        """Return the columns with others added, or put in the place of those of the same name."""
        added = {**(more or {}), **named}
        joined = Columns({**self._columns, **added})
        joined._source, joined._rows = self._source, self._rows
        joined._names = tuple(dict.fromkeys((*self._names, *added)))
        joined.height = self.height if self._names else joined.height
        return joined


def stacked(parts: list[Columns]) -> Columns:
    """Return the rows of several tables with the same columns as one; at least one table."""
    return parts[0] if len(parts) == 1 else Columns({n: np.concatenate([part[n] for part in parts]) for n in parts[0]})
