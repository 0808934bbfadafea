"""JSON-LD: the prefixes as context, and a node object a line."""

from typing import IO

import orjson
from rdflib import RDF, Literal, URIRef

from kg.export.graph_image import GraphImage
from kg.export.rdf.resources import Resource, resources
from kg.export.rdf.vocabulary import Names


def write_json_ld(graph: GraphImage, out: IO[bytes]) -> int:
    """Write one JSON-LD document as it is read; returns how many node objects.

    The statements are those of Turtle. The context is in the document: nothing is fetched to read it. An edge is a node
    object of its own with the id of where it starts, which JSON-LD takes for more about the same thing.
    """
    names = Names(graph.base_iri, graph.ontology)
    out.write(b'{"@context":' + orjson.dumps(names.prefixes) + b',"@graph":[')
    written = 0
    for resource in resources(graph, names):
        out.write(b",\n" if written else b"\n")
        out.write(orjson.dumps(_node_object(resource, names)))
        written += 1
    out.write(b"\n]}\n")
    return written


def _node_object(resource: Resource, names: Names) -> dict[str, object]:
    values: dict[str, list[object]] = {}
    for said, value in resource.facts:
        if said == RDF.type:
            values.setdefault("@type", []).append(names.short(value) or str(value))
        else:
            values.setdefault(names.short(said) or str(said), []).append(_value(value, names))
    single = {name: found[0] if len(found) == 1 else found for name, found in values.items()}
    return {"@id": str(resource.iri), **single}


def _value(value: URIRef | Literal, names: Names) -> object:
    if isinstance(value, URIRef):
        return {"@id": names.short(value) or str(value)}
    if value.datatype:
        return {"@value": str(value), "@type": names.short(value.datatype) or str(value.datatype)}
    return str(value)
