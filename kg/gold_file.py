"""Gold files as evaluation and the golden sets need them: read whole, with canonical ids."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from kg.home import Home
from kg.raw_ids import entity_by_any_id
from loaders.readers.spans import read_gold
from schemas.errors import IndexMissingError, InputError, SpanError
from schemas.span import GoldSpan


def read_gold_file(path: Path) -> list[GoldSpan]:
    """Return the rows of a gold file; raises the first SpanError."""
    rows: list[GoldSpan] = []
    for row in read_gold(path):
        if isinstance(row, InputError):
            raise row
        rows.append(row)
    if not rows:
        raise SpanError(path, "holds no gold spans")
    return rows


def canonical_gold(home: Home, rows: Sequence[GoldSpan]) -> tuple[list[GoldSpan], tuple[str, ...]]:
    """Return the gold with canonical ids and types, and the entity ids that the catalog does not hold, sorted."""
    given = {row.entity_id for row in rows if row.entity_id is not None}
    ids = catalog_ids(home, given)
    types = types_of(home, ids.values())
    made = []
    for row in rows:
        entity_id = ids.get(row.entity_id, row.entity_id) if row.entity_id is not None else None
        made.append(replace(row, entity_id=entity_id, type=row.type or types.get(entity_id or "", "")))
    return made, tuple(sorted(given - ids.keys()))


def catalog_ids(home: Home, given: Iterable[str]) -> dict[str, str]:
    """Return the canonical id of each entity id or record id that the catalog holds."""
    wanted = sorted(set(given))
    try:
        known = {name for name, row in zip(wanted, home.index.row_of(wanted), strict=True) if row >= 0}
    except IndexMissingError:
        # the index lies on another machine: the store knows the entities too
        known = {found.entity_id for found in home.mentions.resolutions().values()}.intersection(wanted)
    others = [name for name in wanted if name not in known]
    of_record = entity_by_any_id(home) if others else {}
    return {name: name for name in known} | {name: of_record[name] for name in others if name in of_record}


def types_of(home: Home, entity_ids: Iterable[str]) -> dict[str, str]:
    """Return the type of each entity that the index holds, by id; nothing without an index."""
    wanted = sorted(set(entity_ids))
    try:
        rows = home.index.row_of(wanted)
    except IndexMissingError:
        return {}
    known = [(name, int(row)) for name, row in zip(wanted, rows, strict=True) if row >= 0]
    types = home.index.entities["type"].take([row for _, row in known]).to_pylist() if known else []
    return {name: type_name for (name, _), type_name in zip(known, types, strict=True)}
