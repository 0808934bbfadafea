"""JSON-LD: the prefixes as context, and a node object a line."""

from typing import IO

import orjson
from rdflib import RDF, Literal

from kg.export.graph_image import GraphImage
from kg.export.rdf.resources import Resource, resources
from kg.export.rdf.vocabulary import WORDS_FOLLOW, Names


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
            values.setdefault("@type", []).append(_word(str(value), names))
        elif isinstance(value, Literal):
            values.setdefault(_word(said, names), []).append(_literal(value, names))
        else:
            iri = _word(value, names) if said in WORDS_FOLLOW else str(value)
            values.setdefault(_word(said, names), []).append({"@id": iri})
    single = {name: found[0] if len(found) == 1 else found for name, found in values.items()}
    return {"@id": str(resource.iri), **single}


def _literal(value: Literal, names: Names) -> object:
    if value.datatype:
        return {"@value": str(value), "@type": _word(value.datatype, names)}
    return str(value)


def _word(iri: str, names: Names) -> str:
    return names.short(iri) or str(iri)
