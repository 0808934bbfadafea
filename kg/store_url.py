"""Which store a URL names."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from schemas.errors import ConfigError

GRAPH_SCHEMES = ("neo4j", "bolt", "neo4j+s", "bolt+s")
UNPROVED = ("neo4j+ssc", "bolt+ssc")


@dataclass(frozen=True, slots=True)
class CassandraAddress:
    """Contact points, native port and keyspace of a Cassandra cluster."""

    hosts: tuple[str, ...]
    port: int
    keyspace: str


def check_graph_url(url: str) -> str:
    """Return a Neo4j URL that can be used; raises ConfigError for another scheme or for credentials in it."""
    refuse_credentials("graph", url)
    parts = urlsplit(url)
    if parts.scheme in UNPROVED:
        problem = f"{parts.scheme}:// takes any certificate, so anyone may stand between; use {parts.scheme[:-2]}://"
        raise ConfigError("graph", f"{problem} and name the server's authority by neo4j.ca_file")
    if parts.scheme not in GRAPH_SCHEMES or not parts.hostname:
        raise ConfigError("graph", f"{url!r} is not a graph store; valid: embedded, neo4j://HOST:7687")
    return url


def cassandra_address(url: str) -> CassandraAddress:
    """Return where a cassandra:// URL leads; raises ConfigError for what is not one, or for credentials in it.

    >>> cassandra_address("cassandra://a,b:9042/kg").hosts
    ('a', 'b')
    """
    refuse_credentials("mentions", url)
    parts = urlsplit(url)
    keyspace = parts.path.strip("/")
    hosts, _, port = parts.netloc.rpartition(":")
    if not hosts:
        hosts, port = port, "9042"
    names = tuple(host for host in hosts.split(",") if host)
    if parts.scheme != "cassandra" or not names or not port.isdigit():
        raise ConfigError(
            "mentions", f"{url!r} is not a mention store; valid: embedded, cassandra://HOST:9042/KEYSPACE"
        )
    if not keyspace.isidentifier() or len(keyspace) > 48:
        raise ConfigError("mentions", f"keyspace {keyspace!r} is not an identifier of at most 48 characters")
    return CassandraAddress(names, int(port), keyspace.lower())


def refuse_credentials(key: str, url: str) -> None:
    """Raise ConfigError for a URL that holds a user or a password; its text does not repeat them."""
    if "@" in unquote(url):
        store = "NEO4J" if key == "graph" else "CASSANDRA"
        variables = f"KG_{store}_USER and KG_{store}_PASSWORD"
        raise ConfigError(key, f"holds credentials; give them by the environment ({variables})")
