import inspect
import time
from collections.abc import Iterator
from pathlib import Path

import neo4j
import neo4j.exceptions
import pyarrow as pa
import pytest

from loaders.stores.graph.neo4j import Neo4jGraph, Neo4jSettings
from loaders.stores.graph.neo4j_errors import STORE_ERRORS, store_error
from schemas.batches import NODES, RELATION_EDGES
from schemas.errors import QueryError, StoreRejected, StoreUnavailable
from schemas.ontology import AUDIO_ONTOLOGY, EntityType
from tests.servers.session import Access

ONTOLOGY = AUDIO_ONTOLOGY.extended([EntityType("radio_station", "agent")], [])
SMALL_BATCHES = Neo4jSettings(batch=3, delete_batch=2)


def entities(*rows: tuple[str, str]) -> pa.Table:
    blank: dict[str, object] = {"aliases": [], "description": "", "popularity": None, "status": "", "properties": ""}
    values = [{"id": i, "name": f"name of {i}", "type": t, **blank} for i, t in rows]
    return pa.Table.from_pylist(values, schema=NODES["Entity"])


def relations(*pairs: tuple[str, str]) -> pa.Table:
    rows = [{"from_id": a, "to_id": b, "source": "s"} for a, b in pairs]
    return pa.Table.from_pylist(rows, schema=RELATION_EDGES)


def connected(server: Access, **options: object) -> Neo4jGraph:
    login = {"user": server.user, "password": server.password} | options
    return Neo4jGraph(server.url, ONTOLOGY, **login)  # type: ignore[arg-type]


@pytest.fixture
def graph(neo4j_clean: Access) -> Iterator[Neo4jGraph]:
    store = connected(neo4j_clean, settings=SMALL_BATCHES)
    store.prepare()
    yield store
    store.close()


@pytest.fixture
def session(neo4j_clean: Access) -> Iterator[neo4j.Session]:
    auth = (neo4j_clean.user, neo4j_clean.password)
    with neo4j.GraphDatabase.driver(neo4j_clean.url, auth=auth) as driver, driver.session() as opened:
        yield opened


def labels(session: neo4j.Session) -> dict[str, set[str]]:
    found = session.run("MATCH (n:Entity) RETURN n.id, labels(n)").values()
    return {i: set(names) - {"Entity"} for i, names in found}


@pytest.mark.servers
def test_the_type_is_a_second_label(graph: Neo4jGraph, session: neo4j.Session) -> None:
    rows = [("a", "artist"), ("b", "radio_station"), ("c", ""), ("d", "soundscape"), ("e", "band")]
    graph.put_nodes("Entity", entities(*rows))
    assert labels(session) == {"a": {"Artist"}, "b": {"RadioStation"}, "c": set(), "d": set(), "e": set()}


@pytest.mark.servers
def test_the_second_label_follows_the_type(graph: Neo4jGraph, session: neo4j.Session) -> None:
    graph.put_nodes("Entity", entities(("a", "artist"), ("b", "album"), ("c", "")))
    session.run("MATCH (n:Entity {id: 'a'}) SET n:Favourite").consume()
    graph.put_nodes("Entity", entities(("a", "person"), ("b", "soundscape"), ("c", "track")))
    assert labels(session) == {"a": {"Person", "Favourite"}, "b": set(), "c": {"Track"}}


@pytest.mark.servers
def test_constraints_and_indexes_are_online(graph: Neo4jGraph, session: neo4j.Session) -> None:
    found = session.run("SHOW INDEXES YIELD name, type, state, labelsOrTypes, properties").data()
    own = {row["name"]: row for row in found if row["name"].startswith("kg_")}
    assert {row["state"] for row in own.values()} == {"ONLINE"}
    assert {(*row["labelsOrTypes"], *row["properties"], row["type"]) for row in own.values()} == {
        ("Entity", "id", "RANGE"),
        ("Record", "id", "RANGE"),
        ("Document", "id", "RANGE"),
        ("Entity", "name", "RANGE"),
        ("Entity", "type", "RANGE"),
        ("Entity", "status", "RANGE"),
        ("Record", "name", "RANGE"),
        ("Document", "published", "RANGE"),
        ("MENTIONS", "probability", "RANGE"),
        ("Entity", "name", "TEXT"),
        ("Entity", "name", "aliases", "FULLTEXT"),
        ("Document", "title", "FULLTEXT"),
        *((entity_type.label, "name", "RANGE") for entity_type in ONTOLOGY.entity_types),
    }
    assert session.run("SHOW CONSTRAINTS YIELD type RETURN count(*)").single(strict=True)[0] == 3


