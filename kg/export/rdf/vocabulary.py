"""What kg's types and relations are called in schema.org and in the Music Ontology.

A term stands here only where it means the same; everything else keeps kg's own name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from rdflib import RDF, SDO, XSD, Namespace, URIRef

from schemas.ontology import Ontology

MO = Namespace("http://purl.org/ontology/mo/")
"""The Music Ontology (http://musicontology.com), the vocabulary in which MusicBrainz is published as linked data."""

TYPES: Mapping[str, tuple[URIRef, ...]] = {
    "artist": (SDO.MusicGroup, MO.MusicArtist),
    "person": (SDO.Person,),
    "album": (SDO.MusicAlbum, MO.Record),
    "track": (SDO.MusicRecording, MO.Track),
    "podcast": (SDO.PodcastSeries,),
    "episode": (SDO.PodcastEpisode,),
    "work": (SDO.CreativeWork,),
    "label": (SDO.Organization, MO.Label),
    "organization": (SDO.Organization,),
    "place": (SDO.Place,),
    "event": (SDO.Event,),
    "genre": (SDO.DefinedTerm, MO.Genre),
    "topic": (SDO.DefinedTerm,),
}
"""Classes of kg's own entity types. schema.org's MusicGroup may be a solo musician."""

FAMILIES: Mapping[str, URIRef] = {
    "work": SDO.CreativeWork,
    "place": SDO.Place,
    "event": SDO.Event,
    "concept": SDO.DefinedTerm,
}
"""Class of a type that a user has added, by its family."""

RELATIONS: Mapping[str, URIRef] = {
    "MENTIONS": SDO.mentions,
    "PERFORMED_BY": SDO.byArtist,
    "ON_ALBUM": SDO.inAlbum,
    "MEMBER_OF": SDO.memberOf,
    "PART_OF": SDO.partOfSeries,
    "RELEASED_BY": SDO.recordLabel,
    "HAS_GENRE": SDO.genre,
    "ABOUT": SDO.about,
    "PRODUCED_BY": SDO.producer,
    "WRITTEN_BY": SDO.author,
    "PUBLISHED_BY": SDO.publisher,
    "LOCATED_IN": SDO.containedInPlace,
    "FOUNDED_BY": SDO.founder,
    "COVER_OF": SDO.isBasedOn,
    "COLLABORATED_WITH": MO.collaborated_with,
}
"""Properties that say what a relation type says, in the same direction."""

WORDS_FOLLOW = frozenset({RDF.type, RDF.predicate})
"""Properties whose values are words of a vocabulary, not things of the graph."""

_LOCAL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_IRI = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]+\Z")


def is_web_address(text: str) -> bool:
    """Return whether a text is an http(s) address that can stand in RDF as it is."""
    return _IRI.match(text) is not None


@dataclass(frozen=True)
class Names:
    """The names of a graph's resources, classes and properties.

    base: what the IRIs of kg's own things begin with, such as "https://example.org/kg/".
    """

    base: str
    ontology: Ontology
    _spaces: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        own = {"kg": f"{self.base}vocabulary/", "property": f"{self.base}property/"}
        others = {"schema": str(SDO), "mo": str(MO), "rdf": str(RDF), "xsd": str(XSD)}
        self._spaces.update(own | others)

    @property
    def prefixes(self) -> dict[str, str]:
        """Short names of the vocabularies in use."""
        return dict(self._spaces)

    def node(self, label: str, node_id: str) -> URIRef:
        """Return the IRI of a node; two nodes never have the same."""
        return URIRef(f"{self.base}{label.lower()}/{quote(node_id, safe='/:')}")

    def edge(self, edge_type: str, from_id: str, to_id: str) -> URIRef:
        """Return the IRI of the statement that an edge is; two edges never have the same."""
        return URIRef(f"{self.base}edge/{edge_type}/{quote(from_id, safe='')}/{quote(to_id, safe='')}")

    def own(self, name: str) -> URIRef:
        """Return a class or property of kg's own vocabulary."""
        return URIRef(f"{self._spaces['kg']}{name}")

    def property(self, name: str) -> URIRef:
        """Return the property for a field of the catalog that kg does not know."""
        return URIRef(f"{self._spaces['property']}{quote(name, safe='')}")

    def relation(self, edge_type: str) -> URIRef:
        """Return the property that an edge type is."""
        return RELATIONS.get(edge_type) or self.own(edge_type)

    def classes(self, type_name: str) -> tuple[URIRef, ...]:
        """Return the classes of an entity type, none for a type that nothing is known of."""
        known = TYPES.get(type_name)
        family = FAMILIES.get(self.ontology.family(type_name))
        return known or ((family,) if family else ())

    def short(self, iri: str) -> str | None:
        """Return the IRI of a word as prefix:name, None when no prefix fits; for those of things there is none."""
        return _short(tuple(self._spaces.items()), iri)


@lru_cache(maxsize=4096)
def _short(spaces: tuple[tuple[str, str], ...], iri: str) -> str | None:
    for prefix, space in spaces:
        if iri.startswith(space) and _LOCAL_NAME.match(iri[len(space) :]):
            return f"{prefix}:{iri[len(space) :]}"
    return None
