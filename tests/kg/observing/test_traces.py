"""Traces, taken by a real collector; and that nothing of them is there when nobody asks."""

import socket
import sys
from pathlib import Path

import pytest

from kg.config import load_config
from kg.home import Home
from kg.observing import watching
from kg.observing.store_calls import watched_store
from schemas.errors import StoreUnavailable
from schemas.protocols import GraphStore, MentionStore, VectorGraph
from tests.kg.gold_home import call
from tests.kg.observing.collector import attributes, collecting

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
ERROR = 2


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (ENDPOINT, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER", "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)


def test_a_run_is_a_tree_of_verb_run_stages_and_store_calls(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        monkeypatch.setenv(ENDPOINT, collector.url)
        assert call(folder, "resolve", "--precision", "0.6").exit_code == 0
    assert collector.paths == {"/v1/traces"}
    assert {resource["service.name"] for resource in collector.resources} == {"kg"}
    assert len({span.trace_id for span in collector.spans}) == 1
    (verb,), (run,), (store,) = (collector.named(name) for name in ("kg resolve", "run resolve", "store"))
    assert collector.parent(verb) is None
    assert collector.parent(run) is verb
    assert collector.parent(store) is run
    (append,) = collector.named("mentions.append_decisions")
    assert collector.parent(append) is store
    assert {collector.parent(span).name for span in collector.named("graph.nodes")} == {"graph"}
    told = attributes(run)
    assert told["kg.run.kind"] == "resolve"
    assert told["kg.count.link"] + told["kg.count.review"] + told["kg.count.nil"] == 7
    assert verb.start_time_unix_nano <= run.start_time_unix_nano <= run.end_time_unix_nano <= verb.end_time_unix_nano


def test_what_fails_is_told_by_its_name_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise StoreUnavailable("mentions", "hunter2 does not answer")

    monkeypatch.setattr("loaders.stores.mentions.embedded.EmbeddedMentions.append_decisions", fails)
    with collecting() as collector:
        monkeypatch.setenv(ENDPOINT, collector.url)
        assert call(folder, "resolve", "--precision", "0.6").exit_code == 1
    (append,) = collector.named("mentions.append_decisions")
    assert (append.status.code, append.status.message) == (ERROR, "StoreUnavailable")
    assert "hunter2" not in "".join(str(span) for span in collector.spans)


def test_a_collector_that_is_not_there_stops_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{port}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    assert call(folder, "resolve", "--precision", "0.6").exit_code == 0


@pytest.mark.parametrize(("name", "value"), [("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none")])
def test_the_standard_switches_turn_it_off(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with collecting() as collector:
        monkeypatch.setenv(ENDPOINT, collector.url)
        monkeypatch.setenv(name, value)
        assert call(folder, "resolve", "--precision", "0.6").exit_code == 0
    assert not collector.spans


def test_without_the_extra_it_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    result = call(folder, "stats")
    assert result.exit_code == 1
    assert "audiokg[otel]" in result.stderr


def test_off_there_is_no_wrapper_at_all(folder: Path) -> None:
    with Home(load_config(folder / "kg.toml")) as home:
        for store, protocols in ((home.mentions, (MentionStore,)), (home.graph, (GraphStore, VectorGraph))):
            assert watched_store(store, "graph", protocols) is store
            taken_over = {name for name, value in vars(store).items() if callable(value) and hasattr(type(store), name)}
            assert not taken_over
    assert watching.watchers() == ()


def test_watched_stores_answer_as_they_did(folder: Path) -> None:
    calls: list[tuple[str, str]] = []

    class Counting:
        def run_begun(self, run: object) -> None: ...

        def run_ended(self, run: object) -> None: ...

        def block(self, kind: str, owner: str, name: str) -> object:
            calls.append((owner, name))
            from contextlib import nullcontext

            return nullcontext()

    config = load_config(folder / "kg.toml")
    with Home(config) as plain:
        records = list(plain.mentions.records())
        batches = [batch.to_pylist() for batch in plain.mentions.decisions()]
        nodes = plain.graph.nodes("Entity")
    with watching.watched_by(Counting()), Home(config) as home:  # type: ignore[arg-type]
        assert isinstance(home.mentions, MentionStore)
        assert isinstance(home.graph, GraphStore)
        assert list(home.mentions.records()) == records
        assert [batch.to_pylist() for batch in home.mentions.decisions()] == batches
        assert home.graph.nodes("Entity").equals(nodes)
    assert {("mentions", "records"), ("mentions", "decisions"), ("graph", "nodes")} <= set(calls)
