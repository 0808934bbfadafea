"""One of three nodes of Cassandra is killed in the middle of a run: with three replicas nothing happens."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.config import load_config
from tests.cluster.jobs import jobs, write_config, write_world
from tests.homes import digest
from tests.servers.cassandra_ring import CassandraNode, cassandra_ring
from tests.servers.required import servers_required

pytestmark = [pytest.mark.cluster, pytest.mark.servers, pytest.mark.slow]

MORE = "[cassandra]\nreplication = 3\n[stores]\npatience_s = 120\n"
MIDWAY = 20


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[list[CassandraNode]]:
    """Three nodes."""
    with servers_required(), cassandra_ring(tmp_path / "ring") as nodes:
        yield nodes


def test_a_killed_node_of_three_is_not_noticed(ring: list[CassandraNode], tmp_path: Path) -> None:
    world = write_world(tmp_path / "world", documents=60)
    hosts = ",".join(node.url.removeprefix("cassandra://").split(":")[0] for node in ring)
    mentions = f"cassandra://{hosts}:{ring[0].port}/kg_ring"
    config = write_config(tmp_path / "home", mentions=mentions, more=MORE)
    killed = threading.Event()

    def watch(event: dict[str, Any]) -> None:
        midway = event["event"] == "progress" and event["stage"] == "documents" and event["done"] >= MIDWAY
        if midway and not killed.is_set():
            ring[2].kill()
            killed.set()

    with jobs() as worker:
        ended = worker.run(config, world, watch=watch)
        assert not ended.error, ended
        assert killed.is_set()
        alone = write_config(tmp_path / "alone")
        assert not worker.run(alone, world).error
        expected = digest(load_config(alone))
        assert digest(load_config(config)) == expected
        # who comes back and is asked with one other that was there has everything, for two of three always know
        ring[2].start()
        ring[0].kill()
        assert digest(load_config(config)) == expected
