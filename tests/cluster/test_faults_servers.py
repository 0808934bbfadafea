"""Servers that go away and come back in the middle of a run: nothing is lost, nothing is double, and it was told."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kg.config import load_config
from kg.home import Home
from tests.cluster.jobs import Ended, Jobs, jobs, write_config, write_world
from tests.homes import digest
from tests.servers import CassandraServer, Neo4jServer
from tests.servers.neo4j import LOCAL_PASSWORD
from tests.servers.process import JavaServer
from tests.servers.required import servers_required
from tests.servers.slow_proxy import SlowProxy
from tests.small_world import SmallWorld

pytestmark = [pytest.mark.cluster, pytest.mark.servers, pytest.mark.slow]

PATIENT = "[stores]\npatience_s = 240\n"
CREDENTIALS = {
    "KG_NEO4J_USER": Neo4jServer.user,
    "KG_NEO4J_PASSWORD": LOCAL_PASSWORD,
    "KG_CASSANDRA_USER": CassandraServer.user,
    "KG_CASSANDRA_PASSWORD": CassandraServer.password,
}
AWAY_S = 20.0
MIDWAY = 40
Servers = tuple[Neo4jServer, CassandraServer]


@pytest.fixture(scope="module")
def worker() -> Iterator[Jobs]:
    with jobs() as made:
        yield made


@pytest.fixture(scope="module", autouse=True)
def credentials() -> Iterator[None]:
    """User and password of the servers, in the environment of every process that these tests start."""
    with pytest.MonkeyPatch.context() as changed:
        for name, value in CREDENTIALS.items():
            changed.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    return write_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def expected(worker: Jobs, world: SmallWorld, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What an undisturbed home exports."""
    config = write_config(tmp_path_factory.mktemp("undisturbed"))
    assert not worker.run(config, world).error
    return digest(load_config(config))


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers that a test may stop."""
    folder = tmp_path_factory.mktemp("servers")
    neo4j, cassandra = Neo4jServer(folder / "neo4j"), CassandraServer(folder / "cassandra", durable=True)
    try:
        with servers_required():
            neo4j.launch()
            cassandra.launch()
        neo4j.wait_healthy()
        cassandra.wait_healthy()
        yield neo4j, cassandra
    finally:
        neo4j.kill()
        cassandra.kill()


def _disturbed(worker: Jobs, config: Path, world: SmallWorld, act: Callable[[], None]) -> Ended:
    """Run a job, and act once it has taken in some of the documents."""
    midway = threading.Event()
    ended: list[Ended] = []

    def watch(event: dict[str, Any]) -> None:
        if event["event"] == "progress" and event["stage"] == "documents" and event["done"] >= MIDWAY:
            midway.set()

    def job() -> None:
        ended.append(worker.run(config, world, watch=watch))
        midway.set()

    # the job has the thread, for a server ends with the thread that started it
    thread = threading.Thread(target=job)
    thread.start()
    midway.wait()
    act()
    thread.join()
    return ended[0]


def _restart(server: JavaServer, away_s: float) -> None:
    server.kill()
    time.sleep(away_s)
    server.start()


def _empty(config: Path) -> None:
    with Home(load_config(config)) as home:
        home.graph.clear()


@pytest.mark.parametrize("which", [0, 1], ids=["neo4j", "cassandra"])
def test_a_server_that_is_away_for_twenty_seconds_is_waited_for(
    servers: Servers, worker: Jobs, world: SmallWorld, expected: str, which: int, tmp_path: Path
) -> None:
    config = write_config(tmp_path, graph=servers[0].url, mentions=f"{servers[1].url}/away_{which}", more=PATIENT)
    _empty(config)
    ended = _disturbed(worker, config, world, lambda: _restart(servers[which], AWAY_S))
    assert not ended.error, ended
    # Neo4j is used again at the end of the documents; what is told begins with the address of the store that is away
    address = servers[which].url.partition("://")[2]
    assert any(address in text and "does not answer" in text and "for 240 s" in text for text in ended.told), ended
    assert any(address in text and "answers again after" in text for text in ended.told), ended
    assert digest(load_config(config)) == expected


def test_after_its_patience_a_run_says_what_was_done_and_the_next_goes_on(
    servers: Servers, worker: Jobs, world: SmallWorld, expected: str, tmp_path: Path
) -> None:
    mentions = f"{servers[1].url}/impatient"
    config = write_config(tmp_path, graph=servers[0].url, mentions=mentions, more="[stores]\npatience_s = 1\n")
    _empty(config)
    ended = _disturbed(worker, config, world, servers[1].kill)
    assert ended.error == "StoreUnavailable", ended
    assert "tried again for 1 s (stores.patience_s). What was written stays" in ended.text
    assert "run the same command again" in ended.text
    servers[1].start()
    patient = write_config(tmp_path, graph=servers[0].url, mentions=mentions, more=PATIENT)
    again = worker.run(patient, world)
    assert not again.error, again
    assert digest(load_config(config)) == expected


@pytest.mark.parametrize("timeout_s", [20.0, 0.3], ids=["patient", "hasty"])
def test_slow_servers_end_well_or_by_a_named_error(
    servers: Servers, worker: Jobs, world: SmallWorld, expected: str, timeout_s: float, tmp_path: Path
) -> None:
    neo4j, cassandra = servers
    keyspace = f"slow_{int(timeout_s)}"
    # one home: a run that got no answers may leave its right to write behind, which others must wait for
    direct = partial(write_config, tmp_path, graph=neo4j.url, mentions=f"{cassandra.url}/{keyspace}", more=PATIENT)
    _empty(direct())
    with (
        SlowProxy(neo4j.port, latency_s=0.02, bytes_per_s=400_000) as graph_proxy,
        SlowProxy(cassandra.port, latency_s=0.02, bytes_per_s=100_000) as proxy,
    ):
        more = f"[cassandra]\ntimeout_s = {timeout_s}\n[stores]\npatience_s = 5\n"
        slow = write_config(
            tmp_path,
            graph=f"bolt://127.0.0.1:{graph_proxy.port}",
            mentions=f"cassandra://127.0.0.1:{proxy.port}/{keyspace}",
            more=more,
        )
        ended = worker.run(slow, world)
        assert proxy.passed > 10_000
    config = direct()
    if timeout_s > 1:
        assert not ended.error, ended
    elif ended.error:
        assert ended.error == "StoreUnavailable", ended
        again = worker.run(config, world)
        assert not again.error, again
    assert digest(load_config(config)) == expected
