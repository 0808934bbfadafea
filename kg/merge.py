"""`kg merge` and `kg split`: a person says which records are one entity."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import orjson

from kg import runs
from kg.entities import entity_id_of
from kg.home import Home
from kg.verdicts import Verdict, decide_as_person
from linkers.clustering.records import CANNOT_LINK, MUST_LINK
from schemas.errors import NotFoundError, ReviewError
from schemas.identity import content_id


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge or a split made.

    entity_id: the entity that kept its id. other_id: for a merge the id that leads there now, for a split the new one.
    records:   keys of the records of the merged entity, or of the one that was split off. run_id: for `kg undo`.
    """

    entity_id: str
    other_id: str
    records: tuple[str, ...]
    run_id: str


def merge(home: Home, first: str, second: str) -> Merged:
    """Make two entities one; the older id stays, and the other leads to it.

    first, second: entity ids, record ids, source:record_id or exact names. Raises NotFoundError, ReviewError when they
    are one already.
    """
    with home.writing():
        fingerprint = content_id("merge", first, second)
        verdicts = _of_killed(home, fingerprint)
        if verdicts is None:
            ids = [_catalog_entity(home, given) for given in (first, second)]
            if ids[0] == ids[1]:
                raise ReviewError(f"{first!r} and {second!r} are one entity already: {ids[0]}")
            left, right = (_founder(home, entity_id) for entity_id in ids)
            verdicts = [Verdict(left, right, MUST_LINK)]
        before = {home.mentions.resolutions()[key].entity_id for v in verdicts for key in (v.left, v.right)}
        run_id = decide_as_person(home, "merge", fingerprint, _settings(verdicts), verdicts)
        kept = home.mentions.resolutions()[verdicts[0].left].entity_id
    led = sorted(before - {kept})
    return Merged(kept, led[0] if led else kept, tuple(members(home, kept)), run_id)


def split(home: Home, entity: str, records: Sequence[str]) -> Merged:
    """Part records from their entity; together they are another one from now on.

    entity: as for `merge`. records: source:record_id, or record_id where only one record of the entity has it. The
    larger part keeps the id. Raises NotFoundError, ReviewError when nothing or everything would be parted.
    """
    with home.writing():
        fingerprint = content_id("split", entity, *records)
        verdicts = _of_killed(home, fingerprint)
        if verdicts is None:
            verdicts = _partings(home, _catalog_entity(home, entity), records)
        run_id = decide_as_person(home, "split", fingerprint, _settings(verdicts), verdicts)
        resolutions = home.mentions.resolutions()
    parted = next(v for v in verdicts if v.verdict == CANNOT_LINK)
    kept, other = resolutions[parted.right].entity_id, resolutions[parted.left].entity_id
    return Merged(kept, other, tuple(members(home, other)), run_id)


def members(home: Home, entity_id: str) -> list[str]:
    """Return the keys of an entity's records, sorted."""
    return sorted(key for key, row in home.mentions.resolutions().items() if row.entity_id == entity_id)


def _partings(home: Home, entity_id: str, given: Sequence[str]) -> list[Verdict]:
    keys = members(home, entity_id)
    parted = sorted({_record_key(keys, record, entity_id) for record in given})
    rest = [key for key in keys if key not in parted]
    if not parted or not rest:
        what = "no record" if not parted else "every record"
        raise ReviewError(f"split of {entity_id!r} names {what} of it; name some of: {', '.join(keys)}")
    apart = [Verdict(left, right, CANNOT_LINK) for left, right in product(parted, rest)]
    return apart + [Verdict(left, right, MUST_LINK) for left, right in pairwise(parted)]


def _record_key(keys: Sequence[str], given: str, entity_id: str) -> str:
    found = [key for key in keys if given in (key, key.partition(":")[2])]
    if given in found:
        return given
    if len(found) != 1:
        hint = "several sources have it; give source:record_id" if found else ""
        raise NotFoundError(f"record of {entity_id}", given, found or keys, hint)
    return found[0]


def _catalog_entity(home: Home, given: str) -> str:
    entity_id = entity_id_of(home, given)
    if not members(home, entity_id):
        hint = "it is provisional: `kg promote` or `kg assign` makes it one of the catalog"
        raise NotFoundError("catalog entity", given, hint=hint)
    return entity_id


def _founder(home: Home, entity_id: str) -> str:
    """Return the record that stands for an entity: the one that its id was made from, else the first."""
    keys = members(home, entity_id)
    return min(keys, key=lambda key: (entity_id not in (key, key.partition(":")[2]), key))


def _settings(verdicts: Sequence[Verdict]) -> dict[str, str]:
    return {"verdicts": orjson.dumps([(v.left, v.right, v.verdict) for v in verdicts]).decode()}


def _of_killed(home: Home, fingerprint: str) -> list[Verdict] | None:
    """Return what a run of the same work wanted that was killed: its entities may be merged or parted by now."""
    killed = runs.interrupted(home.mentions)
    if killed is None or killed.fingerprint != fingerprint:
        return None
    return [Verdict(*row) for row in orjson.loads(killed.settings["verdicts"])]
