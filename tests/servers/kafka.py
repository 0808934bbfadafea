"""Kafka, one process that is broker and controller (KRaft)."""

import logging
import subprocess
import uuid
from base64 import urlsafe_b64encode
from pathlib import Path

from tests.servers.errors import ServerFailed
from tests.servers.java import find_java
from tests.servers.maven import resolve
from tests.servers.ports import HOST, Port, take_port
from tests.servers.process import JavaServer

TEMPLATES = Path(__file__).with_name("kafka")
POM = TEMPLATES / "pom.xml"
FORMATTED = "meta.properties"
_PROBE = logging.getLogger("tests.servers.kafka")  # takes what the client says while nobody listens yet


class KafkaServer(JavaServer):
    """One Kafka in a folder; topics are made when they are first used, with so many partitions."""

    name = "Kafka"
    user = ""
    password = ""

    def __init__(self, home: Path, *, port: Port | None = None, heap_mb: int = 320, partitions: int = 1) -> None:
        super().__init__(home)
        self._heap_mb, self._partitions = heap_mb, partitions
        self._port = port or take_port()
        self._controller_port = take_port()

    @property
    def url(self) -> str:
        """Address as clients take it (bootstrap server)."""
        return f"{HOST}:{self._port.number}"

    def _configure(self) -> list[str]:
        settings = self.home / "server.properties"
        settings.write_text("".join(f"{key}={value}\n" for key, value in self._settings().items()))
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
            "-t",
            cluster,
            "-c",
            str(settings),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            said = done.stdout + done.stderr
            raise ServerFailed(self.name, f"format ended with {done.returncode}: {said}", self.log)

    def _settings(self) -> dict[str, str | int]:
        broker, controller = (f"{HOST}:{port.number}" for port in (self._port, self._controller_port))
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.bootstrap.servers": controller,
            "listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
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
        }

    def _unhealthy(self) -> str:
        from confluent_kafka import KafkaException
        from confluent_kafka.admin import AdminClient

        try:
            found = AdminClient({"bootstrap.servers": self.url}, logger=_PROBE).list_topics(timeout=3)
        except KafkaException as error:
            return f"metadata: {error}"
        return "" if found.brokers else "no broker is registered"
