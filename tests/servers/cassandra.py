"""Cassandra, one node, with authentication and authorization on."""

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers.certificates import STORE_PASSWORD, Identity
from tests.servers.java import find_java
from tests.servers.maven import resolve
from tests.servers.ports import HOST, Port, take_port
from tests.servers.process import JavaServer

TEMPLATES = Path(__file__).with_name("cassandra")
POM = TEMPLATES / "pom.xml"
FOLDERS = ("conf", "data", "commitlog", "saved_caches", "hints", "cdc_raw", "triggers", "logs")


class CassandraServer(JavaServer):
    """One Cassandra node in a folder; its local data centre is `datacenter1`.

    durable: each write is on disk before it is acknowledged, for tests that kill the node.
    """

    name = "Cassandra"
    user = "cassandra"
    password = "cassandra"

    def __init__(
        self,
        home: Path,
        *,
        port: Port | None = None,
        heap_mb: int = 512,
        identity: Identity | None = None,
        durable: bool = False,
    ) -> None:
        super().__init__(home)
        self._durable = durable
        self._identity = identity
        self._host = HOST
        self._heap_mb = heap_mb
        self._port = port or take_port()
        self._storage_port, self._tls_storage_port, self._jmx_port = (take_port() for _ in range(3))

    @property
    def url(self) -> str:
        """Address without a keyspace: append "/" and its name."""
        return f"cassandra://{self._host}:{self._port.number}"

    @property
    def _seeds(self) -> str:
        return self._host

    @property
    def port(self) -> int:
        """Number of the native port."""
        return self._port.number

    def _configure(self) -> list[str]:
        for folder in FOLDERS:
            (self.home / folder).mkdir(exist_ok=True)
        conf = self.home / "conf"
        # JSON is YAML, and quotes any path rightly.
        (conf / "cassandra.yaml").write_text(json.dumps(self._settings(), indent=2))
        jars = resolve(POM)
        return [
            str(find_java()),
            f"-Xms{self._heap_mb}m",
            f"-Xmx{self._heap_mb}m",
            f"@{TEMPLATES / 'jvm.args'}",
            f"-javaagent:{next(jars.glob('jamm-*.jar'))}",
            *("-cp", f"{conf}:{jars}/*"),
            f"-Dlogback.configurationFile={(TEMPLATES / 'logback.xml').as_uri()}",
            *(f"-Dcassandra.{key}={value}" for key, value in self._properties().items()),
            "org.apache.cassandra.service.CassandraDaemon",
        ]

    def _properties(self) -> dict[str, str]:
        return {
            "config": (self.home / "conf" / "cassandra.yaml").as_uri(),
            "storagedir": str(self.home),
            "logdir": str(self.home / "logs"),
            "triggers_dir": str(self.home / "triggers"),
            "jmx.local.port": str(self._jmx_port.number),
            # One node has nobody to wait for.
            "ring_delay_ms": "0",
            "skip_wait_for_gossip_to_settle": "0",
            "superuser_setup_delay_ms": "0",
        }

    def _settings(self) -> dict[str, Any]:
        seeds = {
            "class_name": "org.apache.cassandra.locator.SimpleSeedProvider",
            "parameters": [{"seeds": self._seeds}],
        }
        return {
            "cluster_name": "kg",
            "partitioner": "org.apache.cassandra.dht.Murmur3Partitioner",
            "endpoint_snitch": "SimpleSnitch",
            "num_tokens": 1,
            "seed_provider": [seeds],
            "listen_address": self._host,
            "rpc_address": self._host,
            "storage_port": self._storage_port.number,
            "ssl_storage_port": self._tls_storage_port.number,
            "native_transport_port": self._port.number,
            "start_native_transport": True,
            "authenticator": "PasswordAuthenticator",
            "authorizer": "CassandraAuthorizer",
            "role_manager": "CassandraRoleManager",
            "data_file_directories": [str(self.home / "data")],
            "commitlog_directory": str(self.home / "commitlog"),
            "saved_caches_directory": str(self.home / "saved_caches"),
            "hints_directory": str(self.home / "hints"),
            "cdc_raw_directory": str(self.home / "cdc_raw"),
            "cdc_enabled": False,
            **_synced(self._durable),
            **self._timeouts(),
            "commitlog_segment_size": "32MiB",
            "auto_snapshot": False,
            "incremental_backups": False,
            "memtable_allocation_type": "heap_buffers",
            "disk_access_mode": "standard",
            **self._tls_settings(),
        }

    def _timeouts(self) -> dict[str, str]:
        """Return how long the node itself waits: on a busy machine a pause of its own must fail nothing."""
        kinds = ("read", "range", "write", "counter_write", "truncate")
        return {f"{kind}_request_timeout": "60s" for kind in kinds} | {
            "request_timeout": "60s",
            "cas_contention_timeout": "60s",
        }

    def _tls_settings(self) -> dict[str, Any]:
        if self._identity is None:
            return {}
        options = {
            "enabled": True,
            "optional": False,
            "keystore": str(self._identity.key_store),
            "keystore_password": STORE_PASSWORD,
            "store_type": "PKCS12",
            "require_client_auth": False,
        }
        return {"client_encryption_options": options}

    def _unhealthy(self) -> str:
        from cassandra import DriverException
        from cassandra.cluster import NoHostAvailable

        try:
            socket.create_connection((self._host, self._port.number), timeout=2).close()
            context = unproved() if self._identity else None
            with cassandra_session(self.url, self.user, self.password, context) as session:
                session.execute("SELECT release_version FROM system.local")
        except (OSError, DriverException, NoHostAvailable) as error:
            return f"CQL: {error}"
        return ""


def unproved() -> ssl.SSLContext:
    """Return what speaks TLS and looks at no certificate: that is for kg to prove."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def cassandra_session(url: str, user: str, password: str, context: ssl.SSLContext | None = None) -> Iterator[Any]:
    """Open a driver session on cassandra://HOST[,HOST...]:PORT[/KEYSPACE]; the keyspace is not entered."""
    from cassandra import ProtocolVersion
    from cassandra.auth import PlainTextAuthProvider
    from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
    from cassandra.policies import RoundRobinPolicy

    hosts, _, port = url.removeprefix("cassandra://").partition("/")[0].partition(":")
    profile = ExecutionProfile(load_balancing_policy=RoundRobinPolicy(), request_timeout=60)
    cluster = Cluster(
        hosts.split(","),
        port=int(port or 9042),
        auth_provider=PlainTextAuthProvider(user, password),
        protocol_version=ProtocolVersion.V5,
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
        connect_timeout=10,
        control_connection_timeout=60,
        ssl_context=context,
    )
    try:
        yield cluster.connect()
    finally:
        cluster.shutdown()


def _synced(durable: bool) -> dict[str, str]:
    """Return how often the commit log reaches the disk: a node alone that is killed forgets what did not."""
    return {"commitlog_sync": "batch"} if durable else {"commitlog_sync": "periodic", "commitlog_sync_period": "10s"}
