"""The servers themselves: they answer, they refuse strangers, they keep what was written."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cassandra.cluster import NoHostAvailable
from neo4j import Driver, GraphDatabase
from neo4j.exceptions import AuthError

from tests.servers import CassandraServer, Neo4jServer, ServerFailed
from tests.servers.cassandra import cassandra_session
from tests.servers.session import Access

pytestmark = pytest.mark.servers

ROOT = Path(__file__).parents[2]
REPLICATION = "{'class': 'SimpleStrategy', 'replication_factor': 1}"
COUNT = "MATCH (n) RETURN count(n) AS nodes"


def _neo4j(server: Access | Neo4jServer) -> Driver:
    return GraphDatabase.driver(server.url, auth=(server.user, server.password))


def test_neo4j_answers(neo4j_server: Access) -> None:
    with _neo4j(neo4j_server) as driver:
        answer = driver.execute_query("CALL dbms.components() YIELD name, versions").records[0]
    assert answer["name"] == "Neo4j Kernel"
    assert answer["versions"][0].startswith("5.")


def test_neo4j_refuses_a_wrong_password(neo4j_server: Access) -> None:
    with (
        GraphDatabase.driver(neo4j_server.url, auth=(neo4j_server.user, "not the password")) as driver,
        pytest.raises(AuthError),
    ):
        driver.verify_connectivity()


def test_cassandra_answers(cassandra_server: Access) -> None:
    with cassandra_session(cassandra_server.url, cassandra_server.user, cassandra_server.password) as session:
        row = session.execute("SELECT release_version, data_center FROM system.local").one()
    assert row.release_version.startswith("5.")


def test_cassandra_refuses_a_wrong_password(cassandra_server: Access) -> None:
    with (
        pytest.raises(NoHostAvailable, match="Bad credentials"),
        cassandra_session(cassandra_server.url, cassandra_server.user, "not the password"),
    ):
        pass


def test_credentials_are_in_the_environment(neo4j_server: Access, cassandra_server: Access) -> None:
    assert os.environ["KG_NEO4J_USER"] == neo4j_server.user
    assert os.environ["KG_NEO4J_PASSWORD"] == neo4j_server.password
    assert os.environ["KG_CASSANDRA_USER"] == cassandra_server.user
    assert os.environ["KG_CASSANDRA_PASSWORD"] == cassandra_server.password


@pytest.mark.parametrize("turn", [1, 2])
def test_neo4j_clean_is_empty_whatever_the_test_before_left(neo4j_clean: Access, turn: int) -> None:
    with _neo4j(neo4j_clean) as driver:
        assert driver.execute_query(COUNT).records[0]["nodes"] == 0
        if neo4j_clean.ours or os.environ.get("KG_TEST_NEO4J_MAY_CLEAR") == "1":
            driver.execute_query("UNWIND range(1, 7) AS i CREATE (:Entity {id: i})-[:ABOUT]->(:Entity)")


@pytest.mark.parametrize("turn", [1, 2])
def test_the_keyspace_of_a_test_is_dropped_after_it(
    cassandra_server: Access, cassandra_keyspace: str, keyspace_before: list[str], turn: int
) -> None:
    keyspaces = "SELECT keyspace_name FROM system_schema.keyspaces"
    with cassandra_session(cassandra_server.url, cassandra_server.user, cassandra_server.password) as session:
        there = {row.keyspace_name for row in session.execute(keyspaces)}
        assert cassandra_keyspace not in there
        assert len(keyspace_before) == turn - 1
        assert not there.intersection(keyspace_before)
        session.execute(f"CREATE KEYSPACE {cassandra_keyspace} WITH replication = {REPLICATION}")
    keyspace_before.append(cassandra_keyspace)


@pytest.fixture(scope="module")
def keyspace_before() -> list[str]:
    return []


def test_a_given_server_that_holds_nodes_is_not_cleared(neo4j_clean: Access) -> None:
    if not neo4j_clean.ours:
        pytest.skip("writes nodes: only into a server that these tests started")
    with _neo4j(neo4j_clean) as driver:
        driver.execute_query("CREATE (:Entity {id: 'precious'})")
        for leave in ("0", "1"):
            done = _run_tests("neo4j_clean", KG_TEST_NEO4J=neo4j_clean.url, KG_TEST_NEO4J_MAY_CLEAR=leave)
            assert done.returncode == 1
            assert "holds 1 nodes, and tests never clear a database that they did not start" in done.stdout
            assert driver.execute_query(COUNT).records[0]["nodes"] == 1


def test_a_given_server_is_used_and_none_started(neo4j_clean: Access, tmp_path: Path) -> None:
    done = _run_tests(
        "neo4j_clean or neo4j_answers",
        KG_TEST_NEO4J=neo4j_clean.url,
        KG_TEST_NEO4J_MAY_CLEAR="1",
        KG_SERVER_CACHE=str(tmp_path),
        PATH="",
    )
    assert "3 passed" in done.stdout, done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("setting", "code", "outcome"),
    [({}, 0, "1 skipped"), ({"KG_REQUIRE_SERVERS": "1"}, 1, "1 error"), ({"CI": "true"}, 1, "1 error")],
)
def test_without_maven_tests_are_skipped_unless_servers_are_required(
    setting: dict[str, str], code: int, outcome: str, tmp_path: Path
) -> None:
    done = _run_tests("cassandra_answers", KG_SERVER_CACHE=str(tmp_path), PATH="", **setting)
    assert outcome in done.stdout, done.stdout
    assert "install" in done.stdout
    assert done.returncode == code


def _run_tests(which: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run tests of this file in a session of their own, in this environment changed as told."""
    dropped = {"CI", "KG_REQUIRE_SERVERS", "KG_TEST_NEO4J", "KG_TEST_CASSANDRA", "MAVEN_HOME", "M2_HOME"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", __file__, "-k", which]
    return subprocess.run(
        command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def own_servers(
    neo4j_server: Access, cassandra_server: Access, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Neo4jServer, CassandraServer]]:
    """Servers that a test may stop; after those of the session, which say whether it is possible."""
    if not (neo4j_server.ours and cassandra_server.ours):
        pytest.skip("servers were given: starting others is not asked for")
    home = tmp_path_factory.mktemp("own-servers")
    neo4j, cassandra = Neo4jServer(home / "neo4j"), CassandraServer(home / "cassandra")
    try:
        neo4j.launch()
        cassandra.launch()
        neo4j.wait_healthy()
        cassandra.wait_healthy()
        yield neo4j, cassandra
    finally:
        neo4j.kill()
        cassandra.kill()


@pytest.mark.slow
def test_a_restart_keeps_data_password_and_address(own_servers: tuple[Neo4jServer, CassandraServer]) -> None:
    neo4j, cassandra = own_servers
    with _neo4j(neo4j) as driver:
        driver.execute_query("CREATE (:Entity {id: 'kept'})")
    with cassandra_session(cassandra.url, cassandra.user, cassandra.password) as session:
        session.execute(f"CREATE KEYSPACE kept WITH replication = {REPLICATION}")
        session.execute("CREATE TABLE kept.facts (id text PRIMARY KEY)")
        session.execute("INSERT INTO kept.facts (id) VALUES ('kept')")
    addresses = neo4j.url, cassandra.url

    neo4j.ask_to_stop()
    cassandra.stop()
    neo4j.stop()
    assert not neo4j.running
    assert not cassandra.running
    neo4j.launch()
    cassandra.launch()
    neo4j.wait_healthy()
    cassandra.wait_healthy()

    assert (neo4j.url, cassandra.url) == addresses
    with _neo4j(neo4j) as driver:
        assert driver.execute_query("MATCH (n) RETURN n.id").records[0].value() == "kept"
    with cassandra_session(cassandra.url, cassandra.user, cassandra.password) as session:
        assert session.execute("SELECT id FROM kept.facts").one().id == "kept"


@pytest.mark.slow
def test_a_killed_neo4j_starts_again(own_servers: tuple[Neo4jServer, CassandraServer]) -> None:
    neo4j, _ = own_servers
    with _neo4j(neo4j) as driver:
        driver.execute_query("CREATE (:Entity {id: 'committed before the kill'})")
    neo4j.kill()
    neo4j.start()
    with _neo4j(neo4j) as driver:
        found = driver.execute_query("MATCH (n {id: 'committed before the kill'}) RETURN count(n)")
    assert found.records[0].value() == 1


def test_a_second_server_in_the_same_folder_is_refused(
    own_servers: tuple[Neo4jServer, CassandraServer],
) -> None:
    neo4j, _ = own_servers
    with pytest.raises(ServerFailed, match="is running already"):
        Neo4jServer(neo4j.home).start()
    assert neo4j.running


def test_a_server_that_cannot_start_shows_its_log(neo4j_server: Access, tmp_path: Path) -> None:
    if not neo4j_server.ours:
        pytest.skip("servers were given: starting others is not asked for")
    server = Neo4jServer(tmp_path, heap_mb=1)
    with pytest.raises(ServerFailed, match="ended by itself") as failed:
        server.start()
    assert "heap size" in str(failed.value)
    assert failed.value.log.read_text() != ""
    assert not server.running
