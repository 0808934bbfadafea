"""What every graph store does with nodes and edges: the protocol GraphStore, but for queries."""

from typing import Any

import pyarrow as pa
import pytest

from schemas.batches import MENTIONS_EDGES, NODES, RELATION_EDGES, edge_labels, edge_schema
from schemas.errors import OntologyError, StoreRejected
from schemas.ontology import RESERVED_RELATIONS
from schemas.protocols import GraphStore, NodeLabel
from tests.contracts.graph_rows import ONTOLOGY, entities, ids_of, pairs_of, put_entities, relations, rows

HARD_TEXTS = [
    "",
    "plain",
    'it\'s "quoted" and `back` \\slash\\ \\n',
    "line\nbreak\r\nand\ttab",
    "Björk Guðmundsdóttir",
    "きゃりーぱみゅぱみゅ",
    "צליל مكسور 🎧👩‍🎤",
    "e\u0301 is not é",
    "NULL",
    "$id {x: 1} // not a comment /* nor this */; DROP",
    "x" * 5000,
    "a|b,c;[d]",
]


def test_satisfies_the_protocol(graph: GraphStore) -> None:
    assert isinstance(graph, GraphStore)


@pytest.mark.parametrize("label", ["Entity", "Record", "Document"])
def test_an_empty_graph_answers_empty_tables_of_the_schema(graph: GraphStore, label: NodeLabel) -> None:
    assert graph.nodes(label).equals(NODES[label].empty_table())


@pytest.mark.parametrize("edge_type", sorted({*RESERVED_RELATIONS, *ONTOLOGY.relation_names}))
def test_every_edge_type_can_be_written_and_read(graph: GraphStore, edge_type: str) -> None:
    start, end = edge_labels(edge_type)
    graph.put_nodes(start, rows(NODES[start], {"id": "a"}))  # type: ignore[arg-type]
    graph.put_nodes(end, rows(NODES[end], {"id": "b"}))  # type: ignore[arg-type]
    written = rows(edge_schema(edge_type), {"from_id": "a", "to_id": "b"})
    graph.put_edges(edge_type, written)
    assert graph.edges(edge_type).equals(written)


@pytest.mark.parametrize("label", ["Entity", "Record", "Document"])
def test_every_text_comes_back_as_it_went_in(graph: GraphStore, label: NodeLabel) -> None:
    schema = NODES[label]
    texts = [f.name for f in schema if pa.types.is_string(f.type) and f.name not in {"id", "type"}]
    values: list[dict[str, Any]] = [{"id": f"{n:02d}"} | dict.fromkeys(texts, t) for n, t in enumerate(HARD_TEXTS)]
    if "aliases" in schema.names:
        for n, value in enumerate(values):
            value["aliases"] = HARD_TEXTS[:n]
    written = rows(schema, *values)
    graph.put_nodes(label, written)
    assert graph.nodes(label).equals(written)


def test_ids_may_be_any_text(graph: GraphStore) -> None:
    written = entities(*({"id": text} for text in sorted(set(HARD_TEXTS))))
    graph.put_nodes("Entity", written)
    assert graph.nodes("Entity").equals(written)
    pairs = [(text, text) for text in sorted(set(HARD_TEXTS))]
    graph.put_edges("ABOUT", relations(*pairs))
    assert pairs_of(graph, "ABOUT") == pairs


def test_numbers_and_nulls_come_back_as_they_went_in(graph: GraphStore) -> None:
    numbers = [None, 0.0, -0.0, 0.1, 1e-308, 1.7976931348623157e308, 123456789.123456789, float("inf")]
    written = entities(*({"id": f"{n}", "popularity": number} for n, number in enumerate(numbers)))
    graph.put_nodes("Entity", written)
    assert graph.nodes("Entity")["popularity"].to_pylist() == numbers
    graph.put_nodes("Document", rows(NODES["Document"], {"id": "d"}))
    edges = rows(
        MENTIONS_EDGES,
        {"from_id": "d", "to_id": "0", "count": 2**53 + 1, "probability": 0.987654, "first_start": 0},
        {"from_id": "d", "to_id": "1", "count": 1, "probability": 1.0, "first_start": 7, "first_ms": 2**40},
    )
    graph.put_edges("MENTIONS", edges)
    assert graph.edges("MENTIONS").equals(edges)


def test_rows_are_ordered_by_code_points(graph: GraphStore) -> None:
    ids = ["b", "a", "Z", "é", "z", "10", "9", "\U0001f3a7", "\uffee", ""]
    graph.put_nodes("Entity", entities(*({"id": i} for i in ids)))
    assert ids_of(graph) == sorted(ids)
    graph.put_edges("ABOUT", relations(*((a, b) for a in ids for b in ids[:3])))
    assert pairs_of(graph, "ABOUT") == sorted((a, b) for a in ids for b in ids[:3])


