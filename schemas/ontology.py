"""Which types of entities and relations there are, and how a user adds more.

Labels and relation types end up inside Cypher, where no parameter can stand, so every name that leaves
this module is an identifier.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schemas.errors import OntologyError

_TYPE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
_RELATION_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,62}\Z")
RESERVED_RELATIONS = frozenset({"MENTIONS", "RESOLVED_TO", "CO_MENTIONED"})
RESERVED_LABELS = frozenset({"Entity", "Record", "Document"})


@dataclass(frozen=True, slots=True)
class EntityType:
    """A type of entity.

    name:    lower-case identifier, as in ``e.type``.
    family:  the coarse kind used where only that is known: agent, work, place, event or concept.
    also:    other words for the type in catalogs and extractors, lower case.
    cues:    words that announce one in a text ("the album X", "the band X"), lower case.
    """

    name: str
    family: str
    also: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Second node label in Neo4j: the name in CamelCase."""
        return "".join(part.capitalize() for part in self.name.split("_"))


@dataclass(frozen=True, slots=True)
class RelationType:
    """A type of relation: subject -name-> object, read backwards as `inverse`.

    subjects, objects: entity types it usually joins; empty means any. They describe, they do not forbid.
    """

    name: str
    inverse: str
    subjects: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ontology:
    """The entity types and relation types that a home knows.

    Raises OntologyError when a name is not an identifier, stands twice or is reserved.
    """

    entity_types: tuple[EntityType, ...]
    relation_types: tuple[RelationType, ...]
    _types: dict[str, EntityType] = field(init=False, repr=False, compare=False, default_factory=dict)
    _relations: dict[str, RelationType] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for entity_type in self.entity_types:
            self._add_type(entity_type)
        for entity_type in self.entity_types:
            for word in entity_type.also:
                self._types.setdefault(word.lower(), entity_type)
        for relation_type in self.relation_types:
            self._add_relation(relation_type)

    def _add_type(self, entity_type: EntityType) -> None:
        if not _TYPE_NAME.match(entity_type.name):
            raise OntologyError(entity_type.name, "is not an entity type name ([a-z][a-z0-9_]*)")
        if entity_type.name in self._types:
            raise OntologyError(entity_type.name, "is declared twice as an entity type")
        if entity_type.label in RESERVED_LABELS:
            raise OntologyError(entity_type.name, "would take a label that kg uses itself")
        self._types[entity_type.name] = entity_type

    def _add_relation(self, relation_type: RelationType) -> None:
        for name in (relation_type.name, relation_type.inverse):
            if not _RELATION_NAME.match(name):
                raise OntologyError(name, "is not a relation type name ([A-Z][A-Z0-9_]*)")
            if name in RESERVED_RELATIONS:
                raise OntologyError(name, "is a relation type that kg writes itself")
        if relation_type.name in self._relations:
            raise OntologyError(relation_type.name, "is declared twice as a relation type")
        self._relations[relation_type.name] = relation_type

    def type_named(self, word: str) -> EntityType | None:
        """Return the type called `word`, or that `word` is another word for; None when there is none."""
        return self._types.get(word.strip().lower().replace(" ", "_")) or self._types.get(word.strip().lower())

    def canonical_type(self, word: str) -> str:
        """Return the ontology's name for `word`, or `word` itself as a lower-case identifier.

        A type that the ontology does not hold is kept, for the catalog knows its own things; it has no
        family and no label. Raises OntologyError when no identifier can be made of it.
        """
        if not word.strip():
            return ""
        known = self.type_named(word)
        if known:
            return known.name
        name = re.sub(r"[^a-z0-9]+", "_", word.strip().lower()).strip("_")
        if not _TYPE_NAME.match(name):
            raise OntologyError(word, "cannot be an entity type ([a-z][a-z0-9_]*)", (t.name for t in self.entity_types))
        return name

    def family(self, type_name: str) -> str:
        """Return the coarse kind of a type, "" for a type that the ontology does not hold."""
        known = self._types.get(type_name)
        return known.family if known else ""

    def label(self, type_name: str) -> str | None:
        """Return the second node label of a type, None for a type that the ontology does not hold."""
        known = self._types.get(type_name)
        return known.label if known and known.name == type_name else None

    def relation(self, name: str) -> RelationType:
        """Return the relation type `name`; raises OntologyError with the known names."""
        try:
            return self._relations[name]
        except KeyError:
            raise OntologyError(name, "is not a relation type", self._relations) from None

    @property
    def relation_names(self) -> tuple[str, ...]:
        """Names of the relation types, sorted."""
        return tuple(sorted(self._relations))

    def extended(self, entity_types: Iterable[EntityType], relation_types: Iterable[RelationType]) -> "Ontology":
        """Return an ontology with more types; one declared again replaces the one of the same name."""
        types = {t.name: t for t in self.entity_types} | {t.name: t for t in entity_types}
        relations = {r.name: r for r in self.relation_types} | {r.name: r for r in relation_types}
        return Ontology(tuple(types.values()), tuple(relations.values()))

    def families(self) -> Mapping[str, str]:
        """Return the family of every type by its name."""
        return {t.name: t.family for t in self.entity_types}


