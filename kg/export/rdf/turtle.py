"""Turtle: prefixes, then a block a resource."""

from typing import IO

from rdflib import Literal, URIRef

from kg.export.graph_image import GraphImage
from kg.export.rdf.resources import Fact, Resource, resources
from kg.export.rdf.vocabulary import WORDS_FOLLOW, Names

_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def write_turtle(graph: GraphImage, out: IO[bytes]) -> int:
    """Write Turtle as it is read; returns how many resources. Their meaning: kg.export.rdf.resources."""
    names = Names(graph.base_iri, graph.ontology)
    for prefix, space in names.prefixes.items():
        out.write(f"@prefix {prefix}: <{space}> .\n".encode())
    written = 0
    for resource in resources(graph, names):
        out.write(_block(resource, names).encode())
        written += 1
    return written


def _block(resource: Resource, names: Names) -> str:
    facts = " ;\n    ".join(_fact(fact, names) for fact in resource.facts)
    return f"\n<{resource.iri}>\n    {facts} .\n"


def _fact(fact: Fact, names: Names) -> str:
    said, value = fact
    if isinstance(value, Literal):
        quoted = f'"{value.translate(_ESCAPED)}"'
        text = f"{quoted}^^{_word(value.datatype, names)}" if value.datatype else quoted
    else:
        text = _word(value, names) if said in WORDS_FOLLOW else f"<{value}>"
    return f"{_word(said, names)} {text}"


def _word(iri: URIRef, names: Names) -> str:
    return names.short(iri) or f"<{iri}>"
