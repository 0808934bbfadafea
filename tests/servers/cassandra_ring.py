"""Three nodes of Cassandra that are one cluster, on three addresses of this machine."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers.cassandra import CassandraServer, cassandra_session
from tests.servers.errors import ServerFailed
from tests.servers.ports import Port, take_port

ADDRESSES = ("127.0.1.1", "127.0.1.2", "127.0.1.3")
TOKENS = ("-9223372036854775808", "-3074457345618258603", "3074457345618258602")
HEAP_MB = 384
JOINED_WITHIN_S = 180.0


class CassandraNode(CassandraServer):
    """One of three nodes. They ask for no password, for who may log in would be on one node only."""

    def __init__(self, home: Path, place: int, ports: tuple[Port, Port]) -> None:
        super().__init__(home, port=ports[0], heap_mb=HEAP_MB)
        self._host = ADDRESSES[place]
        self._place = place
        self._storage_port = ports[1]

    @property
    def _seeds(self) -> str:
        return ADDRESSES[0]

    def _properties(self) -> dict[str, str]:
        # twice the delay is what a starting node gives the seed to answer, and asks again after each five seconds of it
        return super()._properties() | {"ring_delay_ms": "10000", "consistent.rangemovement": "false"}

    def _settings(self) -> dict[str, Any]:
        return super()._settings() | {
            "authenticator": "AllowAllAuthenticator",
            "authorizer": "AllowAllAuthorizer",
            "initial_token": TOKENS[self._place],
            "auto_bootstrap": False,
        }

    def _timeouts(self) -> dict[str, str]:
        return {}  # the usual ones: a node that is gone is not waited for

    def sees(self) -> int:
        """Return how many nodes there are in this node's eyes, itself included."""
        with cassandra_session(self.url, self.user, self.password) as session:
            return 1 + len(list(session.execute("SELECT peer FROM system.peers")))


@contextmanager
def cassandra_ring(folder: Path) -> Iterator[list[CassandraNode]]:
    """Start three nodes, give them when each sees all three, and stop them."""
    ports = take_port(), take_port()
    nodes = [CassandraNode(folder / f"node-{place}", place, ports) for place in range(len(ADDRESSES))]
    try:
        for node in nodes:
            node.start()
        deadline = time.monotonic() + JOINED_WITHIN_S
        while any(node.sees() < len(nodes) for node in nodes):
            if time.monotonic() > deadline:
                raise ServerFailed(nodes[0].name, "does not see the other nodes", nodes[0].log)
            time.sleep(1)
        yield nodes
    finally:
        for node in nodes:
            node.kill()
