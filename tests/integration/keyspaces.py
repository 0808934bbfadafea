"""Drops the keyspace that a test made for itself."""

import os

from kg.config import Config
from kg.store_url import cassandra_address
from tests.servers.cassandra import cassandra_session


def drop_keyspace(config: Config) -> None:
    """Drop the keyspace that the configuration names, when it is one of the tests' own."""
    address = cassandra_address(config.mentions)
    if not address.keyspace.startswith("kg_test_"):
        message = f"{address.keyspace} was not made by a test"
        raise ValueError(message)
    url = f"cassandra://{address.hosts[0]}:{address.port}"
    with cassandra_session(url, os.environ["KG_CASSANDRA_USER"], os.environ["KG_CASSANDRA_PASSWORD"]) as session:
        session.execute(f"DROP KEYSPACE IF EXISTS {address.keyspace}")
