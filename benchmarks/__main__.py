"""`python -m benchmarks [--data FOLDER] [--mentions N] [--out FILE] [--only extraction]`: one table of quality, one of speed.

The tables of what goes beyond one process are put behind them as they lie here; each tells the command that made it. Every job runs in a process of its own, so that its peak memory is its own. The folder of benchmark sets is named by --data or
KG_BENCH_DATA; without it only the shipped demo is measured.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import extraction

SETS = {
    "el/mhercl": ("el/mhercl/catalog.jsonl", "el/mhercl"),
    "el/kore50": ("el/general-catalog.jsonl", "el/kore50"),
    "el/news-fair": ("el/general-catalog.jsonl", "el/news-fair"),
}
BEYOND = ("SPARK.md", "SPARK_DEDUPE.md", "STREAM.md", "LOADING.md", "STAGES.md", "INDEX.md")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--data", default=os.environ.get("KG_BENCH_DATA"), help="folder of benchmark sets")
    parser.add_argument("--mentions", type=int, default=20_000, help="mentions of the throughput job")
    parser.add_argument("--out", type=Path, help="write the tables to this file too")
    parser.add_argument("--only", choices=["extraction"], help="measure one part; writes benchmarks/EXTRACTION.md")
    given = parser.parse_args()
    if given.only:
        text = "\n".join([heading(), extraction.table(job, given.data)])
        sys.stdout.write(text)
        (given.out or Path(__file__).with_name("EXTRACTION.md")).write_text(text, encoding="utf-8")
        return
    parts = [heading(), quality(given.data), throughput(given.mentions), *beyond()]
    text = "\n".join(parts)
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


def heading() -> str:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    date = datetime.now(UTC).date().isoformat()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return (
        f"# Results\n\n{date}, commit {commit.stdout.strip() or 'none'}, {machine}. Made by `python -m benchmarks`.\n"
    )


def beyond() -> list[str]:
    """Return the other tables that were made, each with its heading a level down."""
    tables = (Path(__file__).with_name(name) for name in BEYOND)
    return [f"#{table.read_text(encoding='utf-8')}" for table in tables if table.exists()]


def job(*arguments: str, module: str = "benchmarks.job") -> dict[str, Any]:
    """Run a job in its own process; returns what it printed."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def quality(data: str | None) -> str:
    lines = [
        "## Quality\n",
        "Weights are fitted on invented documents, from a prior that half of the open sets' documents taught (see LINKING.md); one",
        "default for all sets. Naive twin: the catalog name of highest",
        "rapidfuzz WRatio, NIL below 90, no context, given the same spans. Seconds: ingest + resolve, models loaded within.\n",
        "| set | spans | gold | right | wrong | review | missed | spurious | in-catalog accuracy | accuracy with NIL | F1 with NIL "
        "| twin in-catalog | twin with NIL | s | twin s | peak MB |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for name, files in SETS.items() if data else ():
            catalog, documents = (str(Path(data or "") / file) for file in files)
            lines.extend(_quality_row(name, spans, catalog, documents, folder) for spans in ("gold", "system"))
        lines.append(_demo_row(folder))
    return "\n".join(lines) + "\n"


def _quality_row(name: str, spans: str, catalog: str, documents: str, folder: str) -> str:
    home = str(Path(folder) / f"{name.replace('/', '-')}-{spans}")
    found = job("link-set", catalog, documents, spans, home)
    twin = job("twin-set", catalog, documents) if spans == "gold" else {}
    return _row(name, spans, found, twin)


def _demo_row(folder: str) -> str:
    return _row("demo", "system", job("demo", str(Path(folder) / "demo")), {})


def _row(name: str, spans: str, found: dict[str, Any], twin: dict[str, Any]) -> str:
    counts = [found[key] for key in ("gold", "right", "wrong", "review", "missed", "spurious")]
    shares = [_share(found.get(key)) for key in ("in_catalog_accuracy", "accuracy_with_nil", "f1")]
    twins = [_share(twin.get(key)) for key in ("in_catalog_accuracy", "accuracy_with_nil")]
    tail = [f"{found['seconds']:.1f}", f"{twin['seconds']:.1f}" if twin else "", f"{found['peak_mb']:.0f}"]
    return f"| {' | '.join(map(str, [name, spans, *counts, *shares, *twins, *tail]))} |"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def throughput(mentions: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        found = job("throughput", str(mentions), str(Path(folder) / "home"))
    stages = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in found["stages"].items())
    lines = [
        "\n## Speed\n",
        "The demo documents repeated under new ids, embedded home. The naive twin compares each distinct surface with every",
        "name of the catalog by rapidfuzz WRatio in the same run.\n",
        "| job | mentions | seconds | mentions/s | peak MB |",
        "|---|---|---|---|---|",
        f"| ingest (extraction) | {found['mentions']} | {found['ingest_s']:.1f} | {found['mentions'] / found['ingest_s']:.0f} | |",
        f"| resolve | {found['mentions']} | {found['resolve_s']:.1f} | {found['mentions'] / found['resolve_s']:.0f} "
        f"| {found['peak_mb']:.0f} |",
        f"| naive twin, names only | {found['mentions']} | {found['twin_s']:.1f} | {found['mentions'] / found['twin_s']:.0f} | |",
        f"\nStages of resolve: {stages}.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