@pytest.mark.servers
def test_an_index_that_is_missing_is_made_again(graph: Neo4jGraph, session: neo4j.Session) -> None:
    session.run("DROP INDEX kg_name_of_RadioStation").consume()
    graph.prepare()
    found = session.run("SHOW INDEXES YIELD name, state WHERE name = 'kg_name_of_RadioStation' RETURN state")
    assert found.single(strict=True)[0] == "ONLINE"


@pytest.mark.servers
def test_the_same_id_twice_is_refused_by_the_server(graph: Neo4jGraph) -> None:
    graph.put_nodes("Entity", entities(("a", "")))
    with pytest.raises(QueryError, match="already exists"):
        graph.query("CREATE (:Entity {id: 'a'})", write=True)


@pytest.mark.servers
def test_names_and_aliases_can_be_searched(graph: Neo4jGraph) -> None:
    row = entities(("a", "artist")).to_pylist()[0] | {"name": "Prince", "aliases": ["The Ärtist", "Purple One"]}
    graph.put_nodes("Entity", pa.Table.from_pylist([row], schema=NODES["Entity"]))
    graph.query("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()", write=True)
    search = "CALL db.index.fulltext.queryNodes('kg_entity_names', $words) YIELD node RETURN node.id"
    assert graph.query(search, {"words": "purple"}).rows == [("a",)]
    assert graph.query(search, {"words": "prince"}).rows == [("a",)]
    assert graph.query(search, {"words": "artist"}).rows == [("a",)]
    assert graph.query(search, {"words": "madonna"}).rows == []


@pytest.mark.servers
def test_rows_of_many_batches(graph: Neo4jGraph) -> None:
    rows = [(f"{n:02d}", ("artist", "album", "")[n % 3]) for n in range(20)]
    graph.put_nodes("Entity", entities(*rows))
    pairs = [(a, b) for a, _ in rows for b, _ in rows[:2]]
    graph.put_edges("ABOUT", relations(*pairs))
    assert graph.nodes("Entity").equals(entities(*rows))
    assert graph.edges("ABOUT", [a for a, _ in rows]).equals(relations(*pairs))
    graph.delete_edges("ABOUT", relations(*pairs[:31]))
    assert graph.edges("ABOUT").equals(relations(*pairs[31:]))
    graph.delete_nodes("Entity", [a for a, _ in rows[:11]])
    assert graph.nodes("Entity").equals(entities(*rows[11:]))


@pytest.mark.servers
def test_edges_of_batches_that_share_their_ends(graph: Neo4jGraph) -> None:
    graph.put_nodes("Entity", entities(*((f"{n:02d}", "artist") for n in range(40))))
    rows = relations(*((f"{n:02d}", f"{hub:02d}") for n in range(2, 40) for hub in (n % 2, 1 - n % 2)))
    for _ in range(2):
        graph.put_edges("ABOUT", rows)
        assert graph.edges("ABOUT").equals(rows.sort_by([("from_id", "ascending"), ("to_id", "ascending")]))


@pytest.mark.servers
def test_clear_spares_what_is_not_of_kg(graph: Neo4jGraph, session: neo4j.Session) -> None:
    graph.put_nodes("Entity", entities(*((str(n), "artist") for n in range(7))))
    session.run("CREATE (:KgTestForeign {id: 'x'})-[:LIKES]->(:KgTestForeign {id: 'y'})").consume()
    session.run("MATCH (f:KgTestForeign {id: 'x'}), (e:Entity {id: '1'}) CREATE (f)-[:LIKES]->(e)").consume()
    graph.clear()
    counted = session.run("MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n), count(r)").single(strict=True)
    assert list(counted) == [2, 1]


@pytest.mark.servers
def test_nodes_of_others_come_back_as_they_are(graph: Neo4jGraph) -> None:
    at = "datetime('2020-01-02T03:04:05Z')"
    query = f"CREATE (a:KgTestForeign {{b: 1, a: [1.5], at: {at}}})-[r:LIKES {{x: 1}}]->(a) RETURN a, r"
    found = graph.query(query, write=True).rows[0]
    node = {"_label": "KgTestForeign", "a": [1.5], "at": "2020-01-02T03:04:05+00:00", "b": 1}
    assert found == (node, {"_type": "LIKES", "x": 1})


@pytest.mark.servers
def test_values_of_the_server_are_plain(graph: Neo4jGraph) -> None:
    query = (
        "RETURN duration('P1Y2M3DT4H5.5S') AS a, localtime('01:02:03') AS b, point({x: 1, y: 2}) AS c,"
        " {d: date('2020-01-02')} AS d, localdatetime('2020-01-02T03:04:05.123') AS e"
    )
    expected = ("P1Y2M3DT14405.5S", "01:02:03", [1.0, 2.0], {"d": "2020-01-02"}, "2020-01-02T03:04:05.123000")
    assert graph.query(query).rows == [expected]


