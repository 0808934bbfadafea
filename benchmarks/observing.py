"""What it costs to be watched: the same resolve with nobody watching, with metrics, with traces, and its own figures.

    python -m benchmarks.observing --mentions 20000 --out benchmarks/OBSERVING.md

A home of invented names (benchmarks.name_maker) without vectors decides the same given mentions again and again. The
ways take turns. Times are of this process's processors, which other work on the machine hardly touches; ratios are of
medians within this run.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

from benchmarks.name_maker import NameMaker
from kg.config import Config, ModelConfig
from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.observing import watching
from kg.observing.run_metrics import RunMetrics
from kg.observing.traces import RunTraces
from kg.recall_probes import recall_probes
from kg.resolve import ResolveOptions, resolve
from kg.runs import Stages
from linkers.decision_figures import decision_figures

_NAMES = 4_000
_IN_A_DOCUMENT = 20
_BLOCKS = 20_000


def main() -> None:
    """Make the home, resolve it in each way, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = measure(Path(folder), given.mentions, given.rounds)
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


def measure(folder: Path, mentions: int, rounds: int) -> str:
    """Return the table."""
    config = make_home(folder, mentions)
    ways: dict[str, Callable[[], AbstractContextManager[object]]] = {
        "nobody watches": nullcontext,
        "metrics": lambda: watching.watched_by(RunMetrics("resolve")),
        "traces": _traced,
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    with collector():
        resolved(config, 0.5)
        for turn in range(rounds):
            for number, (name, way) in enumerate(ways.items()):
                with way():
                    took[name].append(resolved(config, 0.6 + (turn * len(ways) + number) / 1000))
    base = statistics.median(took["nobody watches"])
    rows = [
        (f"resolve, {name}", f"{statistics.median(times):.2f} s", f"{statistics.median(times) / base:.3f}")
        for name, times in took.items()
    ]
    figures_s, link_s, probes_s = own_figures(config)
    bare_us, stage_us = block_cost()
    rows += [
        ("figures that every run keeps of its decisions", f"{figures_s:.2f} s", f"{figures_s / base:.3f}"),
        ("linking alone", f"{link_s:.2f} s", f"{link_s / base:.3f}"),
        ("recall probes, once an index", f"{probes_s:.2f} s", f"{probes_s / base:.3f}"),
        ("a stage's block, nobody watching", f"{stage_us:.1f} us", ""),
        ("a block that only takes the time", f"{bare_us:.1f} us", ""),
    ]
    head = [
        f"# Being watched\n\n{mentions:,} mentions, {rounds} rounds, medians.\n",
        "| what | processor time | ratio |",
    ]
    load = f"{psutil.cpu_count()} processors, load average {psutil.getloadavg()[0]:.1f} while measuring."
    return "\n".join([*head, "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows), "", load, ""])


def make_home(folder: Path, mentions: int) -> Config:
    """Return a home with given mentions, nothing decided."""
    config = Config(home=folder / "home", models=ModelConfig(encoder="none"))
    names = NameMaker(seed=11).make(_NAMES)
    rows = [{"id": f"e{number}", "name": name, "type": "artist"} for number, name in enumerate(names)]
    documents, spans = [], []
    for number in range(mentions // _IN_A_DOCUMENT):
        some = [names[(number * _IN_A_DOCUMENT + place) * 7 % _NAMES] for place in range(_IN_A_DOCUMENT)]
        text = ""
        for name in some:
            spans.append({"doc_id": f"d{number}", "start": len(text), "end": len(text) + len(name)})
            text += f"{name} played. "
        documents.append({"id": f"d{number}", "text": text})
    for file, content in (("catalog", rows), ("documents", documents), ("spans", spans)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
        (folder / f"{file}.jsonl").write_text(lines, encoding="utf-8")
    with Home(config) as home:
        ingest_catalog(home, CatalogInput([str(folder / "catalog.jsonl")]))
        ingest_documents(home, DocumentInput([str(folder / "documents.jsonl")], str(folder / "spans.jsonl")))
    return config


def resolved(config: Config, precision: float) -> float:
    """Return the processor seconds of deciding all mentions; another precision makes all decisions outdated."""
    began = time.process_time()
    with Home(config) as home:
        summary = resolve(home, ResolveOptions(records=False, precision=precision))
    if not summary.documents:
        raise SystemExit("nothing was decided")
    return time.process_time() - began


def own_figures(config: Config) -> tuple[float, float, float]:
    """Return the processor seconds of the figures of all decisions, of linking in the last run, and of the recall probes."""
    with Home(config) as home:
        batches = list(home.mentions.decisions())
        began = time.process_time()
        for batch in batches:
            decision_figures(batch, home.index)
        figures_s = time.process_time() - began
        home.mentions.set_state("recall_probes", "")
        began = time.process_time()
        recall_probes(home)
        return figures_s, home.mentions.runs()[0].seconds["link"], time.process_time() - began


def block_cost() -> tuple[float, float]:
    """Return the microseconds of a block that takes the time and of a stage's, nobody watching."""
    seconds: dict[str, float] = {}

    @contextmanager
    def bare(name: str) -> Iterator[None]:
        began = time.process_time()
        try:
            yield
        finally:
            seconds[name] = round(seconds.get(name, 0.0) + time.process_time() - began, 3)

    return _each(bare), _each(Stages().stage)


def _each(block: Callable[[str], AbstractContextManager[None]]) -> float:
    began = time.process_time()
    for _ in range(_BLOCKS):
        with block("link"):
            pass
    return 1e6 * (time.process_time() - began) / _BLOCKS


@contextmanager
def _traced() -> Iterator[None]:
    traces = RunTraces("resolve")
    with ExitStack() as stack:
        stack.enter_context(traces.telling())
        stack.enter_context(watching.watched_by(traces))
        yield


@contextmanager
def collector() -> Iterator[None]:
    """Let traces go to a process of its own that takes them and forgets them."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_collect, args=(there,), daemon=True)
    process.start()
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{here.recv()}"
    try:
        yield
    finally:
        del os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"]
        process.terminate()
        process.join()


def _collect(told: Connection) -> None:
    class Sink(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: ANN401 - the name and types of the base
            """Be silent."""

    with HTTPServer(("127.0.0.1", 0), Sink) as server:
        told.send(server.server_port)
        server.serve_forever()


if __name__ == "__main__":
    main()
