"""Ids of canonical entities: they stay while records come and go; of two that meet, the older one stays."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """What the id of a record's entity depends on.

    record_id: within its source. rank: smaller comes first as the canonical record of an entity. entity_id: of its
    entity until now, "" for a new record. since: number of the run that first resolved it.
    """

    record_id: str
    rank: tuple[int, int, str, str]
    entity_id: str
    since: int


def name_entities(clusters: Sequence[Sequence[str]], records: Mapping[str, KnownRecord]) -> list[str]:
    """Return the id of each cluster of record keys, in their order.

    An entity's id goes with the part that holds most of its records; of equal parts with the one that holds the record
    that it was made from, then with the first in rank. Where several ids meet in one cluster, that of the record known
    longest stays, then the first in rank. A cluster without an id takes the record_id of its first record in rank; when
    another entity has taken that, the record key.
    """
    wishes: list[tuple[tuple[int, tuple[int, int, str, str]], str, int]] = []
    for former, parts in _parts(clusters, records).items():
        held = [key for keys in parts.values() for key in keys]
        keeper = min(parts, key=lambda place: (-len(parts[place]), *_claim(former, parts[place], records)))
        age = min(records[key].since for key in held)
        wishes.append(((age, min(records[key].rank for key in held)), former, keeper))
    ids: dict[int, str] = {}
    for _, former, place in sorted(wishes):
        if place not in ids:
            ids[place] = former
    taken = set(ids.values())
    for place in sorted(range(len(clusters)), key=lambda place: min(clusters[place])):
        if place not in ids:
            ids[place] = _fresh(clusters[place], records, taken)
            taken.add(ids[place])
    return [ids[place] for place in range(len(clusters))]


def _parts(
    clusters: Sequence[Sequence[str]], records: Mapping[str, KnownRecord]
) -> Mapping[str, Mapping[int, Sequence[str]]]:
    """Return which records of each former entity are in which cluster."""
    parts: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for place, keys in enumerate(clusters):
        for key in keys:
            if records[key].entity_id:
                parts[records[key].entity_id][place].append(key)
    return parts


def _claim(
    former: str, keys: Iterable[str], records: Mapping[str, KnownRecord]
) -> tuple[bool, tuple[int, int, str, str]]:
    made_from = any(former in (key, records[key].record_id) for key in keys)
    return not made_from, min(records[key].rank for key in keys)


def _fresh(keys: Sequence[str], records: Mapping[str, KnownRecord], taken: set[str]) -> str:
    ordered = sorted(keys, key=lambda key: records[key].rank)
    wished = [records[ordered[0]].record_id, *ordered, *(records[key].record_id for key in ordered)]
    free = next((name for name in wished if name not in taken), None)
    if free is not None:
        return free
    number = 2
    while f"{ordered[0]}~{number}" in taken:
        number += 1
    return f"{ordered[0]}~{number}"
