"""Settings of the stores: sections [stores], [neo4j] and [cassandra] of kg.toml.

Users and passwords are none of them: they come from the environment only and are never part of a configuration.
"""

from dataclasses import dataclass

from schemas.errors import ConfigError


@dataclass(frozen=True, slots=True)
class StoresConfig:
    """How work behaves when a server is away.

    patience_s: seconds during which a call to a server that does not answer is tried again, >= 0; 0 gives up at once.
    """

    patience_s: float = 60.0

    def __post_init__(self) -> None:
        if not self.patience_s >= 0:
            raise ConfigError("stores.patience_s", f"{self.patience_s!r} is not 0 or more seconds")


@dataclass(frozen=True, slots=True)
class CassandraConfig:
    """Settings of the Cassandra keyspace and driver; times in seconds.

    tls:     whether connections are encrypted, and the nodes prove who they are.
    ca_file: PEM file of the authorities that are trusted then; "" takes those of the system. KG_CASSANDRA_CA_FILE
             overrides it.
    """

    replication: int = 1
    data_center: str = "datacenter1"
    concurrency: int = 64
    timeout_s: float = 20.0
    tls: bool = False
    ca_file: str = ""

    def __post_init__(self) -> None:
        if self.ca_file and not self.tls:
            raise ConfigError("cassandra.ca_file", f"{self.ca_file!r} is used with TLS only; set cassandra.tls = true")


@dataclass(frozen=True, slots=True)
class Neo4jConfig:
    """Settings of the Neo4j driver; times in seconds. TLS is asked for by the URL: neo4j+s:// or bolt+s://.

    vectors: whether entities have their vector there too, under an index (kg_entity_vectors).
    ca_file: PEM file of the authorities that are trusted with TLS; "" takes those of the system. KG_NEO4J_CA_FILE
             overrides it.
    """

    database: str = "neo4j"
    query_timeout_s: float = 60.0
    vectors: bool = True
    ca_file: str = ""
