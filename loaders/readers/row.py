"""One row of a file, and its values as the types that they should have."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schemas.errors import InputError


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    line:      of the file, from 1; of a Parquet file the number of the row.
    values:    by the file's own column names; None where there is none.
    separator: what divides lists within a value, "" where the format has lists.
    """

    line: int
    values: Mapping[str, object]
    separator: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a row under our names; every method raises `error` with the line for a value of another type.

    column: what one of our fields is called in the file.
    fail:   makes the error of a problem with this row.
    """

    row: Row
    column: Callable[[str], str]
    fail: Callable[[str], InputError]

    def get(self, name: str) -> object:
        """Return a value as it is, None when there is none."""
        return self.row.values.get(self.column(name))

    def text(self, name: str) -> str:
        """Return a text verbatim, "" when there is none; whole numbers are written as text."""
        value = self.get(name)
        return "" if value is None else self._as_text(name, value)

    def word(self, name: str) -> str:
        """Return a text without white space around it, "" when there is none."""
        return self.text(name).strip()

    def required(self, name: str) -> str:
        """Return a text that must hold more than white space."""
        text = self.text(name)
        if not text.strip():
            column = self.column(name)
            called = name if column == name else f"{name} (column {column!r})"
            raise self.fail(f"{called} is missing")
        return text

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts without empty ones; a single text is a list of one."""
        value = self.get(name)
        if value is None:
            return ()
        parts = value if isinstance(value, list) else self._split(self._as_text(name, value))
        found = (self._as_text(name, part) for part in parts if part is not None)
        return tuple(text for text in found if text.strip())

    def whole(self, name: str) -> int:
        """Return a whole number >= 0."""
        value = self.get(name)
        if isinstance(value, float) and value.is_integer():
            return self._not_negative(name, int(value))
        if isinstance(value, int) and not isinstance(value, bool):
            return self._not_negative(name, value)
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 20:
            return int(value)
        raise self.fail(f"{name} {_shown(value)} is not a whole number >= 0")

    def number(self, name: str) -> float | None:
        """Return a finite number >= 0, None when there is none."""
        value = self.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        number = math.nan
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            number = float(value)
        elif isinstance(value, str) and value.isascii() and "_" not in value:
            try:
                number = float(value)
            except ValueError:
                number = math.nan
        if math.isfinite(number) and number >= 0:
            return number + 0.0  # -0.0 becomes 0.0
        raise self.fail(f"{name} {_shown(value)} is not a number >= 0")

    def _split(self, text: str) -> list[str]:
        separator = self.row.separator
        return [part.strip() for part in text.split(separator)] if separator else [text]

    def _as_text(self, name: str, value: object) -> str:
        text = as_text(value)
        if text is None:
            raise self.fail(f"{name} {_shown(value)} is not a text")
        if "\0" in text:
            raise self.fail(f"{name} {_shown(text)} holds a NUL character")
        return text

    def _not_negative(self, name: str, number: int) -> int:
        if number < 0:
            raise self.fail(f"{name} {number} is not a whole number >= 0")
        return number


def as_text(value: object) -> str | None:
    """Return a text or a whole number as text, None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def _shown(value: object) -> str:
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    return f"of type {type(value).__name__}"
