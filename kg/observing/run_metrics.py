"""What Prometheus reads of a verb: as a text file for the node exporter when it ends, or at a port while it goes on."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server, write_to_textfile

from kg.observing.watching import BlockKind
from kg.progress import Progress
from linkers.peak_memory import peak_memory
from schemas.errors import ConfigError
from schemas.run import Run

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class RunMetrics:
    """The measures of one verb; a watcher. verb: the first word after kg."""

    def __init__(self, verb: str) -> None:
        self.registry = CollectorRegistry()
        self._verb, self._began = verb, time.time()
        self._stage_seconds = self._gauge("kg_run_stage_seconds", "Wall time of a stage.", "kind", "stage")
        self._stage_rows = self._gauge("kg_run_stage_rows", "Rows that a stage worked on.", "kind", "stage")
        self._counts = self._gauge("kg_run_count", "What the run counted.", "kind", "counted")
        self._sequence = self._gauge("kg_run_sequence", "Number of the run in the order of the home.", "kind")
        self._running = self._gauge("kg_run_running", "1 from the begin of a run to its end.", "kind")
        self._done = self._gauge("kg_stage_done", "How far a stage has come.", "stage")
        self._total = self._gauge("kg_stage_total", "How much a stage has to do; 0 when not known.", "stage")
        self._success = self._gauge("kg_verb_success", "1 when the verb ended without an error, else 0.", "verb")
        self._took = self._gauge("kg_verb_seconds", "Wall time of the verb.", "verb")
        self._ended = self._gauge("kg_verb_ended_timestamp_seconds", "When the verb ended.", "verb")
        self._memory = self._gauge("kg_verb_peak_memory_bytes", "Most resident memory.", "verb")
        calls = ("store", "call")
        self._calls = Histogram(
            "kg_store_call_seconds", "Time of store calls.", calls, buckets=_SECONDS, registry=self.registry
        )
        self._failures = Counter(
            "kg_store_call_failures", "Store calls that raised.", (*calls, "error"), registry=self.registry
        )

    def run_begun(self, run: Run) -> None:
        """Take note of a run."""
        self._sequence.labels(run.kind).set(run.sequence)
        self._running.labels(run.kind).set(1)

    def run_ended(self, run: Run) -> None:
        """Take what the run counted."""
        self._running.labels(run.kind).set(0)
        for stage, seconds in run.seconds.items():
            self._stage_seconds.labels(run.kind, stage).set(seconds)
        for stage, rows in run.figures.get("rows", {}).items():
            self._stage_rows.labels(run.kind, stage).set(rows)
        for name, number in run.counts.items():
            self._counts.labels(run.kind, name).set(number)

    @contextmanager
    def block(self, kind: BlockKind, owner: str, name: str) -> Iterator[None]:
        """Time a store call; stages are told when their run has ended."""
        if kind == "stage":
            yield
            return
        began = time.perf_counter()
        try:
            yield
        except Exception as error:
            self._failures.labels(owner, name, type(error).__name__).inc()
            raise
        finally:
            self._calls.labels(owner, name).observe(time.perf_counter() - began)

    def listening(self, progress: Progress) -> Progress:
        """Return a listener to progress that takes it for the metrics and hands it on."""

        def listener(stage: str, done: int, total: int | None) -> None:
            self._done.labels(stage).set(done)
            self._total.labels(stage).set(total or 0)
            progress(stage, done, total)

        return listener

    def end(self, *, success: bool) -> None:
        """Take note that the verb has ended."""
        self._success.labels(self._verb).set(int(success))
        self._took.labels(self._verb).set(time.time() - self._began)
        self._ended.labels(self._verb).set_to_current_time()
        self._memory.labels(self._verb).set(peak_memory())

    def write(self, path: Path) -> None:
        """Write all of it in the text format of Prometheus, whole or not at all; raises ConfigError."""
        try:
            write_to_textfile(str(path), self.registry)
        except OSError as error:
            raise ConfigError("metrics-file", f"{str(path)!r} cannot be written: {error.strerror}") from error

    @contextmanager
    def served(self, port: int) -> Iterator[int]:
        """Answer at a port of this machine for the length of a block; yields the port, which 0 chooses."""
        try:
            server, thread = start_http_server(port, "127.0.0.1", self.registry)
        except OSError as error:
            raise ConfigError("metrics-port", f"{port!r} cannot be listened at: {error.strerror}") from error
        try:
            yield int(server.server_port)
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self.registry)
