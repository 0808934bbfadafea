"""Both servers for hand use: `python -m tests.servers`, until Ctrl-C."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from tests.servers.cassandra import CassandraServer
from tests.servers.errors import ServerFailed, ServerMissing
from tests.servers.neo4j import LOCAL_PASSWORD, Neo4jServer
from tests.servers.ports import take_port

READY = """
Neo4j           {neo4j}      Browser: {browser}
Cassandra       {cassandra}
Data and logs   {home}

In the terminal where you use kg:

  export KG_NEO4J_USER={neo4j_user} KG_NEO4J_PASSWORD={neo4j_password}
  export KG_CASSANDRA_USER={cassandra_user} KG_CASSANDRA_PASSWORD={cassandra_password}
  kg --graph {neo4j} --mentions {cassandra}/kg_demo demo

Ctrl-C stops both.
"""


def main() -> int:
    """Start both servers, tell how to use them, stop them at Ctrl-C; returns the exit code."""
    options = _options()
    signal.signal(signal.SIGTERM, _interrupt)
    neo4j = Neo4jServer(
        options.home / "neo4j",
        port=take_port(options.neo4j_port),
        http_port=take_port(options.http_port),
        password=os.environ.get("KG_NEO4J_PASSWORD") or LOCAL_PASSWORD,
        heap_mb=1024,
    )
    cassandra = CassandraServer(options.home / "cassandra", port=take_port(options.cassandra_port))
    try:
        print("Starting Neo4j and Cassandra (the first time their jars are downloaded) ...", flush=True)
        neo4j.launch()
        cassandra.launch()
        neo4j.wait_healthy()
        cassandra.wait_healthy()
        print(_ready(neo4j, cassandra, options.home), flush=True)
        return _watch(neo4j, cassandra)
    except (ServerFailed, ServerMissing) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopping both ...", flush=True)
        return 0
    finally:
        neo4j.ask_to_stop()
        cassandra.stop()
        neo4j.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("kg-servers"), help="folder of data and logs")
    parser.add_argument("--neo4j-port", type=int, default=7687, help="another is taken when it is not free")
    parser.add_argument("--http-port", type=int, default=7474, help="port of the Neo4j Browser, likewise")
    parser.add_argument("--cassandra-port", type=int, default=9042, help="likewise")
    return parser.parse_args()


def _ready(neo4j: Neo4jServer, cassandra: CassandraServer, home: Path) -> str:
    return READY.format(
        neo4j=neo4j.url,
        browser=neo4j.browser_url,
        cassandra=cassandra.url,
        home=home.absolute(),
        neo4j_user=neo4j.user,
        neo4j_password=neo4j.password,
        cassandra_user=cassandra.user,
        cassandra_password=cassandra.password,
    )


def _watch(neo4j: Neo4jServer, cassandra: CassandraServer) -> int:
    while True:
        for server in (neo4j, cassandra):
            if not server.running:
                raise ServerFailed(server.name, "ended by itself", server.log)
        time.sleep(1)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
