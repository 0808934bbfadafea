"""The servers of a test session: started once, side by side, unless the environment names others."""

import os
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from tests.servers.cassandra import CassandraServer
from tests.servers.neo4j import Neo4jServer
from tests.servers.process import JavaServer

MAKERS: dict[str, Callable[[Path], JavaServer]] = {"neo4j": Neo4jServer, "cassandra": CassandraServer}


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach a server.

    ours: True when these tests started it and may therefore clear it.
    """

    url: str
    user: str
    password: str
    ours: bool


class SessionServers:
    """Servers by name ("neo4j", "cassandra"), each started when it is first asked for.

    home:     an empty folder for their data.
    expected: names that tests are going to ask for: the first request starts all of them side by side.
    """

    def __init__(self, home: Path, expected: Collection[str]) -> None:
        self._home = home
        self._expected = expected
        self._servers: dict[str, JavaServer] = {}

    def access(self, name: str) -> Access:
        """Return a healthy server, and export its user and password as kg reads them.

        Raises ServerMissing or ServerFailed.
        """
        access = _given(name) or self._started(name)
        os.environ[f"KG_{name.upper()}_USER"] = access.user
        os.environ[f"KG_{name.upper()}_PASSWORD"] = access.password
        return access

    def _started(self, name: str) -> Access:
        for each in [name, *self._expected]:
            if each not in self._servers and _given(each) is None:
                server = MAKERS[each](self._home / each)
                server.launch()
                self._servers[each] = server
        server = self._servers[name]
        server.wait_healthy()
        return Access(server.url, server.user, server.password, ours=True)

    def stop(self) -> None:
        """End the servers and delete their data; the logs stay."""
        for name, server in self._servers.items():
            server.kill()
            for folder in ("data", "commitlog"):
                shutil.rmtree(self._home / name / folder, ignore_errors=True)
        self._servers.clear()


def _given(name: str) -> Access | None:
    """Return the server that KG_TEST_NEO4J or KG_TEST_CASSANDRA names, if any."""
    url = os.environ.get(f"KG_TEST_{name.upper()}")
    if not url:
        return None
    user = os.environ.get(f"KG_{name.upper()}_USER", name)
    password = os.environ.get(f"KG_{name.upper()}_PASSWORD", "")
    return Access(url.rstrip("/"), user, password, ours=False)
