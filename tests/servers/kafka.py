"""Kafka, one process that is broker and controller (KRaft)."""

import logging
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from tests.servers.certificates import STORE_PASSWORD, Identity
from tests.servers.errors import ServerFailed
from tests.servers.java import find_java
from tests.servers.maven import resolve
from tests.servers.ports import HOST, Port, take_port
from tests.servers.process import JavaServer

TEMPLATES = Path(__file__).with_name("kafka")
POM = TEMPLATES / "pom.xml"
FORMATTED = "meta.properties"
LOCAL_PASSWORD = "only-for-tests"
SECURED = "SASL_SSL"
_PROBE = logging.getLogger("tests.servers.kafka")  # takes what the client says while nobody listens yet


class KafkaServer(JavaServer):
    """One Kafka in a folder; topics are made when they are first used, with so many partitions.

    identity: clients must speak TLS and log in as `user` with `password`, by PLAIN or SCRAM-SHA-512.
    """

    name = "Kafka"
    user = "kg"
    password = ""

    def __init__(
        self,
        home: Path,
        *,
        port: Port | None = None,
        heap_mb: int = 320,
        partitions: int = 1,
        identity: Identity | None = None,
        password: str = LOCAL_PASSWORD,
    ) -> None:
        super().__init__(home)
        self._identity, self.password = identity, password
        self._heap_mb, self._partitions = heap_mb, partitions
        self._port = port or take_port()
        self._controller_port = take_port()

    @property
    def url(self) -> str:
        """Address as clients take it (bootstrap server)."""
        return f"{HOST}:{self._port.number}"

    @property
    def client(self) -> dict[str, str | int | float | bool]:
        """Settings by which a client of librdkafka reaches it."""
        found: dict[str, str | int | float | bool] = {"bootstrap.servers": self.url}
        if self._identity is None:
            return found
        login = {"sasl.mechanism": "PLAIN", "sasl.username": self.user, "sasl.password": self.password}
        return found | {"security.protocol": SECURED, "ssl.ca.location": str(self._identity.certificate)} | login

    def _configure(self) -> list[str]:
        settings = self.home / "server.properties"
        settings.write_text("".join(f"{key}={value}\n" for key, value in self._settings().items()))
        settings.chmod(0o600)
        if not (self.home / "data" / FORMATTED).exists():
            self._format(settings)
        return [*self._java(), "kafka.Kafka", str(settings)]

    def _java(self) -> list[str]:
        return [
            str(find_java()),
            *("-Xms128m", f"-Xmx{self._heap_mb}m", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError"),
            f"-Dlog4j2.configurationFile={TEMPLATES / 'log4j2.yaml'}",
            *("-cp", f"{resolve(POM)}/*"),
        ]

    def _format(self, settings: Path) -> None:
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = [
            *self._java(),
            "kafka.tools.StorageTool",
            "format",
            "--standalone",
            f"--cluster-id={cluster}",  # which may begin with "-"
            f"--config={settings}",
        ]
        if self._identity is not None:
            command += ["--add-scram", f"SCRAM-SHA-512=[name={self.user},password={self.password}]"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            said = done.stdout + done.stderr
            raise ServerFailed(self.name, f"format ended with {done.returncode}: {said}", self.log)

    def _settings(self) -> dict[str, str | int]:
        clients = SECURED if self._identity else "PLAINTEXT"
        broker, controller = (f"{HOST}:{port.number}" for port in (self._port, self._controller_port))
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.bootstrap.servers": controller,
            "listeners": f"{clients}://{broker},CONTROLLER://{controller}",
            "advertised.listeners": f"{clients}://{broker},CONTROLLER://{controller}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": clients,
            "listener.security.protocol.map": f"{clients}:{clients},CONTROLLER:PLAINTEXT",
            "log.dirs": str(self.home / "data"),
            "log.cleaner.dedupe.buffer.size": 4 << 20,
            "num.partitions": self._partitions,
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 1,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.num.partitions": 1,
            "transaction.state.log.min.isr": 1,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
            "group.min.session.timeout.ms": 1000,
            **self._tls_settings(),
        }

    def _tls_settings(self) -> dict[str, str]:
        if self._identity is None:
            return {}
        module = "org.apache.kafka.common.security"
        login = f'username="{self.user}" password="{self.password}"'
        # the broker is a client of itself: it trusts the authority in its own file
        return {
            "ssl.keystore.type": "PKCS12",
            "ssl.keystore.location": str(self._identity.key_store),
            "ssl.keystore.password": STORE_PASSWORD,
            "ssl.key.password": STORE_PASSWORD,
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self._identity.certificate),
            "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
            "sasl.mechanism.inter.broker.protocol": "PLAIN",
            f"listener.name.{SECURED.lower()}.plain.sasl.jaas.config": (
                f'{module}.plain.PlainLoginModule required {login} user_{self.user}="{self.password}";'
            ),
            f"listener.name.{SECURED.lower()}.scram-sha-512.sasl.jaas.config": (
                f"{module}.scram.ScramLoginModule required {login};"
            ),
        }

    def _unhealthy(self) -> str:
        from confluent_kafka import KafkaException
        from confluent_kafka.admin import AdminClient

        try:
            found = AdminClient(self.client, logger=_PROBE).list_topics(timeout=3)
        except KafkaException as error:
            return f"metadata: {error}"
        return "" if found.brokers else "no broker is registered"
