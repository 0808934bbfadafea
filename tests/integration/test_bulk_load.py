"""`kg graph rebuild --bulk`: Neo4j's importer writes the graph into a stopped server's database."""

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.bulk_load import bulk_load
from kg.cli.main import cli
from kg.home import Home
from kg.projection import sync_graph
from schemas.errors import ConfigError, StoreRejected
from tests.homes import embedded, exported, fill
from tests.servers import Neo4jServer
from tests.servers.session import Access
from tests.small_world import write_small_world

pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture
def stopped(neo4j_server: Access, tmp_path: Path) -> Iterator[Neo4jServer]:
    """A server of the test's own that has not been started."""
    if not neo4j_server.ours:
        pytest.skip("a server was given: starting others is not asked for")
    server = Neo4jServer(tmp_path / "neo4j")
    yield server
    server.kill()


def test_the_importer_makes_the_graph_that_kg_would_write(
    stopped: Neo4jServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = embedded(tmp_path)
    fill(config, write_small_world(tmp_path / "world"))
    wanted = exported(config)
    monkeypatch.setenv("KG_NEO4J_USER", stopped.user)
    monkeypatch.setenv("KG_NEO4J_PASSWORD", stopped.password)
    admin = shlex.join(stopped.admin_command())
    options = ["--home", str(config.home), "--graph", stopped.url]
    done = CliRunner().invoke(cli, [*options, "graph", "rebuild", "--bulk", "--admin", admin], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert not list(config.home.glob("bulk-*"))

    stopped.start()
    on_neo4j = replace(config, graph=stopped.url)
    assert exported(on_neo4j) == wanted
    with Home(on_neo4j) as home:
        change = sync_graph(home, catalog=True, documents=True, mentions=True)
        assert (change.written, change.deleted) == ({}, {})
        assert home.graph.query("MATCH (n) WHERE n:Entity AND n.aliases IS NULL RETURN count(n)").rows == [(0,)]
        with pytest.raises(StoreRejected, match="needs it stopped"):
            bulk_load(home, admin=admin)


def test_a_database_that_holds_something_is_refused(stopped: Neo4jServer, tmp_path: Path) -> None:
    config = replace(embedded(tmp_path), graph=stopped.url)
    fill(embedded(tmp_path), write_small_world(tmp_path / "world"))
    admin = shlex.join(stopped.admin_command())
    with Home(config) as home:
        with pytest.raises(ConfigError, match="cannot be run"):
            bulk_load(home, admin="./no-such-command")
        first = bulk_load(home, admin=admin)
        with pytest.raises(StoreRejected, match="the importer ended with"):
            bulk_load(home, admin=admin)
        assert bulk_load(home, admin=admin, overwrite=True) == first


def test_an_embedded_graph_has_no_importer(tmp_path: Path) -> None:
    with Home(embedded(tmp_path)) as home, pytest.raises(ConfigError, match="no offline importer"):
        bulk_load(home)


def test_an_importer_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("NEO4J_HOME", raising=False)
    config = replace(embedded(tmp_path), graph="neo4j://localhost:1")
    with Home(config) as home, pytest.raises(ConfigError, match="--admin COMMAND"):
        bulk_load(home)
