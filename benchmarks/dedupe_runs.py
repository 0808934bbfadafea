"""One way to resolve records on one set, in a process of its own: what it found, its seconds and its memory."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.record_peers import read
from linkers.evaluation.record_measures import RecordEvaluation, evaluate_records

_MEASURED = """
import json, resource, subprocess, sys, time
began = time.perf_counter()
done = subprocess.run(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print()
print(json.dumps([time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss]))
sys.exit(done.returncode)
"""
"""A small process between: memory that the one above it holds would count as the child's."""
_KG = ("-c", "from kg.cli.main import main; main()")
_PAIRS = {"left": pl.String, "right": pl.String, "probability": pl.Float64}


@dataclass(frozen=True, slots=True)
class RecordSet:
    """Files of records, and what is known of them: cluster_id of each record, or pairs left_id, right_id."""

    name: str
    files: tuple[Path, ...]
    gold: Path

    def sources(self) -> tuple[str, ...]:
        """Return the options that name the column of sources, where the one file has one."""
        columns = pl.scan_csv(self.files[0]).collect_schema()
        return ("--source-column", "source") if len(self.files) == 1 and "source" in columns else ()

    def thing_of(self) -> dict[str, str]:
        """Return the thing of each record; records that pairs do not name are things of their own."""
        gold = pl.read_csv(self.gold, infer_schema=False)
        if "cluster_id" in gold.columns:
            return dict(zip(gold["record_id"], gold["cluster_id"], strict=True))
        thing_of = {record: record for record in read(list(self.files))["record_id"]}
        return thing_of | dict(zip(gold["right_id"], gold["left_id"], strict=True))


@dataclass(frozen=True, slots=True)
class Run:
    """entity_of: of each record. told: what it printed. seconds, processor: of the whole process; peak_mb: resident."""

    entity_of: dict[str, str]
    told: dict[str, Any]
    seconds: float
    processor: float
    peak_mb: float
    measured: RecordEvaluation


def ours(records: RecordSet, *options: str, without: str = "") -> Run:
    """Run `kg dedupe` on a set. without: a part of the engine that is left out (`benchmarks.dedupe_without`)."""
    program = ("-m", "benchmarks.dedupe_without", without) if without else _KG
    with tempfile.TemporaryDirectory() as folder:
        out, pairs = Path(folder) / "clusters.csv", Path(folder) / "pairs.parquet"
        files = (*map(str, records.files), *records.sources())
        end = ("-o", str(out), "--pairs", str(pairs), "--json", *options)
        told, seconds, processor, peak = _process((*program, "dedupe", *files, *end))
        compared = pl.read_parquet(pairs)
        clusters = pl.read_csv(out, infer_schema=False)
    proposed = compared.select(pl.col("left_id").alias("left"), pl.col("right_id").alias("right"), "probability")
    entity_of = dict(zip(clusters["record_id"], clusters["entity_id"], strict=True))
    measured = evaluate_records(entity_of, records.thing_of(), proposed, errors=0)
    return Run(entity_of, told["report"], seconds, processor, peak, measured)


def peer(name: str, records: RecordSet, settings: Mapping[str, Any] | None = None) -> Run:
    """Run Splink or the naive twin on a set; the seconds are those of its work alone, without imports and files.

    Of what it gives at several bars the best counts, told by gold.
    """
    asked = {"files": [str(file) for file in records.files], "apart": "source" if records.sources() else ""}
    with tempfile.TemporaryDirectory() as folder:
        asked["out"] = str(Path(folder) / "clusters.csv")
        told, _, processor, peak = _process(
            ("-m", "benchmarks.record_peers", name, json.dumps(asked | dict(settings or {})))
        )
        clusters = pl.read_csv(asked["out"], infer_schema=False)
    thing_of, none = records.thing_of(), pl.DataFrame(schema=_PAIRS)
    at_bars = [dict(zip(clusters["record_id"], clusters[bar], strict=True)) for bar in clusters.columns[1:]]
    measured = [evaluate_records(entity_of, thing_of, none, errors=0) for entity_of in at_bars]
    best = max(range(len(measured)), key=lambda bar: measured[bar].measures["pairwise_f1"])
    return Run(at_bars[best], told, told["seconds"], processor, peak, measured[best])


def _process(arguments: Sequence[str]) -> tuple[dict[str, Any], float, float, float]:
    """Return the JSON of a process's last line, its seconds, processor seconds and peak resident memory in MB."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, sys.executable, *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    *_, told, usage = filter(None, done.stdout.splitlines())
    seconds, processor, peak = json.loads(usage)
    return json.loads(told), seconds, processor, peak / (1 << 20 if sys.platform == "darwin" else 1024)
