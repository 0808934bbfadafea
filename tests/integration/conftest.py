"""A home of each kind, and the small world to fill it with."""

from pathlib import Path

import pytest

from kg.config import Config
from tests.homes import embedded, on_servers
from tests.servers.session import Access
from tests.small_world import SmallWorld, write_small_world


@pytest.fixture
def world(tmp_path: Path) -> SmallWorld:
    """The files of the small world."""
    return write_small_world(tmp_path / "world")


@pytest.fixture(params=["embedded", pytest.param("servers", marks=pytest.mark.servers)])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    """An empty home of either kind."""
    if request.param == "embedded":
        return embedded(tmp_path)
    graph: Access = request.getfixturevalue("neo4j_clean")
    cassandra: Access = request.getfixturevalue("cassandra_server")
    keyspace: str = request.getfixturevalue("cassandra_keyspace")
    return on_servers(tmp_path, graph.url, f"{cassandra.url}/{keyspace}")
