"""Records of a catalog as tables that can be resolved: one for each kind of thing, with what they are related to."""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from linkers.clustering.record_evidence import SAME_AS, values_of
from schemas.ontology import Ontology
from schemas.record import PropertyValue, Record

AGENT, COMPANY = "agent", "company"
_COMPANIES = ("label", "organization")
UNTYPED = ""
NAMES = ("name", "aliases")
"""Columns that hold names; all others are second evidence."""
_OWN = ("provisional_id", "decided_by")
"""Properties that kg itself gives to records of promoted and assigned things."""
_OTHER_NAMES = 20
LIST = " | "
"""Between the texts of one cell."""

Related = Mapping[str, Mapping[str, Sequence[str]]]
"""Names of what a record is related to, by record key, then by relation."""


def kind_of(type_name: str, ontology: Ontology) -> str:
    """Return the kind that records of a type are compared within.

    Artists and persons are together, and so are labels and organizations; any other type is by itself.
    """
    if type_name in _COMPANIES:
        return COMPANY
    return AGENT if ontology.family(type_name) == AGENT else type_name


def by_kind(records: Iterable[Record], ontology: Ontology) -> dict[str, list[Record]]:
    """Return the records that are compared with each other, by kind; kinds and records in order.

    Records without a type may be anything: where there are some, the kind "" holds all records.
    """
    kinds: dict[str, list[Record]] = {}
    ordered = sorted(records, key=lambda record: (record.source, record.record_id))
    for record in ordered:
        if record.type:
            kinds.setdefault(kind_of(record.type, ontology), []).append(record)
    if any(not record.type for record in ordered):
        kinds[UNTYPED] = ordered
    return dict(sorted(kinds.items()))


def catalog_table(records: Sequence[Record], related: Related, identifiers: Sequence[str]) -> pa.Table:
    """Return records as a table for `resolve_table`: record_id (the record key), source, and text columns.

    The columns are name, aliases, description, the properties, and one for each relation that some record has: names of
    what it is related to. Identifiers and same_as are not among them, for they are hard evidence; nor popularity, which
    every source has on its own scale.
    """
    rows = [_cells(record, related.get(record.key, {}), {*identifiers, SAME_AS, *_OWN}) for record in records]
    names = dict.fromkeys(["name", "aliases", "description", *sorted({name for row in rows for name in row})])
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    filled = {name: column for name, column in columns.items() if column.null_count < len(column)}
    keys = {"record_id": [r.key for r in records], "source": [r.source for r in records]}
    return pa.table({**{name: pa.array(values, pa.string()) for name, values in keys.items()}, **filled})


def _cells(record: Record, related: Mapping[str, Sequence[str]], left_out: set[str]) -> dict[str, str]:
    cells = {"name": record.name, "aliases": LIST.join(record.aliases), "description": record.description}
    reserved = {*cells, "record_id", "source"}
    for name, value in record.properties.items():
        if name not in left_out:
            cells[f"property {name}" if name in reserved else name] = _text(value)
    for relation, others in related.items():
        cells[f"relation {relation}"] = LIST.join(sorted(others)[:_OTHER_NAMES])
    return {name: cell for name, cell in cells.items() if cell}


def _text(value: PropertyValue) -> str:
    return str(value) if isinstance(value, bool | float) else LIST.join(values_of(value))
