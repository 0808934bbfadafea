"""What a stream shows to Prometheus."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from loaders.streams.message import Message
from schemas.errors import ConfigError

_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0)
_DOCUMENTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
_HOST = "127.0.0.1"


class StreamFigures:
    """Counters of one stream, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        given: dict[str, Any] = {"registry": self.registry}
        self.messages = Counter("kg_stream_messages", "Messages read", **given)
        self.documents = Counter("kg_stream_documents", "Documents, decided or repeated", ["outcome"], **given)
        self.decisions = Counter("kg_stream_decisions", "Decisions by kind", ["decision"], **given)
        self.dead_letters = Counter("kg_stream_dead_letters", "Messages that could not be read", **given)
        self.batch = Histogram("kg_stream_batch_messages", "Messages a batch", buckets=_DOCUMENTS, **given)
        self.latency = Histogram(
            "kg_stream_latency_seconds", "From the message's time to its decisions", buckets=_SECONDS, **given
        )
        self.stages = Counter("kg_stream_stage_seconds", "Wall time by stage", ["stage"], **given)
        self.lag = Gauge("kg_stream_lag", "Messages behind the end of the partition", ["partition"], **given)
        self.waiting = Gauge("kg_stream_waiting", "1 while a store or the broker is away", **given)
        self._seconds: dict[str, float] = {}

    def answered(self, batch: Iterable[Message]) -> None:
        """Take note of messages whose answers are written."""
        now = time.time()
        for message in batch:
            self.messages.inc()
            if message.timestamp_ms:
                self.latency.observe(max(now - message.timestamp_ms / 1000, 0.0))

    def spent(self, seconds: Mapping[str, float]) -> None:
        """Take note of the seconds by stage that a run has spent until now."""
        for stage, total in seconds.items():
            self.stages.labels(stage).inc(max(total - self._seconds.get(stage, 0.0), 0.0))
        self._seconds = dict(seconds)

    def behind(self, lag: Mapping[int, int]) -> None:
        """Take note of the lag of the partitions that this stream has now."""
        self.lag.clear()
        for partition, messages in lag.items():
            self.lag.labels(str(partition)).set(messages)

    @contextmanager
    def served(self, port: int | None) -> Iterator[None]:
        """Answer Prometheus on the loopback address; raises ConfigError when the port is taken. None: do not."""
        if port is None:
            yield
            return
        server, thread = self._listening(port)
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def _listening(self, port: int) -> tuple[WSGIServer, Thread]:
        try:
            return start_http_server(port, _HOST, self.registry)
        except OSError as error:
            raise ConfigError("metrics-port", f"cannot listen at {_HOST} port {port}: {error.strerror}") from error
