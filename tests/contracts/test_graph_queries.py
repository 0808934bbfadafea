"""What every graph store does with queries: the protocol GraphStore."""

import pytest

from schemas.batches import NODES
from schemas.errors import QueryError
from schemas.protocols import GraphStore
from tests.contracts.graph_rows import entities, ids_of, put_entities

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
