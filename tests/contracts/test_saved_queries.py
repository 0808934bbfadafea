"""Every query of docs/guides/cypher.md, on both homes."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from neo4j import GraphDatabase

from loaders.stores.graph.neo4j import Neo4jGraph
from schemas.batches import MENTIONS_EDGES, NODES
from schemas.protocols import GraphStore
from tests.contracts.graph_rows import ONTOLOGY, entities, relations, rows
from tests.contracts.saved_world import fill
from tests.servers.session import Access

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "cypher.md").read_text(encoding="utf-8")
PARAMETERS = {"id": "nirvana", "other": "butch", "name": "Nirvana", "document": "d1", "type": "artist"}
FIRST: dict[str, tuple[Any, ...]] = {
    "Entities by type": ("artist", "catalog", 3),
    "Names that mean several things": ("Nirvana", "artist", 2, ["nirvana", "nirvana-uk"]),
    "Catalog entries that no document mentions": ("foo", "Foo Fighters"),
    "By its name": ("nirvana", "artist", "American grunge trio"),
    "Everything by an artist": ("album", "Bleach", None),
    "Members of a band, and their other bands": ("Dave Grohl", ["Foo Fighters"]),
    "Where it comes from": ("main", "main:nirvana", "Nirvana", "id", 1.0),
    "Artists of the same genre": ("Grunge", "Foo Fighters"),
    "Where an entity is mentioned, and when for the first time": ("d2", "Producers at work", "2024-06-11", 1, None),
    "What a document mentions": ("artist", "Nirvana", 5, 0.97),
    "Documents that speak of both": ("d1", "The year of grunge", 6),
    "Mentions by month": ("2024-05", 1, 5),
    "Genres that a document is about": ("Grunge", 5),
    "Talked about most": ("nirvana", "Nirvana", 2, 6),
    "Mentioned together": ("Butch Vig", "person", 2, 0.6),
    "Mentioned together, and not related in the catalog": ("Butch Vig", "Nirvana", 2, 0.6),
    "Unknown things that are mentioned most": ("unknown:1", "Greta Marlowe", "person", 2, 3),
    "Links that are least sure": ("d2", "nirvana-uk", "Nirvana", 0.5),
    "Entities that several sources describe": ("nirvana", "Nirvana", 2, 0.93),
}
"""First row of each query that answers with values."""


def saved(language: str) -> dict[str, str]:
    """Return the queries of the guide by the heading they stand under."""
    chapters = (part.partition("\n") for part in re.split(r"^#+ ", GUIDE, flags=re.MULTILINE))
    blocks = {title: re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S) for title, _, text in chapters}
    return {title: query for title, found in blocks.items() for query in found}


QUERIES = saved("cypher")


def parameters(query: str) -> dict[str, str]:
    return {name: PARAMETERS[name] for name in set(re.findall(r"\$(\w+)", query))}


@pytest.fixture
def world(graph: GraphStore) -> GraphStore:
    fill(graph)
    return graph


def test_no_query_is_overlooked() -> None:
    assert len(QUERIES) == GUIDE.count("```cypher\n")
    assert set(FIRST) < set(QUERIES)


def test_every_query_answers(world: GraphStore) -> None:
    for title, query in QUERIES.items():
        found = world.query(query, parameters(query)).rows
        assert found, title
        if title in FIRST:
            assert tuple(map(_unordered, found[0])) == FIRST[title], title


def _unordered(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def test_what_is_drawn_is_nodes_and_edges(world: GraphStore) -> None:
    query = QUERIES["What the catalog says of it"]
    drawn = world.query(query, parameters(query)).rows
    assert [(r["_type"], other["id"]) for _, r, other in drawn] == [
        ("FROM_PLACE", "aberdeen"),
        ("PERFORMED_BY", "bleach"),
        ("MEMBER_OF", "dave"),
        ("HAS_GENRE", "grunge"),
        ("PERFORMED_BY", "lithium"),
        ("PERFORMED_BY", "nevermind"),
        ("SIGNED_TO", "sub-pop"),
    ]
    paths = world.query(QUERIES["How two entities are related"], {"id": "nirvana", "other": "butch"}).rows
    assert next((path[2]["id"], steps) for path, steps in paths) == ("nevermind", 2)


NEO4J = (
    {"part": "ghter", "words": "foos AND figh*", "title": "PRODUCERS", "far": "aberdeen"} | PARAMETERS | {"id": "dave"}
)
FIRST_ON_NEO4J = {
    "A part of a name": ("foo", "Foo Fighters"),
    "Any word of a name or an alias": ("foo", "Foo Fighters", "artist"),
    "Titles of documents": ("d2", "Producers at work"),
    "Entities described alike": ("butch", "Butch Vig", "person"),
}
CROWD = 3_000
BY_INDEX = re.compile(r"(Index|UniqueIndex)(Seek|ContainsScan|SeekByRange)|ProcedureCall|StatefulShortestPath")
WHOLE_LABEL = re.compile(r"AllNodesScan|NodeIndexScan|AllRelationshipsScan|NodeByLabelScan|RelationshipTypeScan")


@pytest.fixture
def neo4j_world(neo4j_clean: Access) -> Iterator[GraphStore]:
    store = Neo4jGraph(neo4j_clean.url, ONTOLOGY, user=neo4j_clean.user, password=neo4j_clean.password)
    store.prepare()
    fill(store)
    alike = pa.FixedSizeListArray.from_arrays(pa.array([0.6, 0.8, 0.8, 0.6, 1.0, 0.0], pa.float32()), 2)
    store.put_vectors([("dave", "k1"), ("butch", "k2"), ("sub-pop", "k3")], alike)
    store.query("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()", write=True)
    # the index of vectors was made just now, and one that is not online yet refuses to be asked
    store.query("CALL db.awaitIndexes(60)", write=True)
    yield store
    store.drop_vectors()
    store.close()


@pytest.mark.servers
def test_the_queries_of_neo4j_alone_answer(neo4j_world: GraphStore) -> None:
    queries = saved("neo4j")
    assert len(queries) == GUIDE.count("```neo4j\n")
    for title, query in queries.items():
        found = neo4j_world.query(query, {name: NEO4J[name] for name in re.findall(r"\$(\w+)", query)}).rows
        assert found, title
        if title in FIRST_ON_NEO4J:
            assert found[0][: len(FIRST_ON_NEO4J[title])] == FIRST_ON_NEO4J[title]
    (way,) = neo4j_world.query(queries["The shortest way between two entities"], NEO4J).rows[0]
    assert [node["id"] for node in way[::2]] == ["dave", "nirvana", "aberdeen"]


@pytest.fixture
def crowded(neo4j_world: GraphStore) -> GraphStore:
    """A graph large enough that a scan costs more than an index, which the server knows: no plan is older than it."""
    people = [{"id": f"p{i}", "name": f"Person {i}", "type": "person"} for i in range(CROWD)]
    neo4j_world.put_nodes("Entity", entities(*people))
    neo4j_world.put_nodes("Document", rows(NODES["Document"], *({"id": f"t{i}", "title": "T"} for i in range(CROWD))))
    neo4j_world.put_edges("MEMBER_OF", relations(*((f"p{i}", "foo") for i in range(CROWD))))
    mentions = [{"from_id": f"t{i}", "to_id": f"p{i}", "count": 1, "probability": 0.9} for i in range(CROWD)]
    neo4j_world.put_edges("MENTIONS", rows(MENTIONS_EDGES, *mentions))
    neo4j_world.query("CALL db.prepareForReplanning()", write=True)
    return neo4j_world


@pytest.mark.servers
def test_queries_with_a_parameter_begin_at_an_index(crowded: GraphStore, neo4j_clean: Access) -> None:
    """By the plan: no time would tell before a graph is very large."""
    with GraphDatabase.driver(neo4j_clean.url, auth=(neo4j_clean.user, neo4j_clean.password)) as driver:
        for title, query in (QUERIES | saved("neo4j")).items():
            if "$" in query:
                given = {name: NEO4J[name] for name in re.findall(r"\$(\w+)", query)}
                plan = driver.execute_query(f"EXPLAIN {query}", given).summary.plan
                used = list(operators(plan or {}))
                assert any(BY_INDEX.search(name) for name in used), (title, used)
                assert not any(WHOLE_LABEL.search(name) for name in used), (title, used)


def operators(plan: Mapping[str, Any]) -> Iterator[str]:
    yield str(plan.get("operatorType", ""))
    for child in plan.get("children", ()):
        yield from operators(child)
