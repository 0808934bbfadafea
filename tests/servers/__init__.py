"""Real Neo4j and Cassandra for tests and for hand use: Maven artifacts and a JDK 17, no Docker."""

from tests.servers.cassandra import CassandraServer
from tests.servers.errors import ServerFailed, ServerMissing
from tests.servers.neo4j import Neo4jServer

__all__ = ["CassandraServer", "Neo4jServer", "ServerFailed", "ServerMissing"]
