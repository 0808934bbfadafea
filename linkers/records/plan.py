"""What is compared and how: chosen by `profile`, written as TOML, edited by people, taken by `resolve_table`."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.errors import ConfigError

KINDS = ("name", "person", "title", "text", "number", "duration", "date", "identifier", "category", "place", "ignored")
"""What a column can hold."""

COMPARATORS: Mapping[str, tuple[str, ...]] = {
    "words": ("name", "person", "title", "text", "place", "category"),
    "difference": ("number", "duration", "date"),
    "equal": ("identifier", "category"),
    "none": ("ignored",),
}
"""Comparators, and the kinds that each is for. words: cosine and containment of rare words and letter groups;
difference: of numbers, in units of the column's spread; equal: equal or not; none: the column is not looked at."""

PROCEDURES = ("one-per-source", "pairs", "clusters")
"""How many records are one thing. one-per-source: at most one of each source, so rivals speak against each other;
pairs: at most two of the table, so they do so too; clusters: any number."""


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How one column is compared.

    name: as in the table. kind: one of KINDS. comparator: one of COMPARATORS. why: one sentence.
    key:  an identifier that names a thing once and for all: equal values join, different ones part.
    """

    name: str
    kind: str
    comparator: str
    why: str = ""
    key: bool = False


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What is held of one source.

    name: as in the table. records: how many it has. duplicate_free: no thing stands in it twice. why: one sentence.
    """

    name: str
    records: int
    duplicate_free: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the records of a table are resolved.

    columns: in the order of the table. sources: by name. procedure: one of PROCEDURES. why: one sentence on it.
    """

    columns: tuple[ColumnPlan, ...]
    sources: tuple[SourcePlan, ...]
    procedure: str
    why: str = ""

    def to_toml(self) -> str:
        """Return the plan as TOML, to be edited and read by `from_toml`."""
        lines = [f"procedure = {_quoted(self.procedure)}", f"why = {_quoted(self.why)}"]
        for column in self.columns:
            lines += ["", "[[column]]", f"name = {_quoted(column.name)}", f"kind = {_quoted(column.kind)}"]
            lines += [f"comparator = {_quoted(column.comparator)}", f"key = {str(column.key).lower()}"]
            lines += [f"why = {_quoted(column.why)}"]
        for source in self.sources:
            lines += ["", "[[source]]", f"name = {_quoted(source.name)}", f"records = {source.records}"]
            lines += [f"duplicate_free = {str(source.duplicate_free).lower()}", f"why = {_quoted(source.why)}"]
        return "\n".join(lines) + "\n"

    @classmethod
    def from_toml(cls, text: str, *, place: str = "plan") -> "Plan":
        """Read a plan; `place` names its file in errors. Raises ConfigError for what is no plan."""
        try:
            found = tomllib.loads(text)
        except (ValueError, RecursionError) as fault:
            raise ConfigError(place, f"is not TOML: {fault}") from fault
        return cls.from_tables(found, place=place)

    @classmethod
    def from_tables(cls, found: Mapping[str, Any], *, place: str = "plan") -> "Plan":
        """Read a plan from what its TOML says, as tomllib gives it; see `from_toml`."""
        columns = tuple(_column(row, place) for row in _tables(found, "column", place))
        sources = tuple(_source(row, place) for row in _tables(found, "source", place))
        procedure = found.get("procedure", "clusters")
        if procedure not in PROCEDURES:
            raise ConfigError(f"{place}.procedure", f"{procedure!r} is not known; valid are {', '.join(PROCEDURES)}")
        if not columns:
            raise ConfigError(place, "names no column; write a [[column]] with name, kind and comparator")
        return cls(columns, sources, procedure, str(found.get("why", "")))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's strings are TOML's basic strings


def _tables(found: Mapping[str, Any], name: str, place: str) -> Sequence[Mapping[str, Any]]:
    rows = found.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ConfigError(f"{place}.{name}", f"is {rows!r}; write it as [[{name}]]")
    return rows


def _column(row: Mapping[str, Any], place: str) -> ColumnPlan:
    name, kind, comparator = row.get("name"), row.get("kind"), row.get("comparator")
    if not isinstance(name, str):
        raise ConfigError(f"{place}.column", f'has the name {name!r}; write name = "COLUMN"')
    if not isinstance(kind, str) or kind not in KINDS:
        raise ConfigError(f"{place}.column.{name}", f"has the kind {kind!r}; valid are {', '.join(KINDS)}")
    if not isinstance(comparator, str) or kind not in COMPARATORS.get(comparator, ()):
        valid = ", ".join(known for known, kinds in COMPARATORS.items() if kind in kinds)
        problem = f"of kind {kind!r} has the comparator {comparator!r}; valid: {valid}"
        raise ConfigError(f"{place}.column.{name}", problem)
    return ColumnPlan(name, kind, comparator, str(row.get("why", "")), _flag(row, "key", place))


def _source(row: Mapping[str, Any], place: str) -> SourcePlan:
    name, records = row.get("name"), row.get("records", 0)
    if not isinstance(name, str) or not isinstance(records, int):
        raise ConfigError(
            f"{place}.source", f"has the name {name!r} and {records!r} records; write a text and a number"
        )
    return SourcePlan(name, records, _flag(row, "duplicate_free", place), str(row.get("why", "")))


def _flag(row: Mapping[str, Any], name: str, place: str) -> bool:
    value = row.get(name, False)
    if not isinstance(value, bool):
        raise ConfigError(f"{place}.{name}", f"is {value!r}; valid are true, false")
    return value
