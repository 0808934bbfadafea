"""What Prometheus reads: requests, times, refusals, decisions, the index in service."""

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    GC_COLLECTOR,
    PLATFORM_COLLECTOR,
    PROCESS_COLLECTOR,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The measures of one server; route is the template of the path, never the path that was asked."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        for collector in (PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR):
            self._registry.register(collector)
        labels = ("method", "route", "status")
        self._requests = Counter("kg_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "kg_request_seconds",
            "Time to the end of the answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.decisions = Counter(
            "kg_linked_mentions", "Mentions that the link endpoint decided.", ("decision",), registry=self._registry
        )
        self.busy = Gauge("kg_busy", "Requests that run or wait, by lane.", ("lane",), registry=self._registry)
        self.index = Gauge(
            "kg_index_entities", "Entities in service, by version.", ("version",), registry=self._registry
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return all of it in the text format of Prometheus."""
        return generate_latest(self._registry)
