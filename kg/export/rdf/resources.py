"""Nodes and edges as RDF resources: what is said of one IRI, in order."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import orjson
from rdflib import RDF, SDO, XSD, Literal, URIRef

from kg.export.graph_image import GraphImage, GraphTable, Row
from kg.export.rdf.external_ids import musicbrainz_ids, same_as
from kg.export.rdf.vocabulary import MO, Names, is_web_address
from schemas.batches import edge_labels

Fact = tuple[URIRef, URIRef | Literal]


class Resource(NamedTuple):
    """An IRI and what is said of it: properties with their values."""

    iri: URIRef
    facts: list[Fact]


_ENDS = ("from_id", "to_id")
_NAMED: Mapping[str, URIRef] = {
    "id": SDO.identifier,
    "name": SDO.name,
    "aliases": SDO.alternateName,
    "description": SDO.description,
    "title": SDO.name,
    "published": SDO.datePublished,
    "language": SDO.inLanguage,
}
"""Columns of nodes that schema.org has a word for; others, and those of edges, keep kg's own."""


def resources(graph: GraphImage, names: Names) -> Iterator[Resource]:
    """Yield the resources of a graph: a node is one, an edge is two.

    A node has the classes of its type, its columns (what is empty is not said), and the fields of its properties, one
    statement a value. An edge is said of the node it starts from, and described (probability, source, run ...) by
    a resource of its own, an rdf:Statement.
    """
    for table in graph.tables:
        make = _node if table.kind == "node" else _edge
        yield from _each(table, names, make)


def _each(table: GraphTable, names: Names, make: Callable[[str, Row, Names], Iterator[Resource]]) -> Iterator[Resource]:
    for row in table.dicts():
        yield from make(table.name, row, names)


def _node(label: str, row: Row, names: Names) -> Iterator[Resource]:
    properties: dict[str, object] = orjson.loads(row.get("properties") or "{}")
    facts: list[Fact] = [(RDF.type, each) for each in _classes(label, row, names)]
    for name, value in row.items():
        if name != "properties":
            facts.extend((_NAMED.get(name) or names.own(name), one) for one in _literals(value))
    for name, value in properties.items():
        facts.extend((names.property(name), one) for one in _literals(value))
    if label == "Entity":
        facts.extend((SDO.sameAs, URIRef(page)) for page in same_as(row["type"], properties))
        facts.extend((MO.musicbrainz_guid, Literal(one)) for one in musicbrainz_ids(properties))
    if label == "Document" and is_web_address(row["uri"]):
        facts.append((SDO.url, URIRef(row["uri"])))
    yield Resource(names.node(label, row["id"]), list(dict.fromkeys(facts)))


def _classes(label: str, row: Row, names: Names) -> tuple[URIRef, ...]:
    others = {"Entity": names.classes(row.get("type", "")), "Document": (SDO.CreativeWork,)}
    return (names.own(label), *others.get(label, ()))


def _edge(edge_type: str, row: Row, names: Names) -> Iterator[Resource]:
    labels = edge_labels(edge_type)
    start, end = (names.node(label, row[column]) for label, column in zip(labels, _ENDS, strict=True))
    said = names.relation(edge_type)
    yield Resource(start, [(said, end)])
    facts: list[Fact] = [(RDF.type, RDF.Statement), (RDF.subject, start), (RDF.predicate, said), (RDF.object, end)]
    for name, value in row.items():
        if name not in _ENDS:
            facts.extend((names.own(name), one) for one in _literals(value))
    yield Resource(names.edge(edge_type, row["from_id"], row["to_id"]), facts)


def _literals(value: object) -> list[Literal]:
    """Return a value as literals: one for each part of a list, none for null and ""."""
    if isinstance(value, list):
        return [one for part in value for one in _literals(part)]
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return [Literal("true" if value else "false", datatype=XSD.boolean, normalize=False)]
    if isinstance(value, int):
        return [Literal(str(value), datatype=XSD.integer, normalize=False)]
    if isinstance(value, float):
        text = repr(value) if math.isfinite(value) else str(value).replace("inf", "INF").replace("nan", "NaN")
        return [Literal(text, datatype=XSD.double, normalize=False)]
    return [Literal(value if isinstance(value, str) else orjson.dumps(value).decode())]
