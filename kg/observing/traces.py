"""OpenTelemetry traces: a span for the verb, its run, the stages, the calls of stores (extra otel)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kg.observing.watching import BlockKind
from kg.version import VERSION
from schemas.errors import MissingExtraError
from schemas.run import Run

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def traces_wanted() -> bool:
    """Whether the environment asks for traces: an OTLP endpoint is named, and nothing switches them off."""
    if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    exporter = os.environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    return exporter == "otlp" or (exporter == "" and any(os.environ.get(name) for name in _ENDPOINTS))


class RunTraces:
    """Spans of one verb; a watcher. Values of queries and rows are never told, only names, counts and errors.

    Sent by the OTLP exporter over HTTP, as the OTEL_* variables say. A collector that does not answer costs spans and
    never the work. Raises MissingExtraError.
    """

    def __init__(self, verb: str) -> None:
        try:
            from opentelemetry import trace
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as error:
            raise MissingExtraError("telling traces (OTEL_EXPORTER_OTLP_ENDPOINT is set)", "otel") from error
        self._trace = trace
        named = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "kg"}
        resource = Resource.create({**named, "service.version": VERSION})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("kg", VERSION)
        self._verb = verb
        self._run: Any = None

    def _span(self, name: str, told: dict[str, str], within: Any = None) -> Any:  # noqa: ANN401 - of the optional package
        # the texts of errors may hold what stores were asked; their names say enough
        return self._tracer.start_as_current_span(
            name, context=within, attributes=told, record_exception=False, set_status_on_exception=False
        )

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Hold the verb's span open for the length of a block, then send what is left."""
        try:
            with self._span(f"kg {self._verb}", {"kg.verb": self._verb}) as span:
                try:
                    yield
                except BaseException as error:
                    self._fail(span, error)
                    raise
                finally:
                    self._close_run()
        finally:
            self._provider.shutdown()

    def run_begun(self, run: Run) -> None:
        """Open the run's span; what follows in this verb is inside it."""
        self._close_run()
        told: dict[str, str | int] = {"kg.run.id": run.run_id, "kg.run.kind": run.kind, "kg.run.sequence": run.sequence}
        self._run = self._tracer.start_span(f"run {run.kind}", attributes=told)

    def run_ended(self, run: Run) -> None:
        """Close the run's span with what it counted."""
        if self._run is not None:
            self._run.set_attributes({f"kg.count.{name}": number for name, number in run.counts.items()})
            self._run.set_attributes({"kg.index.version": run.index_version, "kg.model.version": run.model_version})
            self._run.set_attribute("kg.run.status", run.status)
        self._close_run()

    @contextmanager
    def block(self, kind: BlockKind, owner: str, name: str) -> Iterator[None]:
        """Hold a span open for a stage, or for the call of a store."""
        told = {"kg.stage": name} if kind == "stage" else {"kg.store": owner, "kg.store.call": name}
        title = name if kind == "stage" else f"{owner}.{name}"
        current = self._trace.get_current_span()
        # a stage that nothing encloses but the verb lies inside the run
        inside = self._run is not None and getattr(current, "parent", None) is None
        within = self._trace.set_span_in_context(self._run) if inside else None
        with self._span(title, told, within) as span:
            try:
                yield
            except BaseException as error:
                self._fail(span, error)
                raise

    def _close_run(self) -> None:
        if self._run is not None:
            self._run.end()
            self._run = None

    def _fail(self, span: Any, error: BaseException) -> None:  # noqa: ANN401 - a span of the optional package
        span.set_status(self._trace.StatusCode.ERROR, type(error).__name__)
