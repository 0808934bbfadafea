"""Which records are one entity: what people said, then hard evidence, then what was decided about pairs."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from linkers.clustering.record_evidence import ID, SAME_AS, Join, identifier_values, joins
from schemas.ontology import AUDIO_ONTOLOGY, Ontology
from schemas.record import Record

PERSON = "person"
MUST_LINK, CANNOT_LINK = "must-link", "cannot-link"


@dataclass(frozen=True, slots=True)
class RecordSettings:
    """How records are resolved.

    identifiers:     properties that name a thing once and for all, first the strongest.
    source_priority: sources whose values win in a canonical entity, first the strongest; others follow by name.
    ontology:        tells which types may be one thing.
    """

    identifiers: tuple[str, ...] = ("wikidata", "musicbrainz", "mbid", "isrc", "isni", "ean", "upc")
    source_priority: tuple[str, ...] = ()
    ontology: Ontology = AUDIO_ONTOLOGY


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person said of two records.

    left, right: record keys. verdict: must-link or cannot-link. sequence: of the run; of two that contradict each other
    the newer one holds.
    """

    left: str
    right: str
    verdict: str
    sequence: int


@dataclass(frozen=True, slots=True)
class RefusedJoin:
    """A join by hard evidence that was not made, since it would have put a contradiction into one entity.

    conflict: the identifier of which the two clusters have different values, or "type".
    """

    join: Join
    conflict: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Records that are one entity.

    members: record keys in order. joins: those that made the cluster, one fewer than members: a tree.
    """

    members: tuple[str, ...]
    joins: tuple[Join, ...]

    def ties(self, canonical: str) -> dict[str, tuple[str, float]]:
        """Return what ties each member to one of them: evidence of the join next to it, least probability on the way.

        The canonical record itself is tied by its id.
        """
        beside: dict[str, list[tuple[str, Join]]] = defaultdict(list)
        for join in self.joins:
            beside[join.left].append((join.right, join))
            beside[join.right].append((join.left, join))
        found = {canonical: (ID, 1.0)}
        waiting = deque([canonical])
        while waiting:
            key = waiting.popleft()
            for other, join in beside[key]:
                if other not in found:
                    found[other] = (join.evidence, min(found[key][1], join.probability))
                    waiting.append(other)
        return found


@dataclass(frozen=True, slots=True)
class RecordClusters:
    """The outcome of joining: clusters in order of their first member, and what was not done.

    refused:   joins by hard evidence. overruled: statements that newer ones contradict.
    """

    clusters: list[Cluster]
    refused: list[RefusedJoin]
    overruled: list[Statement]


def cluster_records(
    records: Iterable[Record],
    settings: RecordSettings | None = None,
    *,
    decided: Iterable[Join] = (),
    said: Iterable[Statement] = (),
) -> RecordClusters:
    """Join the records that people say are one thing, that hard evidence joins, or whose pair was decided so.

    decided: joins that a model decided, with their probability. said: by people.
    What was said last comes first, and nothing later contradicts it. Then hard evidence (`joins`), strongest first,
    then the decided joins, the most probable first. A join of these two kinds is refused when it would bring together
    two clusters with different values of one identifier, or (unless same_as states it) of types that cannot be one
    thing.
    The outcome does not depend on the order of the input. Records that are not here are passed over.
    """
    settings = settings or RecordSettings()
    ordered = sorted(records, key=lambda record: (record.source, record.record_id))
    making = _Making(ordered, settings)
    overruled = [each for each in _newest_first(said) if not making.hear(each)]
    for join in joins(ordered, settings.identifiers):
        making.join(join, is_hard=True)
    for join in sorted(decided, key=lambda join: (-join.probability, join.left, join.right)):
        making.join(join, is_hard=False)
    return RecordClusters(making.clusters(), making.refused, overruled)


def _newest_first(said: Iterable[Statement]) -> list[Statement]:
    return sorted(said, key=lambda each: (-each.sequence, each.verdict, each.left, each.right))


class _Making:
    """A union-find whose clusters know their identifiers, types and enemies, and refuse what contradicts them."""

    def __init__(self, records: Sequence[Record], settings: RecordSettings) -> None:
        self.refused: list[RefusedJoin] = []
        self._ontology = settings.ontology
        self._parent = {record.key: record.key for record in records}
        self._size = dict.fromkeys(self._parent, 1)
        self._identifiers = {r.key: identifier_values(r, settings.identifiers) for r in records}
        self._types = {r.key: frozenset(filter(None, [r.type])) for r in records}
        self._apart: dict[str, set[str]] = defaultdict(set)
        self._joined: list[Join] = []

    def hear(self, said: Statement) -> bool:
        """Do what a person said; returns whether it could be done."""
        if said.left not in self._parent or said.right not in self._parent:
            return True
        left, right = self._root(said.left), self._root(said.right)
        if said.verdict == CANNOT_LINK:
            if left == right:
                return False
            self._apart[left].add(right)
            self._apart[right].add(left)
        elif said.verdict == MUST_LINK and left != right:
            if right in self._apart[left]:
                return False
            self._unite(left, right, Join(said.left, said.right, PERSON))
        return True

    def join(self, join: Join, *, is_hard: bool) -> None:
        """Unite two clusters, or refuse to; that hard evidence is refused is noted."""
        if join.left not in self._parent or join.right not in self._parent:
            return
        left, right = self._root(join.left), self._root(join.right)
        if left == right or right in self._apart[left]:
            return
        conflict = self._conflict(left, right, join.evidence)
        if not conflict:
            self._unite(left, right, join)
        elif is_hard:
            self.refused.append(RefusedJoin(join, conflict))

    def clusters(self) -> list[Cluster]:
        """Return the clusters, in order of their first member."""
        members: dict[str, list[str]] = defaultdict(list)
        for key in sorted(self._parent):
            members[self._root(key)].append(key)
        made: dict[str, list[Join]] = defaultdict(list)
        for join in self._joined:
            made[self._root(join.left)].append(join)
        return [Cluster(tuple(keys), tuple(made[root])) for root, keys in members.items()]

    def _unite(self, left: str, right: str, join: Join) -> None:
        first, second = (left, right) if self._size[left] >= self._size[right] else (right, left)
        self._joined.append(join)
        self._parent[second] = first
        self._size[first] += self._size.pop(second)
        self._identifiers[first] = _united(self._identifiers[first], self._identifiers.pop(second))
        self._types[first] |= self._types.pop(second)
        for enemy in self._apart.pop(second, ()):
            self._apart[enemy].discard(second)
            self._apart[enemy].add(first)
            self._apart[first].add(enemy)

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
        fit = all(may_be_one(a, b, self._ontology) for a in self._types[left] for b in self._types[right])
        return "" if fit else "type"


def may_be_one(first: str, second: str, ontology: Ontology) -> bool:
    """Say whether two types can be one thing: an artist is a person, a track is no album."""
    families = {ontology.family(first), ontology.family(second)}
    if first == second or families == {"agent"}:
        return True
    return families == {"work"} and "work" in (first, second)


def _united(first: Mapping[str, frozenset[str]], second: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    empty: frozenset[str] = frozenset()
    return {name: first.get(name, empty) | second.get(name, empty) for name in first.keys() | second.keys()}
