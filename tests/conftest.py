"""Fixtures that every test may ask for: real servers.

KG_TEST_NEO4J, KG_TEST_CASSANDRA   servers to use instead of starting some; KG_NEO4J_USER and so on log in
KG_TEST_NEO4J_MAY_CLEAR=1          tests may clear that Neo4j between them; it must be empty at first
CI=true, KG_REQUIRE_SERVERS=1      without Java 17 or Maven, fail instead of skipping
"""

import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests.servers.errors import ServerMissing
from tests.servers.session import Access, SessionServers

COUNT = "MATCH (n) RETURN count(n) AS nodes"
CLEAR = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"

# how long an example takes says nothing where servers and other work share the machine
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def _servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionServers]:
    asked = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    expected = [name for name in ("neo4j", "cassandra") if f"{name}_server" in asked]
    servers = SessionServers(tmp_path_factory.mktemp("servers"), expected)
    yield servers
    servers.stop()


@pytest.fixture(scope="session")
def neo4j_server(_servers: SessionServers) -> Access:
    """A Neo4j that answers; its credentials are in the environment."""
    return _access(_servers, "neo4j")


@pytest.fixture(scope="session")
def cassandra_server(_servers: SessionServers) -> Access:
    """A Cassandra that answers; its credentials are in the environment. Its URL lacks "/" and a keyspace."""
    return _access(_servers, "cassandra")


def _access(servers: SessionServers, name: str) -> Access:
    try:
        return servers.access(name)
    except ServerMissing as error:
        if os.environ.get("CI") == "true" or os.environ.get("KG_REQUIRE_SERVERS") == "1":
            pytest.fail(f"a real {name} is required here: {error}", pytrace=False)
        pytest.skip(f"no {name}: {error}")


@pytest.fixture(scope="session")
def _cassandra_session(cassandra_server: Access) -> Iterator[Any]:
    from tests.servers.cassandra import cassandra_session

    server = cassandra_server
    with cassandra_session(server.url, server.user, server.password) as session:
        yield session


@pytest.fixture
def cassandra_keyspace(_cassandra_session: Any) -> Iterator[str]:
    """The name of a keyspace that nobody else uses; not created, and dropped after the test if it was."""
    keyspace = f"kg_test_{uuid.uuid4().hex}"
    yield keyspace
    _cassandra_session.execute(f"DROP KEYSPACE IF EXISTS {keyspace}")


@pytest.fixture(scope="session")
def _neo4j_driver(neo4j_server: Access) -> Iterator[Any]:
    from neo4j import GraphDatabase

    with GraphDatabase.driver(neo4j_server.url, auth=(neo4j_server.user, neo4j_server.password)) as driver:
        yield driver


@pytest.fixture(scope="session")
def _may_clear(neo4j_server: Access, _neo4j_driver: Any) -> bool:
    """Whether nodes may be deleted: the server is ours, or was given empty and with leave to clear it."""
    if neo4j_server.ours:
        return True
    _refuse_unless_empty(neo4j_server, _neo4j_driver)
    return os.environ.get("KG_TEST_NEO4J_MAY_CLEAR") == "1"


@pytest.fixture
def neo4j_clean(neo4j_server: Access, _neo4j_driver: Any, _may_clear: bool) -> Access:
    """The Neo4j server without a single node; constraints and indexes stay."""
    if _may_clear:
        with _neo4j_driver.session() as session:
            session.run(CLEAR).consume()
    else:
        _refuse_unless_empty(neo4j_server, _neo4j_driver)
    return neo4j_server


def _refuse_unless_empty(server: Access, driver: Any) -> None:
    nodes = driver.execute_query(COUNT).records[0]["nodes"]
    if nodes:
        pytest.fail(
            f"{server.url} holds {nodes} nodes, and tests never clear a database that they did not start: "
            "give an empty one in KG_TEST_NEO4J, and KG_TEST_NEO4J_MAY_CLEAR=1 if tests may clear it later",
            pytrace=False,
        )
