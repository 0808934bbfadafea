"""Catalog files become records."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from loaders.readers.row import Row, Values, as_text
from loaders.readers.rows import Layout, read_rows
from loaders.readers.source_name import checked_source, source_of
from schemas.errors import ConfigError, InputError, OntologyError, RecordError
from schemas.ontology import Ontology
from schemas.record import PropertyValue, Record

_REQUIRED = ("id", "name")
_OPTIONAL = ("type", "aliases", "description", "popularity", "source")


@dataclass(frozen=True, slots=True)
class CatalogOptions:
    """How a catalog file is read.

    source:   name of the source of rows that have no `source` of their own.
    type:     entity type of rows that do not say theirs; "" when not known.
    mapping:  ours -> theirs; any further name renames a property.
    ontology: decides what types are called.

    Raises ConfigError when source or type cannot be one.
    """

    source: str
    type: str
    mapping: Mapping[str, str]
    ontology: Ontology

    def __post_init__(self) -> None:
        checked_source(self.source)
        try:
            self.ontology.canonical_type(self.type)
        except OntologyError as problem:
            raise ConfigError("type", str(problem)) from problem

    @property
    def layout(self) -> Layout:
        """The fields of a catalog file."""
        return Layout("a catalog", RecordError, _REQUIRED, _OPTIONAL, self.mapping, open=True)


def read_catalog(path: Path, options: CatalogOptions) -> Iterator[Record | RecordError]:
    """Yield the records of a JSONL, CSV, TSV or Parquet file, and a RecordError for each row that is none.

    A record's every further field becomes a property; fields without a value are left out. An id that stood in
    the file before is an error. Raises FormatError when the file as a whole cannot be read, NotFoundError.
    """
    layout = options.layout
    first_lines: dict[str, int] = {}
    for row in read_rows(path, layout):
        try:
            record = _record(path, row, options, layout)
            first = first_lines.setdefault(record.key, _line(row))
            if first != _line(row):
                raise RecordError(path, f"id {record.record_id!r} stands in line {first} already", _line(row))
        except RecordError as error:
            yield error
        else:
            yield record


def _line(row: Row | InputError) -> int:
    return row.line or 0


def _record(path: Path, row: Row | InputError, options: CatalogOptions, layout: Layout) -> Record:
    if not isinstance(row, Row):
        raise row
    values = Values(row, layout.column, lambda problem: RecordError(path, problem, row.line))
    name = values.required("name")
    try:
        entity_type = options.ontology.canonical_type(values.word("type") or options.type)
    except OntologyError as problem:
        raise values.fail(f"type {problem}") from problem
    return Record(
        source=source_of(values, options.source),
        record_id=values.required("id").strip(),
        name=name,
        type=entity_type,
        aliases=tuple(dict.fromkeys(alias for alias in values.texts("aliases") if alias != name)),
        description=values.text("description"),
        popularity=values.number("popularity"),
        properties=_properties(row, values, options.mapping),
    )


def _properties(row: Row, values: Values, mapping: Mapping[str, str]) -> dict[str, PropertyValue]:
    """Return every value that is no field of ours, those of a mapping under our name."""
    renamed = {ours: values.get(ours) for ours in mapping if ours not in _REQUIRED + _OPTIONAL}
    read = {values.column(name) for name in _REQUIRED + _OPTIONAL} | set(mapping.values())
    rest = {name: value for name, value in row.values.items() if name not in read and name not in renamed}
    properties = {}
    for name, value in {**rest, **renamed}.items():
        kept = _property(name, value, values)
        if kept is not None:
            properties[name] = kept
    return properties


def _property(name: str, value: object, values: Values) -> PropertyValue | None:
    if "\0" in name:
        raise values.fail(f"property {name!r} holds a NUL character")
    if isinstance(value, str):
        value = _split(value, values.row.separator)
    if isinstance(value, (list, tuple)):
        parts = tuple(_as_json_text(name, part, values) for part in value if part is not None and part != "")
        return parts or None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (bool, int, float)):
        return value
    return None if value is None or value == "" else _as_json_text(name, value, values)


def _split(value: str, separator: str) -> str | list[str]:
    """Return a value as a list where the format writes lists as one text."""
    return [part.strip() for part in value.split(separator)] if separator and separator in value else value


def _as_json_text(name: str, value: object, values: Values) -> str:
    text = as_text(value)
    if text is None:
        try:
            text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
        except TypeError as fault:
            raise values.fail(f"{name} cannot be kept as a property: {fault}") from fault
    if "\0" in text:
        raise values.fail(f"property {name!r} holds a NUL character")
    return text
