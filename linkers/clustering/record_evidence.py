"""What speaks for two records being the same thing, beyond doubt: shared ids, same_as, strong identifiers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas.record import PropertyValue, Record

SAME_AS = "same_as"
ID = "id"

_SPACE_OF = {"mbid": "musicbrainz", "upc": "ean"}
"""Identifiers that are drawn from one space of values: a UPC is an EAN without its leading zero."""

_PUNCTUATION = str.maketrans("", "", "-. ")


@dataclass(frozen=True, slots=True)
class Join:
    """A statement that two records are the same thing.

    left, right: record keys, left < right.
    evidence:    "id", "same_as", the property whose value they share, "person", or the version of the pair model.
    probability: in [0, 1]; 1.0 for hard evidence.
    """

    left: str
    right: str
    evidence: str
    probability: float = 1.0


def values_of(value: PropertyValue | None) -> tuple[str, ...]:
    """Return the texts of a property: one, several or none."""
    if value is None or isinstance(value, bool | float):
        return ()
    parts = value if isinstance(value, tuple) else (str(value),)
    return tuple(part.strip() for part in parts if part.strip())


def identifier_values(record: Record, identifiers: Sequence[str]) -> dict[str, frozenset[str]]:
    """Return the values of a record's strong identifiers by their space of values.

    Addresses are cut to their last part, signs and case dropped, leading zeros of product codes too. A value
    without a digit ("unknown", "n/a") identifies nothing.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for name in identifiers:
        space = _SPACE_OF.get(name, name)
        for text in values_of(record.properties.get(name)):
            value = text.rstrip("/").rpartition("/")[2].translate(_PUNCTUATION).casefold()
            value = value.lstrip("0") if space == "ean" else value
            if any(sign.isdigit() for sign in value):
                found[space].add(value)
    return {space: frozenset(values) for space, values in found.items()}


def joins(records: Sequence[Record], identifiers: Sequence[str]) -> Iterator[Join]:
    """Yield the joins that the records state, strongest evidence first, then by record key.

    records: sorted by key. A value that many records share gives a chain, not all pairs.
    """
    yield from _chains({r.key: (r.record_id,) for r in records}, ID)
    yield from sorted(_same_as(records), key=lambda join: (join.left, join.right))
    for name in identifiers:
        values = {r.key: identifier_values(r, (name,)).get(_SPACE_OF.get(name, name), ()) for r in records}
        yield from _chains(values, name)
    for name in identifiers:
        if name in _SPACE_OF:  # a UPC here may equal an EAN there
            pair = (_SPACE_OF[name], name)
            yield from _chains({r.key: identifier_values(r, pair).get(pair[0], ()) for r in records}, name)


def pointed_to(records: Sequence[Record]) -> Mapping[str, int]:
    """Return how many records point to a record by same_as, by record key."""
    counts: dict[str, int] = defaultdict(int)
    for _, target in _pointers(records):
        counts[target] += 1
    return counts


def _chains(values: Mapping[str, Sequence[str] | frozenset[str]], evidence: str) -> Iterator[Join]:
    holders: dict[str, list[str]] = defaultdict(list)
    for key in sorted(values):
        for value in sorted(values[key]):
            holders[value].append(key)
    for value in sorted(holders):
        keys = holders[value]
        for left, right in pairwise(keys):
            yield Join(left, right, evidence)


def _same_as(records: Sequence[Record]) -> Iterator[Join]:
    for key, target in _pointers(records):
        yield Join(min(key, target), max(key, target), SAME_AS)


def _pointers(records: Sequence[Record]) -> Iterator[tuple[str, str]]:
    """Yield (record key, key of a record it points to); ids of records that are not here are passed over."""
    keys = {record.key for record in records}
    by_id: dict[str, list[str]] = defaultdict(list)
    for record in records:
        by_id[record.record_id].append(record.key)
    for record in records:
        for target in values_of(record.properties.get(SAME_AS)):
            for key in [target] if target in keys else by_id.get(target, ()):
                if key != record.key:
                    yield record.key, key
