"""Columns of equal length, side by side: what linking computes with instead of rows."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


class Columns(Mapping[str, Column]):
    """Arrays of one length by name; none is changed once it is here.

    It does no more than keep arrays together: a data frame takes longer to plan its work than one mention may take.
    """

    __slots__ = ("_columns", "height")

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = dict(columns)
        self.height = len(next(iter(self._columns.values()))) if self._columns else 0

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        """Return how many columns there are; `height` says how many rows."""
        return len(self._columns)

    def take(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> "Columns":
        """Return some rows, by number or by a flag a row."""
        places = np.flatnonzero(rows) if rows.dtype == bool else rows
        return Columns({name: values[places] for name, values in self._columns.items()})

    def only(self, *names: str) -> "Columns":
        """Return some columns."""
        return Columns({name: self._columns[name] for name in names})

    def plus(self, more: Mapping[str, Column] | None = None, /, **named: Column) -> "Columns":
        """Return the columns with others added, or put in the place of those of the same name."""
        return Columns({**self._columns, **(more or {}), **named})


def stacked(parts: list[Columns]) -> Columns:
    """Return the rows of several tables with the same columns as one; at least one table."""
    return parts[0] if len(parts) == 1 else Columns({n: np.concatenate([part[n] for part in parts]) for n in parts[0]})
