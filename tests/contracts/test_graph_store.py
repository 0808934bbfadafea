"""One scenario suite for the protocol GraphStore, run on every graph store."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from loaders.stores.graph.embedded import EmbeddedGraph
from schemas.batches import MENTIONS_EDGES, NODES, RELATION_EDGES, edge_labels, edge_schema
from schemas.errors import OntologyError, QueryError, StoreRejected
from schemas.ontology import AUDIO_ONTOLOGY, RESERVED_RELATIONS, EntityType, RelationType
from schemas.protocols import GraphStore, NodeLabel

ONTOLOGY = AUDIO_ONTOLOGY.extended(
    [EntityType("radio_station", "agent")], [RelationType("ORDER", "ORDERED_BY"), RelationType("TO", "FROM")]
)
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


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.servers)])
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[GraphStore]:
    if request.param == "embedded":
        store: GraphStore = EmbeddedGraph(tmp_path / "graph.lbug", ONTOLOGY)
    else:
        from loaders.stores.graph.neo4j import Neo4jGraph

        server = request.getfixturevalue("neo4j_clean")
        store = Neo4jGraph(server.url, ONTOLOGY, user=server.user, password=server.password)
    store.prepare()
    yield store
    store.close()


def rows(schema: pa.Schema, *values: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([_blank(schema) | value for value in values], schema=schema)


def _blank(schema: pa.Schema) -> dict[str, Any]:
    def blank(field: pa.Field) -> object:
        if field.nullable:
            return None
        return [] if pa.types.is_list(field.type) else "" if pa.types.is_string(field.type) else 0

    return {field.name: blank(field) for field in schema}


def entities(*values: dict[str, Any]) -> pa.Table:
    return rows(NODES["Entity"], *({"status": "catalog", "properties": "{}"} | value for value in values))


def relations(*pairs: tuple[str, str], source: str = "s") -> pa.Table:
    return rows(RELATION_EDGES, *({"from_id": a, "to_id": b, "source": source} for a, b in pairs))


def put_entities(graph: GraphStore, *ids: str) -> None:
    graph.put_nodes("Entity", entities(*({"id": i, "name": f"name of {i}", "type": "artist"} for i in ids)))


def pairs_of(graph: GraphStore, edge_type: str, from_ids: list[str] | None = None) -> list[tuple[str, str]]:
    table = graph.edges(edge_type, from_ids)
    return list(zip(table["from_id"].to_pylist(), table["to_id"].to_pylist(), strict=True))


def ids_of(graph: GraphStore, label: NodeLabel = "Entity") -> list[str]:
    found: list[str] = graph.nodes(label)["id"].to_pylist()
    return found


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


# queries


@pytest.fixture
def small(graph: GraphStore) -> GraphStore:
    values: list[dict[str, Any]] = [
        {"id": "a", "name": "A", "type": "artist", "aliases": ["x"]},
        {"id": "b", "name": "B", "type": "album", "popularity": 2.5},
        {"id": "c", "name": "C", "type": "radio_station", "status": "provisional"},
    ]
    graph.put_nodes("Entity", entities(*values))
    graph.put_nodes("Document", rows(NODES["Document"], {"id": "d", "title": "T"}))
    graph.put_edges("PERFORMED_BY", relations(("b", "a")))
    graph.put_edges("ABOUT", relations(("c", "b"), source="s|t"))
    mention = {"from_id": "d", "to_id": "a", "count": 2, "probability": 0.9, "first_start": 4}
    graph.put_edges("MENTIONS", rows(MENTIONS_EDGES, mention))
    return graph


A = {
    "_label": "Entity",
    "id": "a",
    "name": "A",
    "type": "artist",
    "aliases": ["x"],
    "description": "",
    "popularity": None,
    "status": "catalog",
    "properties": "{}",
}
B = A | {"id": "b", "name": "B", "type": "album", "aliases": [], "popularity": 2.5}
MENTION = {"_type": "MENTIONS", "count": 2, "probability": 0.9, "first_start": 4, "first_ms": None}


def test_nodes_and_edges_come_back_as_their_properties(small: GraphStore) -> None:
    result = small.query("MATCH (d:Document)-[m:MENTIONS]->(e:Entity) RETURN e, m, d.title AS title")
    assert result.columns == ("e", "m", "title")
    assert result.rows == [(A, MENTION, "T")]
    assert list(result.rows[0][0]) == list(A)
    assert list(result.rows[0][1]) == list(MENTION)
    assert not result.truncated


def test_nodes_and_edges_of_any_kind_have_their_own_properties_only(small: GraphStore) -> None:
    found = small.query("MATCH (x)-[r]->(e) RETURN x, r ORDER BY x.id").rows
    performed, about = {"_type": "PERFORMED_BY", "source": "s"}, {"_type": "ABOUT", "source": "s|t"}
    assert [r for _, r in found] == [performed, about, MENTION]
    assert found[0][0] == B
    assert set(found[2][0]) == {"_label", *NODES["Document"].names}


def test_paths_come_back_as_lists(small: GraphStore) -> None:
    found = small.query("MATCH p = (:Entity {id: 'b'})-[:PERFORMED_BY]->(:Entity) RETURN p").rows
    assert found == [([B, {"_type": "PERFORMED_BY", "source": "s"}, A],)]
    longer = small.query("MATCH p = (:Entity {id: 'c'})-[*1..2]->(:Entity {id: 'a'}) RETURN p").rows[0][0]
    assert [x.get("_label") or x["_type"] for x in longer] == ["Entity", "ABOUT", "Entity", "PERFORMED_BY", "Entity"]


def test_relations_of_variable_length_come_back_as_lists(small: GraphStore) -> None:
    found = small.query("MATCH (:Entity {id: 'c'})-[r*2]->(:Entity {id: 'a'}) RETURN r").rows
    assert found == [([{"_type": "ABOUT", "source": "s|t"}, {"_type": "PERFORMED_BY", "source": "s"}],)]


def test_nodes_inside_lists_are_plain_too(small: GraphStore) -> None:
    found = small.query("MATCH (e:Entity {id: 'a'}) RETURN collect(e) AS found").rows
    assert found == [([A],)]


def test_what_is_missing_is_none(small: GraphStore) -> None:
    query = "MATCH (e:Entity {id: 'a'}) OPTIONAL MATCH (e)-[r:HOSTS]->(x:Entity) RETURN r, x, e.popularity"
    assert small.query(query).rows == [(None, None, None)]


@pytest.mark.parametrize("value", ["it's", 'a "b" \\ `c`', "日本", 3, 2.5, True, ["a", "b"], [1, 2], None])
def test_parameters_travel_as_values(small: GraphStore, value: object) -> None:
    assert small.query("RETURN $value AS value", {"value": value}).rows == [(value,)]


def test_parameters_select(small: GraphStore) -> None:
    query = "MATCH (e:Entity) WHERE e.id IN $ids AND e.type = $type RETURN e.id"
    assert small.query(query, {"ids": ["a", "b"], "type": "album"}).rows == [("b",)]
    assert small.query(query, {"ids": [], "type": "album"}).rows == []
    assert small.query(query, {"ids": ("a", "b"), "type": "artist"}).rows == [("a",)]
    unwound = small.query("UNWIND $rows AS row RETURN row.n AS n ORDER BY n", {"rows": [{"n": 2}, {"n": 1}]})
    assert unwound.rows == [(1,), (2,)]


def test_dates_are_iso_texts(small: GraphStore) -> None:
    found = small.query("RETURN date('2020-01-02') AS d, [date('2021-01-02')] AS l").rows
    assert found == [("2020-01-02", ["2021-01-02"])]


def test_limit_and_truncated(small: GraphStore) -> None:
    query = "MATCH (e:Entity) RETURN e.id ORDER BY e.id"
    limited = [small.query(query, limit=n) for n in (0, 2, 3, 4)]
    assert [len(r.rows) for r in limited] == [0, 2, 3, 3]
    assert [r.truncated for r in limited] == [True, True, False, False]
    assert small.query(query).rows == [("a",), ("b",), ("c",)]


@pytest.mark.parametrize(
    "cypher",
    [
        "CREATE (:Entity {id: 'new'})",
        "MATCH (e:Entity) SET e.name = 'changed'",
        "MATCH (e:Entity) DETACH DELETE e",
        "MERGE (:Entity {id: 'new'})",
        "MATCH (:Entity)-[r:ABOUT]->() DELETE r RETURN 1",
        "MATCH (e:Entity {id: 'a'}) SET e.name = 'changed' RETURN e.id",
        "MATCH (e:Entity) RETURN e.id; MATCH (e:Entity) DETACH DELETE e",
    ],
)
def test_a_write_is_refused_unless_it_is_allowed(small: GraphStore, cypher: str) -> None:
    before = small.nodes("Entity"), small.edges("ABOUT")
    with pytest.raises(QueryError) as caught:
        small.query(cypher)
    assert caught.value.query == cypher
    assert (small.nodes("Entity"), small.edges("ABOUT")) == before


def test_a_write_that_is_allowed_is_made(small: GraphStore) -> None:
    query = "MATCH (e:Entity {id: $id}) SET e.name = $name RETURN e.name"
    assert small.query(query, {"id": "a", "name": "it's new"}, write=True).rows == [("it's new",)]
    assert small.nodes("Entity")["name"].to_pylist() == ["it's new", "B", "C"]
    small.query("CREATE (:Entity {id: 'n', name: 'N'})", write=True)
    assert (
        small.nodes("Entity").slice(3).to_pylist()
        == entities({"id": "n", "name": "N", "status": "", "properties": ""}).to_pylist()
    )


@pytest.mark.parametrize(
    "cypher",
    ["", "   ", "MATCH (n RETURN n", "RETURN nofunction(1)", "RETURN $absent", "MATCH (n) RETRUN n", "RETURN x"],
)
def test_bad_cypher_is_a_query_error(small: GraphStore, cypher: str) -> None:
    with pytest.raises(QueryError) as caught:
        small.query(cypher)
    assert "\n" not in str(caught.value)
    with pytest.raises(QueryError):
        small.query(cypher, write=True)


@pytest.mark.parametrize("value", [{1, 2}, object(), 2**80])
def test_parameters_that_cannot_travel_are_a_query_error(small: GraphStore, value: object) -> None:
    with pytest.raises(QueryError):
        small.query("RETURN $value AS value", {"value": value})


def test_an_error_leaves_the_store_usable(small: GraphStore) -> None:
    with pytest.raises(QueryError):
        small.query("MATCH (e:Entity) SET e.name = 'changed' RETURN 1 / 0", write=True)
    assert small.nodes("Entity")["name"].to_pylist() == ["A", "B", "C"]
    put_entities(small, "z")
    assert ids_of(small)[-1] == "z"


def test_check_names_what_answers(graph: GraphStore) -> None:
    name, version = graph.check().split()[:2]
    assert name in {"LadybugDB", "Neo4j"}
    assert version[0].isdigit()