@pytest.mark.servers
@pytest.mark.parametrize(
    "cypher",
    [
        "LOAD CSV FROM 'file:///{path}' AS line RETURN line",
        "CALL () { LOAD CSV FROM 'file:///{path}' AS line RETURN line } RETURN line",
        "CALL db.createLabel('KgTestForeign')",
        "CREATE INDEX kg_test_foreign FOR (n:KgTestForeign) ON (n.x)",
        "CREATE USER somebody SET PASSWORD 'a long password'",
        "TERMINATE TRANSACTIONS 'neo4j-transaction-1'",
        "CALL dbms.killConnection('bolt-99999')",
        "MATCH (n:Entity) CALL (n) { DETACH DELETE n } IN TRANSACTIONS",
        "FOREACH (x IN [1] | CREATE (:KgTestForeign))",
        "PROFILE CREATE (:KgTestForeign)",
        "DROP CONSTRAINT kg_entity_id",
    ],
)
def test_what_is_more_than_reading_is_refused(graph: Neo4jGraph, tmp_path: Path, cypher: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n")
    graph.put_nodes("Entity", entities(("a", "")))
    with pytest.raises(QueryError):
        graph.query(cypher.replace("{path}", str(secret)))
    assert graph.nodes("Entity").num_rows == 1


@pytest.mark.servers
@pytest.mark.parametrize("cypher", ["CALL db.labels()", "SHOW INDEXES", "EXPLAIN MATCH (n) RETURN n"])
def test_reading_about_the_graph_is_not_refused(graph: Neo4jGraph, cypher: str) -> None:
    graph.query(cypher)


@pytest.mark.servers
def test_a_long_query_is_given_up(neo4j_server: Access) -> None:
    graph = connected(neo4j_server, settings=Neo4jSettings(query_timeout_s=1.0))
    started = time.monotonic()
    with pytest.raises(QueryError, match="longer than 1 seconds"):
        graph.query("UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(a + b)")
    assert time.monotonic() - started < 30
    graph.close()


@pytest.mark.servers
def test_a_wrong_password_is_rejected_and_not_told(neo4j_server: Access) -> None:
    graph = connected(neo4j_server, password="a-wrong-password")
    with pytest.raises(StoreRejected) as caught:
        graph.check()
    graph.close()
    assert "KG_NEO4J_PASSWORD" in str(caught.value)
    assert "a-wrong-password" not in repr(caught.value) + str(caught.value.__cause__)


@pytest.mark.servers
def test_a_database_that_does_not_exist_is_rejected(neo4j_server: Access) -> None:
    graph = connected(neo4j_server, database="nosuchdatabase")
    with pytest.raises(StoreRejected, match="nosuchdatabase"):
        graph.query("RETURN 1")
    graph.close()


@pytest.mark.parametrize("url", ["bolt://127.0.0.1:9", "neo4j://127.0.0.1:9"])
def test_a_server_that_does_not_answer_is_unavailable(url: str) -> None:
    settings = Neo4jSettings(retry_s=0.1, connect_timeout_s=1.0)
    graph = Neo4jGraph(url, ONTOLOGY, user="neo4j", password="a-secret-word", settings=settings)
    for call in (graph.check, graph.prepare, lambda: graph.nodes("Entity"), lambda: graph.query("RETURN 1")):
        with pytest.raises(StoreUnavailable) as caught:
            call()
        assert caught.value.store == url
        assert "a-secret-word" not in str(caught.value)
    graph.close()


def test_the_url_holds_no_credentials() -> None:
    graph = Neo4jGraph("bolt://me:a-secret-word@127.0.0.1:9", ONTOLOGY, user="me", password="a-secret-word")
    assert graph.url == "bolt://127.0.0.1:9"
    graph.close()


@pytest.mark.parametrize("url", ["redis://127.0.0.1:9", "bolt://127.0.0.1:port", "nonsense"])
def test_a_url_that_cannot_be_one_is_rejected(url: str) -> None:
    with pytest.raises(StoreRejected):
        Neo4jGraph(url, ONTOLOGY, user="neo4j", password="a-secret-word")


DRIVER_ERRORS = [
    error
    for _, error in inspect.getmembers(neo4j.exceptions, inspect.isclass)
    if issubclass(error, neo4j.exceptions.DriverError | neo4j.exceptions.Neo4jError)
    and error not in (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError)
]


@pytest.mark.parametrize("error", DRIVER_ERRORS, ids=lambda error: error.__name__)
def test_every_error_of_the_driver_is_mapped(error: type[Exception]) -> None:
    mapped = [base for base in error.__mro__ if base in STORE_ERRORS]
    assert mapped, f"{error.__name__} is new: add it to STORE_ERRORS"
    made = error.__new__(error)
    assert type(store_error("bolt://x", made)) is STORE_ERRORS[mapped[0]]  # type: ignore[arg-type]
