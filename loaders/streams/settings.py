"""How a stream reaches its broker and who it is there."""

import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.errors import ConfigError

PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
FILES = ("ca_file", "certificate_file", "key_file")
LARGEST_BYTES = 8 << 20
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}\Z")
_LOG = logging.getLogger("kg.stream.kafka")
_LOG.addHandler(logging.NullHandler())  # what the client says on the way is for those who ask for logs


@dataclass(frozen=True, slots=True)
class KafkaSecurity:
    """How the connection is secured; user and password come from KG_KAFKA_USER and KG_KAFKA_PASSWORD.

    protocol:  PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL. mechanism: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.
    ca_file:   certificates (PEM) that sign the broker's; "" trusts those of the system.
    certificate_file, key_file: the client's own (PEM), "" without.
    Raises ConfigError for another protocol or mechanism, and for a file that is missing or would not be used.
    """

    protocol: str = "PLAINTEXT"
    mechanism: str = "SCRAM-SHA-512"
    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""

    def __post_init__(self) -> None:
        if self.protocol not in PROTOCOLS:
            raise ConfigError("stream.protocol", f"{self.protocol!r} is none; valid: {', '.join(PROTOCOLS)}")
        if self.mechanism not in MECHANISMS:
            raise ConfigError("stream.mechanism", f"{self.mechanism!r} is none; valid: {', '.join(MECHANISMS)}")
        for key, path in zip(FILES, (self.ca_file, self.certificate_file, self.key_file), strict=True):
            if path and not self.protocol.endswith("SSL"):
                raise ConfigError(
                    f"stream.{key}", f"{path!r} is used with TLS only; stream.protocol is {self.protocol!r}"
                )
            if path and not Path(path).is_file():
                raise ConfigError(f"stream.{key}", f"{path!r} is not a file; name a PEM file")

    def client(self) -> dict[str, Any]:
        """Return the settings of a client; raises ConfigError when a password is needed and not there."""
        settings: dict[str, Any] = {"security.protocol": self.protocol}
        files = {
            "ssl.ca.location": self.ca_file,
            "ssl.certificate.location": self.certificate_file,
            "ssl.key.location": self.key_file,
        }
        settings.update({name: path for name, path in files.items() if path})
        if self.protocol.startswith("SASL"):
            user, password = os.environ.get("KG_KAFKA_USER", ""), os.environ.get("KG_KAFKA_PASSWORD", "")
            if not user or not password:
                problem = f"{self.protocol} needs a user and a password; set KG_KAFKA_USER and KG_KAFKA_PASSWORD"
                raise ConfigError("stream.protocol", problem)
            settings.update({"sasl.mechanism": self.mechanism, "sasl.username": user, "sasl.password": password})
        return settings


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """A stream's place at its broker.

    brokers:   HOST:PORT, several by commas. source: the topic that is read.
    group:     consumer group: its members share the partitions.
    instance:  name of this member, the same after each start: whoever starts under it ends what its forerunner left.
    session_s: after so many seconds without a sign of life another member takes over its partitions.
    Raises ConfigError for a name of a topic that cannot be one.
    """

    brokers: str
    source: str
    group: str
    instance: str
    session_s: float = 10.0
    security: KafkaSecurity = KafkaSecurity()

    def __post_init__(self) -> None:
        check_topic("in", self.source)
        if "@" in self.brokers:
            problem = "holds credentials; give them by the environment (KG_KAFKA_USER and KG_KAFKA_PASSWORD)"
            raise ConfigError("stream.brokers", problem)

    @property
    def url(self) -> str:
        """Address without credentials, as errors name it."""
        return f"kafka://{self.brokers}/{self.source}"

    def consumer(self) -> dict[str, Any]:
        """Return the settings of the consumer: only what is committed is read, and nothing is committed unasked."""
        session_ms = int(self.session_s * 1000)
        return self._client() | {
            "group.id": self.group,
            "group.instance.id": self.instance,
            "session.timeout.ms": session_ms,
            "heartbeat.interval.ms": max(session_ms // 4, 100),
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "queued.max.messages.kbytes": 32_768,
            "topic.metadata.refresh.interval.ms": 10_000,
        }

    def producer(self) -> dict[str, Any]:
        """Return the settings of the producer, whose writes and offsets become visible together."""
        return self._client() | {
            "transactional.id": f"{self.group}/{self.instance}",
            "compression.type": "lz4",
            "message.max.bytes": LARGEST_BYTES,
            "linger.ms": 0,
            "socket.timeout.ms": 10_000,  # how long a call of a transaction takes at most before it is told of
        }

    def _client(self) -> dict[str, Any]:
        common = {"bootstrap.servers": self.brokers, "logger": _LOG, "reconnect.backoff.max.ms": 2_000}
        return common | self.security.client()


def check_topic(option: str, name: str) -> str:
    """Return the name of a topic; raises ConfigError when it cannot be one."""
    if not _TOPIC.match(name) or name in (".", ".."):
        raise ConfigError(f"stream.{option}", f"{name!r} is not a topic: 1 to 249 letters, digits, dots, _ and -")
    return name
