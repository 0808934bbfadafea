"""How `kg stream` reads, and every bound that it keeps."""

from dataclasses import dataclass, fields

from schemas.errors import ConfigError


@dataclass(frozen=True, slots=True)
class StreamConfig:
    """Settings of a stream; times in seconds unless they say otherwise.

    batch_documents: most documents that are decided at a time. batch_ms: how long a batch waits for more of them.
    message_bytes:   largest message that is read. answer_bytes: largest that is written.
    session_s:       after so long without a sign of life another consumer of the group takes over.
    publish_s:       how often an embedded graph is published for other processes to see.
    workers:         most processes that extract beside the stream while messages wait, no more than there are cores;
                     1: none. Each holds its own models, about half a gigabyte.
    protocol:        PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL; mechanism: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.
    ca_file, certificate_file, key_file: PEM files of the broker's authority and of this client, "" without.
    User and password come from the environment only: KG_KAFKA_USER, KG_KAFKA_PASSWORD.
    """

    batch_documents: int = 64
    batch_ms: int = 50
    message_bytes: int = 8 << 20
    answer_bytes: int = 1_000_000
    session_s: float = 10.0
    publish_s: float = 5.0
    workers: int = 8
    protocol: str = "PLAINTEXT"
    mechanism: str = "SCRAM-SHA-512"
    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if not isinstance(value, str) and value <= 0:
                raise ConfigError(f"stream.{each.name}", f"{value!r} is not above 0")
