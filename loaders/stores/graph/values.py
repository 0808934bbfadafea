"""Makes the values of a query's answer the same on every graph store: plain, and ready for JSON."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from schemas.batches import NODES, edge_schema
from schemas.ontology import RESERVED_RELATIONS, Ontology

_ENDS = ("from_id", "to_id")


def node_value(label: str, properties: Mapping[str, object]) -> dict[str, object]:
    """Return a node as its properties with "_label" first; every column of kg's own labels is there."""
    columns = NODES[label].names if label in NODES else ()
    return {"_label": label} | _filled(columns, properties)


def edge_value(ontology: Ontology, edge_type: str, properties: Mapping[str, object]) -> dict[str, object]:
    """Return an edge as its properties with "_type" first; every column of a known type is there."""
    known = edge_type in RESERVED_RELATIONS or edge_type in ontology.relation_names
    columns = [name for name in edge_schema(edge_type).names if name not in _ENDS] if known else ()
    return {"_type": edge_type} | _filled(columns, properties)


def _filled(columns: Iterable[str], properties: Mapping[str, object]) -> dict[str, object]:
    filled = {name: plain(properties.get(name)) for name in columns}
    others = sorted(name for name in properties if name not in filled and properties[name] is not None)
    return filled | {name: plain(properties[name]) for name in others}


def plain(value: object) -> object:
    """Return a scalar of a driver as text, number, truth or null: dates and durations in ISO 8601, bytes in hex."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return iso_duration(days=value.days, seconds=value.seconds, nanoseconds=value.microseconds * 1000)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def iso_duration(*, months: int = 0, days: int = 0, seconds: int = 0, nanoseconds: int = 0) -> str:
    """Return a duration in ISO 8601, such as P1Y2M3DT4.5S; PT0S when it is nothing.

    >>> iso_duration(months=14, days=3, seconds=4, nanoseconds=500_000_000)
    'P1Y2M3DT4.5S'
    """
    years, rest = divmod(abs(months), 12)
    sign = "-" if months < 0 else ""
    parts = [f"{sign}{n}{unit}" for n, unit in ((years, "Y"), (rest, "M")) if n]
    parts += [f"{days}D"] if days else []
    if seconds or nanoseconds:
        total = Decimal(seconds) + Decimal(nanoseconds) / 1_000_000_000
        parts.append(f"T{total.normalize():f}S")
    return "P" + "".join(parts) if parts else "PT0S"
