"""Metrics of commands, read as Prometheus reads them."""

import socket
import urllib.request
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from linkers.linking import link
from schemas.errors import StoreUnavailable
from tests.kg.gold_home import call

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(text: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def one(found: Samples, name: str, **labels: str) -> float:
    return found[name, tuple(sorted(labels.items()))]


def test_the_file_has_the_run_its_stages_and_the_store_calls(folder: Path) -> None:
    path = folder / "kg.prom"
    result = call(folder, "--metrics-file", str(path), "resolve", "--precision", "0.6")
    assert result.exit_code == 0
    found = samples(path.read_text(encoding="utf-8"))
    assert one(found, "kg_verb_success", verb="resolve") == 1
    assert one(found, "kg_run_stage_rows", kind="resolve", stage="link") == 7
    assert one(found, "kg_run_stage_seconds", kind="resolve", stage="link") > 0
    assert sum(one(found, "kg_run_count", kind="resolve", counted=kind) for kind in ("link", "review", "nil")) == 7
    assert one(found, "kg_run_running", kind="resolve") == 0
    assert one(found, "kg_stage_done", stage="resolve") == one(found, "kg_stage_total", stage="resolve") == 3
    assert one(found, "kg_store_call_seconds_count", store="mentions", call="append_decisions") == 1
    assert one(found, "kg_store_call_seconds_count", store="graph", call="nodes") > 0
    assert one(found, "kg_verb_peak_memory_bytes", verb="resolve") > 2**20
    assert [each.name for each in folder.iterdir() if each.name.startswith("kg.prom")] == ["kg.prom"]


def test_a_failed_command_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise StoreUnavailable("mentions", "the store does not answer")

    monkeypatch.setattr("loaders.stores.mentions.embedded.EmbeddedMentions.append_decisions", fails)
    path = folder / "kg.prom"
    assert call(folder, "--metrics-file", str(path), "resolve", "--precision", "0.6").exit_code == 1
    found = samples(path.read_text(encoding="utf-8"))
    assert one(found, "kg_verb_success", verb="resolve") == 0
    assert one(found, "kg_run_running", kind="resolve") == 1
    failed = {"store": "mentions", "call": "append_decisions", "error": "StoreUnavailable"}
    assert one(found, "kg_store_call_failures_total", **failed) == 1


def test_a_place_that_is_not_there_is_named_before_anything_is_done(folder: Path) -> None:
    result = call(folder, "--metrics-file", str(folder / "nowhere" / "kg.prom"), "resolve", "--precision", "0.6")
    assert result.exit_code == 1
    assert "setting metrics-file" in result.stderr
    assert "nowhere" in result.stderr


def test_the_port_answers_while_the_command_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    scraped: list[str] = []

    def scraping(*given: Any, **named: Any) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            scraped.append(answer.read().decode())
        return link(*given, **named)

    monkeypatch.setattr(import_module("kg.decided_batch"), "link", scraping)
    result = call(folder, "--metrics-port", str(port), "resolve", "--precision", "0.6")
    assert result.exit_code == 0, result.stderr
    assert one(samples(scraped[0]), "kg_run_running", kind="resolve") == 1
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10)


def test_a_port_that_is_taken_is_named(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = call(folder, "--metrics-port", str(port), "stats")
    assert result.exit_code == 1
    assert f"setting metrics-port: {port}" in result.stderr
