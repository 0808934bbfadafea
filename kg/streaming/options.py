"""What a stream is told, and what it tells when it ends."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kg.config import Config
from loaders.streams.settings import KafkaSecurity, KafkaSettings, check_topic
from schemas.identity import content_id

DEFAULT_GROUP = "kg"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """Which topics a stream reads and writes.

    brokers: HOST:PORT, several by commas. source, target: topics of documents and of decisions.
    dead_letters: topic of what cannot be read; "" is the source's name with ".dead-letters".
    group:    consumer group; streams of one group share the partitions.
    instance: name of this stream in the group, the same after each start; "" makes one of the machine and the home.
    until_idle_s: end when nothing came for so long; None goes on until it is stopped.
    metrics_port: where Prometheus may ask, on the loopback address; None without.
    """

    brokers: str
    source: str
    target: str
    dead_letters: str = ""
    group: str = DEFAULT_GROUP
    instance: str = ""
    until_idle_s: float | None = None
    metrics_port: int | None = None

    def __post_init__(self) -> None:
        check_topic("out", self.target)
        check_topic("dead-letters", self.refused_topic)

    @property
    def refused_topic(self) -> str:
        """Topic of what cannot be read."""
        return self.dead_letters or f"{self.source}.dead-letters"

    @property
    def fingerprint(self) -> str:
        """What names the runs of this stream."""
        return content_id("stream", self.group, self.source)

    @property
    def file_id(self) -> str:
        """Owner of the documents that come from the topic."""
        return content_id("file", "documents", "stream", self.source)

    def kafka(self, config: Config) -> KafkaSettings:
        """Return the stream's place at the broker; raises ConfigError."""
        own = config.stream
        place = content_id("stream", socket.gethostname(), str(Path(config.home).resolve()))
        security = KafkaSecurity(own.protocol, own.mechanism, own.ca_file, own.certificate_file, own.key_file)
        return KafkaSettings(
            self.brokers, self.source, self.group, self.instance or place, session_s=own.session_s, security=security
        )


@dataclass
class StreamSummary:
    """What a stream did.

    messages:     how many were read. documents: how many of them were decided.
    repeated:     documents that came as they are in the home already; their decisions were written again.
    dead_letters: messages that could not be read. decisions: by kind (link, review, nil).
    runs:         ids of the runs, more than one when other commands wrote in between.
    """

    messages: int = 0
    documents: int = 0
    repeated: int = 0
    dead_letters: int = 0
    decisions: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("link", "review", "nil"), 0))
    runs: list[str] = field(default_factory=list)
