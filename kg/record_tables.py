"""The records of a home as the tables that are compared, one for each kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from kg.home import Home
from kg.record_settings import record_settings
from linkers.records.catalog_table import UNTYPED, Related, by_kind, catalog_table
from linkers.records.namesakes import hold_nothing_twice
from schemas.identity import content_id
from schemas.record import Record


@dataclass(frozen=True, slots=True)
class RecordTable:
    """Records of one kind.

    table: see `catalog_table`. contents: hash of what a record is compared by, by key, of the records whose pairs are
    decided here: of the kind "", which holds all records, only those without a type.
    """

    kind: str
    table: pa.Table
    contents: dict[str, str]

    @property
    def is_alone(self) -> bool:
        """Whether there is nothing to compare: one record, or one source that by its names holds nothing twice."""
        if self.table.num_rows < 2:
            return True
        return len(set(self.table["source"].to_pylist())) < 2 and hold_nothing_twice(self.table)


def record_tables(home: Home, records: Sequence[Record]) -> list[RecordTable]:
    """Return the records by kind, with the names of what they are related to; the kind "" comes last."""
    settings = record_settings(home)
    related = related_names(home, records)
    kinds = by_kind(records, settings.ontology)
    tables = []
    for kind in sorted(kinds, key=lambda kind: (kind == UNTYPED, kind)):
        own = [record.key for record in kinds[kind] if kind or not record.type]
        table = catalog_table(kinds[kind], related, settings.identifiers)
        tables.append(RecordTable(kind, table, _contents(table, set(own))))
    return tables


def related_names(home: Home, records: Sequence[Record]) -> Related:
    """Return the names that a record is related to, by record key and relation, read forwards and backwards.

    An id in a relation means the record of the relation's own source, else the first that has it.
    """
    by_id: dict[str, Record] = {}
    for record in records:
        by_id.setdefault(record.record_id, record)
        by_id[record.key] = record
    related: dict[str, dict[str, list[str]]] = {}
    for relation in home.mentions.relations():
        ends = [by_id.get(f"{relation.source}:{i}") or by_id.get(i) for i in (relation.subject, relation.object)]
        subject, target = ends
        if subject is None or target is None or subject is target:
            continue
        inverse = _inverse(home, relation.relation)
        for record, name, other in ((subject, relation.relation, target), (target, inverse, subject)):
            names = related.setdefault(record.key, {}).setdefault(name, [])
            if other.name not in names:
                names.append(other.name)
    return related


def _inverse(home: Home, relation: str) -> str:
    known = {each.name: each.inverse for each in home.config.ontology.relation_types}
    return known.get(relation, f"{relation} of")


def _contents(table: pa.Table, own: set[str]) -> dict[str, str]:
    columns = sorted(table.column_names)
    cells: Mapping[str, list[str | None]] = {name: table[name].to_pylist() for name in columns}
    return {
        key: content_id(*(f"{name}={cells[name][row]}" for name in columns if cells[name][row] is not None))
        for row, key in enumerate(cells["record_id"])
        if key in own and key is not None
    }
