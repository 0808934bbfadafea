"""Turtle and JSON-LD, read back by rdflib."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SDO, Graph, Literal, URIRef

from kg.export.rdf.json_ld import write_json_ld
from kg.export.rdf.turtle import write_turtle
from kg.export.rdf.vocabulary import MO, RELATIONS, TYPES, Names
from schemas.batches import NODES, edge_labels
from schemas.ontology import AUDIO_ONTOLOGY
from tests.kg.export.images import BASE, MBID, ONTOLOGY, ROWS, Rows, every_row, image

NAMES = Names(BASE, ONTOLOGY)
COLUMNS = {SDO.identifier: "id", SDO.name: "name", SDO.alternateName: "aliases", SDO.description: "description"}
OF_DOCUMENTS = {SDO.name: "title", SDO.datePublished: "published", SDO.inLanguage: "language"}


def turtle(content: Rows = ROWS) -> Graph:
    out = io.BytesIO()
    write_turtle(image(content), out)
    return Graph().parse(data=out.getvalue(), format="turtle")


def json_ld(content: Rows = ROWS) -> Graph:
    out = io.BytesIO()
    write_json_ld(image(content), out)
    return Graph().parse(data=out.getvalue(), format="json-ld")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return turtle()


def test_both_say_the_same(graph: Graph) -> None:
    assert set(json_ld()) == set(graph)


def test_the_whole_graph_can_be_made_of_it_again(graph: Graph) -> None:
    """Every node with its columns and properties, every edge with its columns: values and types."""
    said: dict[str, dict[URIRef, list[Any]]] = {}
    for subject, predicate, value in graph:
        python = value.toPython() if isinstance(value, Literal) else value
        said.setdefault(str(subject), {}).setdefault(predicate, []).append(python)  # type: ignore[arg-type]
    for table, row in every_row():
        if table.kind == "node":
            assert node_of(said[str(NAMES.node(table.name, row["id"]))], table.name) == comparable(row)
        else:
            found = said[str(NAMES.edge(table.name, row["from_id"], row["to_id"]))]
            ends = [NAMES.node(label, row[end]) for label, end in zip(edge_labels(table.name), ENDS, strict=True)]
            assert (found[RDF.subject], found[RDF.object]) == ([ends[0]], [ends[1]])
            assert found[RDF.predicate] == [NAMES.relation(table.name)]
            own = {name: value for name, value in row.items() if name not in ENDS and value not in (None, "")}
            assert own == {name: found[NAMES.own(name)][0] for name in own}
            assert (ends[0], NAMES.relation(table.name), ends[1]) in graph
    statements = sum(1 for table, _ in every_row() if table.kind == "edge")
    assert len(list(graph.subjects(RDF.type, RDF.Statement))) == statements


ENDS = ("from_id", "to_id")


def node_of(said: dict[URIRef, list[Any]], label: str) -> dict[str, Any]:
    named = OF_DOCUMENTS | {SDO.identifier: "id"} if label == "Document" else COLUMNS
    row: dict[str, Any] = {"properties": {}}
    for predicate, values in said.items():
        own = str(predicate).removeprefix(f"{BASE}vocabulary/")
        if predicate in named or own in NODES[label].names:
            name = named.get(predicate, own)
            row[name] = sorted(values) if name == "aliases" else values[0]
        elif str(predicate).startswith(f"{BASE}property/"):
            row["properties"][predicate] = sorted(values)
    return row


def comparable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as RDF can say it: without what is empty, lists without order."""
    properties = json.loads(row.get("properties") or "{}")
    values = {name: value for name, value in row.items() if value not in (None, "", [])}
    lists = {name: sorted(value) for name, value in values.items() if isinstance(value, list)}
    parts = {NAMES.property(name): value if isinstance(value, list) else [value] for name, value in properties.items()}
    return values | lists | {"properties": {name: sorted(value) for name, value in parts.items()}}


def test_things_have_the_words_of_schema_org_and_the_music_ontology(graph: Graph) -> None:
    nirvana, nevermind = NAMES.node("Entity", "a1"), NAMES.node("Entity", "b/1 %")
    assert set(graph.objects(nirvana, RDF.type)) == {NAMES.own("Entity"), SDO.MusicGroup, MO.MusicArtist}
    assert set(graph.objects(nirvana, SDO.sameAs)) == {
        URIRef(f"https://musicbrainz.org/artist/{MBID}"),
        URIRef("http://www.wikidata.org/entity/Q11649"),
    }
    assert set(graph.objects(nirvana, MO.musicbrainz_guid)) == {Literal(MBID)}
    assert (nevermind, SDO.byArtist, nirvana) in graph
    assert (NAMES.node("Document", "d1"), SDO.mentions, nirvana) in graph
    assert (NAMES.node("Document", "d1"), SDO.url, URIRef("https://example.org/1")) in graph
    assert not list(graph.objects(NAMES.node("Document", "d2"), SDO.url))


def test_what_the_words_do_not_know_keeps_its_own(graph: Graph) -> None:
    assert (NAMES.node("Entity", "r1"), NAMES.own("ORDER"), NAMES.node("Entity", "a1")) in graph
    assert set(graph.objects(NAMES.node("Entity", "r1"), RDF.type)) == {NAMES.own("Entity"), SDO.CreativeWork}
    assert set(graph.objects(NAMES.node("Entity", "u1"), RDF.type)) == {NAMES.own("Entity")}


def test_records_are_descriptions_and_not_the_thing(graph: Graph) -> None:
    record = NAMES.node("Record", "main:a1")
    assert set(graph.objects(record, RDF.type)) == {NAMES.own("Record")}
    assert not list(graph.objects(record, SDO.sameAs))
    assert set(graph.objects(record, NAMES.own("RESOLVED_TO"))) == {NAMES.node("Entity", "a1")}


def test_the_words_are_for_types_and_relations_that_there_are() -> None:
    assert set(TYPES) == {entity_type.name for entity_type in AUDIO_ONTOLOGY.entity_types}
    assert set(RELATIONS) <= {*AUDIO_ONTOLOGY.relation_names, "MENTIONS"}
    assert len(set(RELATIONS.values())) == len(RELATIONS)


@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=3, max_size=3)
)
def test_any_text_survives(texts: list[str]) -> None:
    name, key, value = texts
    node = {"id": f"x{name}", "name": name, "properties": json.dumps({f"p{key}": value})}
    for graph in (turtle({"Entity": [node]}), json_ld({"Entity": [node]})):
        subject = NAMES.node("Entity", f"x{name}")
        assert [str(found) for found in graph.objects(subject, SDO.name)] == [name] * bool(name)
        assert [str(found) for found in graph.objects(subject, NAMES.property(f"p{key}"))] == [value] * bool(value)


@given(pair=st.lists(st.text(min_size=1), min_size=2, max_size=2, unique=True))
def test_different_ids_have_different_iris(pair: list[str]) -> None:
    one, other = (text.encode("utf-8", "replace").decode() for text in pair)
    if one != other:
        assert NAMES.node("Entity", one) != NAMES.node("Entity", other)
        assert NAMES.edge("ABOUT", one, other) != NAMES.edge("ABOUT", other, one)