def test_putting_twice_changes_nothing(graph: GraphStore) -> None:
    nodes = entities({"id": "a", "aliases": ["x"]}, {"id": "b", "popularity": 1.5})
    for _ in range(2):
        graph.put_nodes("Entity", nodes)
        graph.put_edges("ABOUT", relations(("a", "b")))
    assert graph.nodes("Entity").equals(nodes)
    assert graph.edges("ABOUT").equals(relations(("a", "b")))


def test_putting_a_node_again_replaces_every_property_and_keeps_its_edges(graph: GraphStore) -> None:
    old = {"id": "a", "name": "old", "aliases": ["x", "y"], "popularity": 3.0, "description": "d"}
    graph.put_nodes("Entity", entities(old, {"id": "b"}))
    graph.put_edges("ABOUT", relations(("a", "b"), ("b", "a")))
    graph.put_nodes("Entity", entities({"id": "a", "name": "new"}, {"id": "c"}))
    assert graph.nodes("Entity").equals(entities({"id": "a", "name": "new"}, {"id": "b"}, {"id": "c"}))
    assert pairs_of(graph, "ABOUT") == [("a", "b"), ("b", "a")]


def test_putting_an_edge_again_replaces_its_properties(graph: GraphStore) -> None:
    graph.put_nodes("Document", rows(NODES["Document"], {"id": "d"}))
    put_entities(graph, "a", "b")
    first = {"from_id": "d", "to_id": "a", "count": 1, "probability": 0.5, "first_start": 3, "first_ms": 10}
    graph.put_edges("MENTIONS", rows(MENTIONS_EDGES, first))
    changed = rows(MENTIONS_EDGES, first | {"count": 2, "first_ms": None}, first | {"to_id": "b"})
    graph.put_edges("MENTIONS", changed)
    assert graph.edges("MENTIONS").equals(changed)


def test_the_last_row_of_a_key_wins(graph: GraphStore) -> None:
    graph.put_nodes("Entity", entities({"id": "a", "name": "1"}, {"id": "b"}, {"id": "a", "name": "2"}))
    assert graph.nodes("Entity").equals(entities({"id": "a", "name": "2"}, {"id": "b"}))
    twice = pa.concat_tables([relations(("a", "b"), source="1"), relations(("a", "b"), source="2")])
    graph.put_edges("ABOUT", twice)
    assert graph.edges("ABOUT").equals(relations(("a", "b"), source="2"))


@pytest.mark.parametrize("count", [3, 700])
def test_edges_without_both_ends_are_not_written(graph: GraphStore, count: int) -> None:
    put_entities(graph, *(f"{n:03d}" for n in range(count)))
    there = [(f"{n:03d}", f"{(n * 7 + 1) % count:03d}") for n in range(count)]
    graph.put_edges("ABOUT", relations(("000", "missing"), *there, ("missing", "000"), ("missing", "gone")))
    assert pairs_of(graph, "ABOUT") == sorted(there)
    assert ids_of(graph) == [f"{n:03d}" for n in range(count)]


def test_the_same_id_may_stand_under_every_label(graph: GraphStore) -> None:
    put_entities(graph, "x")
    graph.put_nodes("Record", rows(NODES["Record"], {"id": "x", "source": "s"}))
    graph.put_nodes("Document", rows(NODES["Document"], {"id": "x", "title": "t"}))
    graph.delete_nodes("Record", ["x"])
    assert (ids_of(graph), ids_of(graph, "Record"), ids_of(graph, "Document")) == (["x"], [], ["x"])


def test_edges_of_some_nodes(graph: GraphStore) -> None:
    put_entities(graph, "a", "b", "c")
    graph.put_edges("ABOUT", relations(("a", "b"), ("a", "c"), ("b", "a"), ("c", "c")))
    assert pairs_of(graph, "ABOUT", ["c", "a", "a", "unknown"]) == [("a", "b"), ("a", "c"), ("c", "c")]
    assert graph.edges("ABOUT", []).equals(RELATION_EDGES.empty_table())
    assert graph.edges("ABOUT", ["unknown"]).equals(RELATION_EDGES.empty_table())