def _types() -> tuple[EntityType, ...]:
    return (
        EntityType(
            "artist",
            "agent",
            (
                "band",
                "group",
                "musical_group",
                "musician",
                "singer",
                "rapper",
                "duo",
                "dj",
                "orchestra",
                "ensemble",
            ),
            (
                "band",
                "singer",
                "rapper",
                "duo",
                "group",
                "artist",
                "songwriter",
                "trio",
                "quartet",
                "act",
                "dj",
                "frontman",
            ),
        ),
        EntityType(
            "person",
            "agent",
            ("human", "people", "host", "producer", "composer", "per"),
            (
                "host",
                "hosts",
                "producer",
                "drummer",
                "bassist",
                "guitarist",
                "author",
                "journalist",
                "engineer",
                "writer",
            ),
        ),
        EntityType(
            "album",
            "work",
            ("record", "lp", "ep", "release", "soundtrack", "release_group"),
            ("album", "record", "lp", "ep", "debut", "soundtrack", "mixtape"),
        ),
        EntityType(
            "track",
            "work",
            ("song", "single", "recording", "composition"),
            ("song", "track", "single", "tune", "hit", "ballad", "anthem", "cover of"),
        ),
        EntityType("podcast", "work", ("show", "series", "program", "programme"), ("podcast", "show", "series")),
        EntityType("episode", "work", ("podcast_episode",), ("episode", "instalment")),
        EntityType(
            "work",
            "work",
            ("book", "film", "opera", "musical_work", "work_of_art"),
            ("film", "movie", "book", "opera", "novel", "symphony"),
        ),
        EntityType("label", "agent", ("record_label", "imprint"), ("label", "imprint")),
        EntityType(
            "organization",
            "agent",
            ("organisation", "company", "org", "institution", "network", "publisher"),
            ("company", "network", "studio", "magazine", "newspaper", "publisher"),
        ),
        EntityType(
            "place",
            "place",
            (
                "city",
                "country",
                "location",
                "gpe",
                "loc",
                "region",
                "venue",
                "fac",
                "town",
                "village",
                "state",
                "building",
            ),
            ("city", "town", "venue", "club", "in", "from"),
        ),
        EntityType(
            "event",
            "event",
            ("festival", "concert", "tour", "award_ceremony"),
            ("festival", "tour", "concert"),
        ),
        EntityType("genre", "concept", ("music_genre", "style"), ("genre", "style")),
        EntityType("topic", "concept", ("subject", "theme", "concept", "award"), ("topic",)),
    )


def _relations() -> tuple[RelationType, ...]:
    work, agent = ("album", "track"), ("artist", "person")
    return (
        RelationType("PERFORMED_BY", "PERFORMED", work, ("artist",)),
        RelationType("ON_ALBUM", "HAS_TRACK", ("track",), ("album",)),
        RelationType("MEMBER_OF", "HAS_MEMBER", agent, ("artist",)),
        RelationType("HOSTS", "HOSTED_BY", agent, ("podcast",)),
        RelationType("PART_OF", "HAS_PART", ("episode",), ("podcast",)),
        RelationType("GUEST_ON", "HAS_GUEST", agent, ("episode",)),
        RelationType("SIGNED_TO", "HAS_ARTIST", ("artist",), ("label",)),
        RelationType("RELEASED_BY", "RELEASED", work, ("label",)),
        RelationType("HAS_GENRE", "GENRE_OF", (), ("genre",)),
        RelationType("ABOUT", "TOPIC_OF"),
        RelationType("PRODUCED_BY", "PRODUCED", work, agent),
        RelationType("WRITTEN_BY", "WROTE", work, agent),
        RelationType("FROM_PLACE", "HOME_OF", agent, ("place",)),
        RelationType("COLLABORATED_WITH", "COLLABORATED_WITH", ("artist",), ("artist",)),
        RelationType("PERFORMED_AT", "HOSTED_PERFORMANCE_OF", ("artist",), ("event", "place")),
        RelationType("PUBLISHED_BY", "PUBLISHED", ("podcast",), ("organization",)),
        RelationType("LOCATED_IN", "CONTAINS_PLACE", ("place",), ("place",)),
        RelationType("FOUNDED_BY", "FOUNDED", ("label", "organization"), agent),
        RelationType("COVER_OF", "COVERED_BY", ("track",), ("track",)),
        RelationType("INFLUENCED_BY", "INFLUENCED", ("artist",), agent),
    )


AUDIO_ONTOLOGY = Ontology(_types(), _relations())
"""The ontology of an audio catalog, which kg.toml may extend."""
