"""Which records are the same thing by hard evidence, and what the canonical entity then says."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from linkers.clustering.record_evidence import ID, SAME_AS, Join, identifier_values, joins, pointed_to
from schemas.entity import Entity
from schemas.ontology import AUDIO_ONTOLOGY, Ontology
from schemas.record import PropertyValue, Record
from schemas.resolution import Resolution


@dataclass(frozen=True, slots=True)
class RecordSettings:
    """How records are resolved.

    identifiers:     properties that name a thing once and for all, first the strongest.
    source_priority: sources whose record becomes the canonical one, first the strongest; others follow by name.
    ontology:        tells which types may be one thing.
    """

    identifiers: tuple[str, ...] = ("wikidata", "musicbrainz", "mbid", "isrc", "isni", "ean", "upc")
    source_priority: tuple[str, ...] = ()
    ontology: Ontology = AUDIO_ONTOLOGY


@dataclass(frozen=True, slots=True)
class RefusedJoin:
    """A join that was stated and not made, since it would have put a contradiction into one entity.

    conflict: the identifier of which the two clusters have different values, or "type".
    """

    join: Join
    conflict: str


@dataclass(frozen=True, slots=True)
class RecordClusters:
    """The outcome of joining: resolutions ordered by record key, and what was refused."""

    resolutions: list[Resolution]
    refused: list[RefusedJoin]


def resolve_records(records: Iterable[Record], settings: RecordSettings | None = None) -> list[Resolution]:
    """Return the canonical entity of every record, ordered by record key; see `cluster_records`."""
    return cluster_records(records, settings).resolutions


def cluster_records(records: Iterable[Record], settings: RecordSettings | None = None) -> RecordClusters:
    """Join the records that share an id, point to one another by same_as, or share a strong identifier.

    Evidence is taken strongest first, in an order that does not depend on the input's. A join is refused when
    it would bring together two clusters with different values of one identifier, or (unless same_as states
    it) of types that cannot be one thing. The entity takes the record_id of its canonical record: the first
    by source priority, else the one that most others point to, else the first by (source, record_id); when
    another entity has taken that id, the record key.
    """
    settings = settings or RecordSettings()
    ordered = sorted(records, key=lambda record: (record.source, record.record_id))
    clusters = _Clusters(ordered, settings)
    for join in joins(ordered, settings.identifiers):
        clusters.join(join)
    rank = _canonical_rank(ordered, settings)
    resolutions: list[Resolution] = []
    taken: set[str] = set()
    for members in clusters.members():
        canonical = min(members, key=rank.__getitem__)
        record_id = clusters.records[canonical].record_id
        entity_id = canonical if record_id in taken else record_id
        taken.add(entity_id)
        evidence = clusters.evidence_from(canonical)
        resolutions += [Resolution(key, entity_id, 1.0, evidence[key]) for key in members]
    return RecordClusters(sorted(resolutions, key=lambda r: r.record_key), clusters.refused)


def _canonical_rank(records: Sequence[Record], settings: RecordSettings) -> dict[str, tuple[int, int, str, str]]:
    priority = {source: number for number, source in enumerate(settings.source_priority)}
    pointed = pointed_to(records)
    return {
        r.key: (priority.get(r.source, len(priority)), -pointed.get(r.key, 0), r.source, r.record_id) for r in records
    }


class _Clusters:
    """A union-find whose clusters know their identifiers and types, and refuse what contradicts them."""

    def __init__(self, records: Sequence[Record], settings: RecordSettings) -> None:
        self.records = {record.key: record for record in records}
        self.refused: list[RefusedJoin] = []
        self._ontology = settings.ontology
        self._parent = {key: key for key in self.records}
        self._identifiers = {r.key: identifier_values(r, settings.identifiers) for r in records}
        self._types = {r.key: frozenset(filter(None, [r.type])) for r in records}
        self._joined: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def join(self, join: Join) -> None:
        left, right = self._root(join.left), self._root(join.right)
        if left == right:
            return
        conflict = self._conflict(left, right, join.evidence)
        if conflict:
            self.refused.append(RefusedJoin(join, conflict))
            return
        self._joined[join.left].append((join.right, join.evidence))
        self._joined[join.right].append((join.left, join.evidence))
        first, second = min(left, right), max(left, right)
        self._parent[second] = first
        self._identifiers[first] = _united(self._identifiers[first], self._identifiers.pop(second))
        self._types[first] |= self._types.pop(second)

    def members(self) -> list[list[str]]:
        """Return the record keys of each cluster, clusters and keys in order."""
        found: dict[str, list[str]] = defaultdict(list)
        for key in sorted(self.records):
            found[self._root(key)].append(key)
        return [found[root] for root in sorted(found)]

    def evidence_from(self, canonical: str) -> dict[str, str]:
        """Return what ties each record of a cluster to the canonical one: the join nearest to the record."""
        evidence = {canonical: ID}
        waiting = deque([canonical])
        while waiting:
            key = waiting.popleft()
            for other, reason in sorted(self._joined[key]):
                if other not in evidence:
                    evidence[other] = reason
                    waiting.append(other)
        return evidence

    def _root(self, key: str) -> str:
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def _conflict(self, left: str, right: str, evidence: str) -> str:
        ours, theirs = self._identifiers[left], self._identifiers[right]
        for name in sorted(ours.keys() & theirs.keys()):
            if ours[name].isdisjoint(theirs[name]):
                return name
        if evidence == SAME_AS:
            return ""
        fit = all(self._may_be_one(a, b) for a in self._types[left] for b in self._types[right])
        return "" if fit else "type"

    def _may_be_one(self, first: str, second: str) -> bool:
        """Say whether two types can be one thing: an artist is a person, a track is no album."""
        families = {self._ontology.family(first), self._ontology.family(second)}
        if first == second or families == {"agent"}:
            return True
        return families == {"work"} and "work" in (first, second)


def _united(first: Mapping[str, frozenset[str]], second: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    empty: frozenset[str] = frozenset()
    return {name: first.get(name, empty) | second.get(name, empty) for name in first.keys() | second.keys()}


def canonical_entities(
    records: Iterable[Record], resolutions: Iterable[Resolution], settings: RecordSettings | None = None
) -> list[Entity]:
    """Return the canonical entities, ordered by id.

    What survives: records are asked in order, first the one that gave the entity its id, then by source
    priority, then by (source, record_id). Name, type, description, popularity and every property are the
    first that is not empty; aliases are all other names of all records. same_as says how records relate and
    is no property of the entity.
    """
    settings = settings or RecordSettings()
    ordered = list(records)
    rank = _canonical_rank(ordered, settings)
    entity_of = {resolution.record_key: resolution.entity_id for resolution in resolutions}
    members: dict[str, list[Record]] = defaultdict(list)
    for record in ordered:
        if record.key in entity_of:
            members[entity_of[record.key]].append(record)
    return [
        _entity(entity_id, sorted(group, key=lambda r: (entity_id not in (r.record_id, r.key), *rank[r.key])))
        for entity_id, group in sorted(members.items())
    ]


def _entity(entity_id: str, records: Sequence[Record]) -> Entity:
    names = {name for record in records for name in (record.name, *record.aliases) if name}
    properties: dict[str, PropertyValue] = {}
    for record in records:
        for key, value in record.properties.items():
            if key != SAME_AS and value not in ("", ()):
                properties.setdefault(key, value)
    name = records[0].name
    return Entity(
        id=entity_id,
        name=name,
        type=next((r.type for r in records if r.type), ""),
        aliases=tuple(sorted(names - {name})),
        description=next((r.description for r in records if r.description), ""),
        popularity=next((r.popularity for r in records if r.popularity is not None), None),
        properties=dict(sorted(properties.items())),
    )