def test_deleting_nodes_takes_their_edges_along(graph: GraphStore) -> None:
    put_entities(graph, "a", "b", "c")
    graph.put_edges("ABOUT", relations(("a", "b"), ("b", "c"), ("c", "a")))
    graph.delete_nodes("Entity", ["b", "b", "unknown"])
    assert ids_of(graph) == ["a", "c"]
    assert pairs_of(graph, "ABOUT") == [("c", "a")]
    graph.delete_nodes("Entity", [])
    assert ids_of(graph) == ["a", "c"]


def test_a_deleted_node_comes_back_without_its_edges(graph: GraphStore) -> None:
    put_entities(graph, "a", "b")
    graph.put_edges("ABOUT", relations(("a", "b")))
    graph.delete_nodes("Entity", ["a"])
    put_entities(graph, "a")
    assert pairs_of(graph, "ABOUT") == []


@pytest.mark.parametrize("count", [3, 700])
def test_deleting_edges(graph: GraphStore, count: int) -> None:
    ids = [f"{n:03d}" for n in range(count)]
    put_entities(graph, *ids)
    graph.put_edges("ABOUT", relations(*((i, i) for i in ids), ("000", "001")))
    graph.put_edges("HOSTS", relations(("001", "001")))
    graph.delete_edges("ABOUT", relations(*((i, i) for i in ids[1:]), ("001", "000"), ("unknown", "001")))
    assert pairs_of(graph, "ABOUT") == [("000", "000"), ("000", "001")]
    assert pairs_of(graph, "HOSTS") == [("001", "001")]
    assert ids_of(graph) == ids


def test_empty_writes_do_nothing(graph: GraphStore) -> None:
    graph.put_nodes("Entity", NODES["Entity"].empty_table())
    graph.put_edges("ABOUT", RELATION_EDGES.empty_table())
    graph.delete_edges("ABOUT", RELATION_EDGES.empty_table())
    assert ids_of(graph) == []


def test_clear_leaves_nothing_of_kg(graph: GraphStore) -> None:
    put_entities(graph, "a", "b")
    graph.put_nodes("Document", rows(NODES["Document"], {"id": "d"}))
    graph.put_nodes("Record", rows(NODES["Record"], {"id": "r"}))
    graph.put_edges("ABOUT", relations(("a", "b")))
    graph.clear()
    assert [ids_of(graph, label) for label in ("Entity", "Record", "Document")] == [[], [], []]
    assert pairs_of(graph, "ABOUT") == []
    put_entities(graph, "a", "b")
    assert pairs_of(graph, "ABOUT") == []


def test_prepare_may_be_repeated(graph: GraphStore) -> None:
    put_entities(graph, "a")
    graph.prepare()
    assert ids_of(graph) == ["a"]


@pytest.mark.parametrize("name", ["UNKNOWN", "about", "ABOUT]->() DETACH DELETE (x)-[:A", "Entity", ""])
def test_unknown_edge_types_are_refused(graph: GraphStore, name: str) -> None:
    for call in (graph.edges, lambda t: graph.put_edges(t, relations()), lambda t: graph.delete_edges(t, relations())):
        with pytest.raises(OntologyError) as caught:
            call(name)
        assert caught.value.name == name


def test_unknown_labels_are_refused(graph: GraphStore) -> None:
    with pytest.raises(OntologyError):
        graph.nodes("Artist")  # type: ignore[arg-type]
    with pytest.raises(OntologyError):
        graph.delete_nodes("Entity) DETACH DELETE (m", ["a"])  # type: ignore[arg-type]


def test_rows_that_do_not_fit_are_refused_and_nothing_is_written(graph: GraphStore) -> None:
    good = entities({"id": "a"})
    text_as_number = good.set_column(5, "popularity", pa.array(["high"]))
    open_schema = pa.schema([field.with_nullable(True) for field in NODES["Entity"]])
    without_name = pa.Table.from_pylist([{"id": "a", "aliases": []}], schema=open_schema)
    for bad in (good.drop_columns(["name"]), text_as_number, without_name):
        with pytest.raises(StoreRejected) as caught:
            graph.put_nodes("Entity", bad)
        assert caught.value.store == graph.url
    assert ids_of(graph) == []


def test_columns_in_another_order_or_too_many_do_not_matter(graph: GraphStore) -> None:
    written = entities({"id": "a", "name": "n", "popularity": 1.0})
    shuffled = written.select(list(reversed(written.column_names))).append_column("more", pa.array([1]))
    graph.put_nodes("Entity", shuffled)
    assert graph.nodes("Entity").equals(written)


def test_check_names_what_answers(graph: GraphStore) -> None:
    name, version = graph.check().split()[:2]
    assert name in {"LadybugDB", "Neo4j"}
    assert version[0].isdigit()
