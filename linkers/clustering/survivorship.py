"""What a canonical entity says when its records differ, and which record each value comes from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from linkers.clustering.record_evidence import SAME_AS, pointed_to
from linkers.clustering.records import RecordSettings
from schemas.entity import Entity
from schemas.record import PropertyValue, Record
from schemas.resolution import Resolution

Rank = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class StatedValue:
    """A value that records state of an entity.

    field:   name, type, alias, description, popularity, or the name of a property.
    records: keys of the records that state it, in rank. kept: whether the canonical entity has it.
    """

    field: str
    value: PropertyValue
    records: tuple[str, ...]
    kept: bool


def canonical_rank(records: Sequence[Record], settings: RecordSettings) -> dict[str, Rank]:
    """Return the order in which the records of one entity are asked, by record key; the smallest is asked first.

    By source priority, then those that most others of the entity name in same_as, then by (source, record_id).
    """
    priority = {source: number for number, source in enumerate(settings.source_priority)}
    pointed = pointed_to(records)
    return {
        r.key: (priority.get(r.source, len(priority)), -pointed.get(r.key, 0), r.source, r.record_id) for r in records
    }


def canonical_entities(
    records: Iterable[Record], resolutions: Iterable[Resolution], settings: RecordSettings | None = None
) -> list[Entity]:
    """Return the canonical entities, ordered by id.

    What survives: records are asked in the order of `canonical_rank`, whichever gave the entity its id. Name, type,
    description, popularity and every property are the first that is not empty; aliases are all other names of all
    records. same_as says how records relate and is no property of the entity.
    """
    chosen = settings or RecordSettings()
    entity_of = {resolution.record_key: resolution.entity_id for resolution in resolutions}
    members: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.key in entity_of:
            members[entity_of[record.key]].append(record)
    return [_entity(entity_id, _ranked(group, chosen)) for entity_id, group in sorted(members.items())]


def stated_values(records: Sequence[Record], settings: RecordSettings | None = None) -> list[StatedValue]:
    """Return every value that the records of one entity state, by field, what the entity keeps first."""
    ordered = _ranked(records, settings or RecordSettings())
    by: dict[str, dict[PropertyValue, list[str]]] = defaultdict(lambda: defaultdict(list))
    for record in ordered:
        for field, value in _stated(record):
            if record.key not in by[field][value]:
                by[field][value].append(record.key)
    name = ordered[0].name
    by["alias"].pop(name, None)
    rows = []
    for field, values in by.items():
        first = next(iter(values), None)
        rows += [StatedValue(field, v, tuple(keys), field == "alias" or v == first) for v, keys in values.items()]
    return rows


def _ranked(records: Sequence[Record], settings: RecordSettings) -> list[Record]:
    rank = canonical_rank(records, settings)
    return sorted(records, key=lambda record: rank[record.key])


def _stated(record: Record) -> Iterator[tuple[str, PropertyValue]]:
    yield "name", record.name
    if record.type:
        yield "type", record.type
    yield from (("alias", name) for name in (record.name, *record.aliases) if name)
    if record.description:
        yield "description", record.description
    if record.popularity is not None:
        yield "popularity", record.popularity
    yield from ((key, value) for key, value in sorted(record.properties.items()) if key != SAME_AS and _is_value(value))


def _is_value(value: PropertyValue) -> bool:
    return value not in ("", ())


def _entity(entity_id: str, records: Sequence[Record]) -> Entity:
    names = {name for record in records for name in (record.name, *record.aliases) if name}
    name = records[0].name
    return Entity(
        id=entity_id,
        name=name,
        type=next((r.type for r in records if r.type), ""),
        aliases=tuple(sorted(names - {name})),
        description=next((r.description for r in records if r.description), ""),
        popularity=next((r.popularity for r in records if r.popularity is not None), None),
        properties=_properties(records),
    )


def _properties(records: Sequence[Record]) -> Mapping[str, PropertyValue]:
    properties: dict[str, PropertyValue] = {}
    for record in records:
        for key, value in record.properties.items():
            if key != SAME_AS and _is_value(value):
                properties.setdefault(key, value)
    return dict(sorted(properties.items()))
