"""The same work here and on Spark: given mentions decided by the local engine, by Spark local[2], by a real cluster.

    python -m benchmarks.spark --mentions 1000000 --out benchmarks/SPARK.md

Invented names (benchmarks.name_maker) are the catalog, half of the mentions name what it does not hold, and there are no
vectors. Each engine has a process and an embedded home of its own, and takes in the same Parquet files; the cluster is a
master and two workers of one core each, started here. What is timed begins with opening the session and ends with the
graph. Memory is that of the process and all it started (for the cluster: of all its processes too), sampled.
"""

import argparse
import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.name_maker import NameMaker
from kg.config import Config, ModelConfig
from kg.export.rows import decision_rows
from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.resolve import resolve
from kg.spark.engine import SparkEngine
from kg.spark.options import SparkOptions
from tests.servers.spark import spark_cluster

MENTIONS_A_DOCUMENT = 30
DOCUMENTS_A_FILE = 5_000
SENTENCES = ("Last night {} played a long set. ", "We talked with {} about the early years. ", "{} will be on tour. ")
SPANS = pa.schema([("doc_id", pa.string()), ("start", pa.int64()), ("end", pa.int64())])
ENGINES = {"local engine": "", "Spark local[2]": "local[2]", "Spark, two workers": "cluster"}


def main() -> None:
    """Make the files, let every engine do the work, and write the table; or do the work of one engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=1_000_000)
    parser.add_argument("--names", type=int, default=50_000, help="names of the catalog")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--job", nargs=2, metavar=("FOLDER", "MASTER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.job:
        gc.freeze()  # as the command line does
        sys.stdout.write(json.dumps(work(Path(given.job[0]), given.job[1])) + "\n")
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make(folder, given.mentions, given.names)
        found = {name: measured(folder, master) for name, master in ENGINES.items()}
    text = table(found, given.mentions, given.names)
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


def make(folder: Path, mentions: int, names: int) -> None:
    """Write catalog, documents and spans."""
    known = NameMaker().make(2 * names)
    rows = [{"id": f"n{number}", "name": name} for number, name in enumerate(known[::2])]
    (folder / "catalog.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "documents").mkdir()
    chance = random.Random(7)
    numbers = range(-(-mentions // MENTIONS_A_DOCUMENT))
    with pq.ParquetWriter(folder / "spans.parquet", SPANS) as written:
        for start in range(0, len(numbers), DOCUMENTS_A_FILE):
            drafts = [_document(number, known, chance) for number in numbers[start : start + DOCUMENTS_A_FILE]]
            spans = [span for _, own in drafts for span in own]
            written.write_table(pa.Table.from_pylist(spans, schema=SPANS))
            pq.write_table(pa.Table.from_pylist([row for row, _ in drafts]), folder / f"documents/{start:09}.parquet")


def _document(number: int, names: list[str], chance: random.Random) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    text, spans = "", []
    for place in range(MENTIONS_A_DOCUMENT):
        name = chance.choice(names)
        before, after = SENTENCES[place % len(SENTENCES)].split("{}")
        start = len(text) + len(before)
        spans.append({"doc_id": f"d{number}", "start": start, "end": start + len(name)})
        text += before + name + after
    return {"id": f"d{number}", "text": text, "title": "", "kind": "article"}, spans


def measured(folder: Path, master: str, module: str = "benchmarks.spark") -> dict[str, Any]:
    """Let a process of its own do the work of a module (`--job FOLDER MASTER`), and watch its memory."""
    with ExitStack() as ending:
        processes: list[psutil.Process] = []
        if master == "cluster":
            cluster = ending.enter_context(spark_cluster(folder / "cluster"))
            master, processes = cluster.url, _children()
        command = [sys.executable, "-m", module, "--job", str(folder), master]
        job = ending.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        watch = _Memory([psutil.Process(job.pid), *processes])
        watch.start()
        said = job.communicate()[0]
        watch.over.set()
        if job.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {job.returncode}")
    return {**json.loads(said.splitlines()[-1]), "peak_mb": watch.peak / 1e6}


class _Memory(threading.Thread):
    """Samples the memory of processes and all that they start; what is shared is counted once (PSS)."""

    def __init__(self, roots: list[psutil.Process]) -> None:
        super().__init__(daemon=True)
        self.over, self.peak, self._roots = threading.Event(), 0, roots

    def run(self) -> None:
        while not self.over.wait(1.0):
            self.peak = max(self.peak, sum(_bytes(process) for process in self._all()))

    def _all(self) -> Iterator[psutil.Process]:
        for root in self._roots:
            if root.is_running():
                yield from {root, *root.children(recursive=True)}


def _bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def _children() -> list[psutil.Process]:
    return list(psutil.Process().children())


def work(folder: Path, master: str) -> dict[str, Any]:
    """Take in the catalog, then take in and resolve the documents; tells seconds and a hash of the decisions."""
    config = Config(home=folder / f"home-{os.getpid()}", models=ModelConfig(encoder="none"))
    with Home(config) as home:
        ingest_catalog(home, CatalogInput([str(folder / "catalog.jsonl")]))
        resolve(home)
        began = time.perf_counter()
        documents, spans = str(folder / "documents"), str(folder / "spans.parquet")
        if master:
            with SparkEngine(SparkOptions(master, (documents,), spans)) as engine:
                summary = resolve(home, engine=engine)
        else:
            ingest_documents(home, DocumentInput([documents], spans))
            summary = resolve(home)
        seconds = time.perf_counter() - began
        digest = sha256()
        for row in decision_rows(home):
            digest.update(repr(row).encode())
    stages = {name: each for name, each in summary.seconds.items() if each >= 0.1}
    return {
        "seconds": seconds,
        "mentions": summary.mentions,
        "nil": summary.decisions["nil"],
        "provisional": summary.provisional,
        "digest": digest.hexdigest(),
        "stages": stages,
    }


def table(found: dict[str, dict[str, Any]], mentions: int, names: int) -> str:
    """Tell the figures as Markdown."""
    base = found["local engine"]
    same = "the same in all three" if len({each["digest"] for each in found.values()}) == 1 else "NOT the same"
    lines = [
        "# Spark\n",
        f"Made by `python -m benchmarks.spark --mentions {mentions} --names {names}`.\n",
        f"{base['mentions']:,} given mentions, {base['nil']:,} of them NIL, of {base['provisional']:,} unknown things; a",
        f"catalog of {names:,} names. The decisions are {same}.\n",
        "| engine | seconds | mentions/s | time against the local engine | MB at most |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {each['seconds']:.1f} | {each['mentions'] / each['seconds']:,.0f} "
            f"| {each['seconds'] / base['seconds']:.2f} | {each['peak_mb']:,.0f} |"
            for name, each in found.items()
        ),
        "\nSeconds by stage of the resolve (taking in the documents is the rest):\n",
        *(
            f"- {name}: {', '.join(f'{stage} {value:.1f}' for stage, value in each['stages'].items())}"
            for name, each in found.items()
        ),
        f"\n{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f} at the end. Two workers on one machine share",
        "its cores with the driver: what a second machine brings, this does not show.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
