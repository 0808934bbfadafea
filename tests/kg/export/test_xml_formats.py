"""GraphML and GEXF, read back by networkx."""

import io
from collections.abc import Callable
from typing import IO, Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.export import GraphImage
from kg.export.gexf import write_gexf
from kg.export.graphml import write_graphml
from schemas.batches import edge_labels
from schemas.errors import ConfigError
from tests.kg.export.images import ROWS, Rows, every_row, image

Write = Callable[[GraphImage, IO[bytes]], int]
READERS: dict[Write, Callable[[IO[bytes]], Any]] = {
    write_graphml: lambda stream: nx.read_graphml(stream, force_multigraph=True),
    write_gexf: lambda stream: nx.MultiDiGraph(nx.read_gexf(stream)),
}
both = pytest.mark.parametrize("write", READERS)
XML_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff", min_codepoint=32))


def written(write: Write, content: Rows = ROWS) -> Any:
    out = io.BytesIO()
    number = write(image(content), out)
    graph = READERS[write](io.BytesIO(out.getvalue()))
    assert number == graph.number_of_nodes() + graph.number_of_edges()
    return graph


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return what the format says of a row: no nulls, lists as one text."""
    joined = {name: "|".join(value) if isinstance(value, list) else value for name, value in row.items()}
    return {name: value for name, value in joined.items() if value is not None and name not in ("from_id", "to_id")}


@both
def test_what_is_read_back_is_the_graph(write: Write) -> None:
    graph = written(write)
    drawn = {"label", "weight"}
    expected_edges = []
    for table, row in every_row():
        values = {table.kind: table.name, **flat(row)}
        if table.kind == "node":
            found = graph.nodes[f"{table.name}:{row['id']}"]
            assert {k: v for k, v in found.items() if k not in drawn} == values
        else:
            start, end = edge_labels(table.name)
            expected_edges.append((f"{start}:{row['from_id']}", f"{end}:{row['to_id']}", values))
    found_edges = [
        (a, b, {k: v for k, v in d.items() if k not in drawn | {"id"}}) for a, b, d in graph.edges(data=True)
    ]
    assert sorted(found_edges, key=str) == sorted(expected_edges, key=str)
    assert {type(row["count"]) for _, _, row in graph.edges(data=True) if "count" in row} == {int}


def test_gephi_has_names_and_weights() -> None:
    graph = written(write_gexf)
    assert graph.nodes["Entity:a1"]["label"] == "Nirvana"
    assert graph.nodes["Entity:u1"]["label"] == "u1"
    assert graph.nodes["Document:d1"]["label"] == "Talk"
    (mentions,) = graph.get_edge_data("Document:d1", "Entity:a1").values()
    assert (mentions["label"], mentions["weight"]) == ("MENTIONS", 3.0)
    (resolved,) = graph.get_edge_data("Record:main:a1", "Entity:a1").values()
    assert (resolved["label"], resolved["weight"]) == ("RESOLVED_TO", 1.0)


@both
@given(texts=st.lists(XML_TEXT, min_size=3, max_size=3))
def test_any_text_survives(write: Write, texts: list[str]) -> None:
    name, description, alias = texts
    node = {"id": f"x{name}", "name": name, "description": description, "aliases": [alias]}
    found = written(write, {"Entity": [node]}).nodes[f"Entity:x{name}"]
    assert (found["name"], found["description"], found["aliases"]) == (name, description, alias)


@both
def test_a_character_that_xml_cannot_hold_is_replaced_but_not_in_an_id(write: Write) -> None:
    found = written(write, {"Entity": [{"id": "a", "name": "bell \x07 and \ufffe"}]})
    assert found.nodes["Entity:a"]["name"] == "bell \ufffd and \ufffd"
    with pytest.raises(ConfigError, match="parquet"):
        write(image({"Entity": [{"id": "a\x07"}]}), io.BytesIO())


@both
def test_an_empty_graph_is_a_document(write: Write) -> None:
    assert written(write, {}).number_of_nodes() == 0


@both
def test_nothing_is_kept_until_the_end(write: Write) -> None:
    """When the tables of edges are asked for, the nodes are in the stream already."""
    out = io.BytesIO()
    seen: list[int] = []
    whole = image({"Entity": [{"id": str(number), "name": "x" * 50} for number in range(3000)]})

    def watched() -> Any:
        for table in whole.tables:
            if table.kind == "edge":
                seen.append(out.tell())
            yield table

    write(GraphImage(watched(), whole.ontology, whole.base_iri), out)
    assert seen[0] > 3000 * 50
