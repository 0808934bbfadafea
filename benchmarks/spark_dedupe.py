"""Records of one table deduplicated here and on Spark: by the local engine, by Spark local[2], by a real cluster.

    python -m benchmarks.spark_dedupe --records 200000 --out benchmarks/SPARK_DEDUPE.md

Records are those of benchmarks.record_maker. Each engine has a process of its own; the local one has two threads. The
cluster is a master and two workers of one core each, started here. What is timed begins with opening the session and
ends with the clusters and pairs in files; a table of 2,000 records was done before, so that nothing is compiled.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.record_maker import RecordMaker
from benchmarks.spark import ENGINES, measured
from kg.dedupe import dedupe, write_clusters, write_pairs
from kg.spark.records import spark_records
from linkers.records.workforce import THREADS

MODULE = "benchmarks.spark_dedupe"


def main() -> None:
    """Make the records, let every engine do the work, and write the table; or do the work of one engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--job", nargs=2, metavar=("FOLDER", "MASTER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.job:
        gc.freeze()  # as the command line does
        sys.stdout.write(json.dumps(work(Path(given.job[0]), given.job[1])) + "\n")
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name, count in (("records", given.records), ("few", 2_000)):
            RecordMaker().make(count).drop("cluster_id").write_parquet(folder / f"{name}.parquet")
        found = {name: measured(folder, master, MODULE) for name, master in ENGINES.items()}
    text = table(found, given.records)
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


def work(folder: Path, master: str) -> dict[str, Any]:
    """Deduplicate; tells seconds, seconds by stage and a hash of the clusters and pairs."""
    dedupe([folder / "few.parquet"])
    clusters, pairs = (folder / f"{what}-{os.getpid()}.csv" for what in ("clusters", "pairs"))
    began = time.perf_counter()
    with ExitStack() as ending:
        by = ending.enter_context(spark_records(master)) if master else THREADS
        opened = time.perf_counter() - began
        found = dedupe([folder / "records.parquet"], by=by)
        write_clusters(found.clusters, clusters)
        write_pairs(found.resolution, pairs)
        seconds = time.perf_counter() - began
    report = found.resolution.report
    return {
        "seconds": seconds,
        "stages": {"session": opened, **report.seconds},
        "pairs": report.pairs,
        "unread": report.cut["postings"],
        "digest": sha256(clusters.read_bytes() + pairs.read_bytes()).hexdigest(),
    }


def table(found: dict[str, dict[str, Any]], records: int) -> str:
    """Tell the figures as Markdown."""
    base = found["local engine"]
    same = "the same bytes from all three" if len({each["digest"] for each in found.values()}) == 1 else "NOT the same"
    lines = [
        "# Spark and the records of a table\n",
        f"Made by `python -m {MODULE} --records {records}`.\n",
        f"{records:,} records, {base['pairs']:,} pairs compared, {base['unread']:,} postings of too common terms left unread.",
        f"Clusters and pairs: {same}.\n",
        "| engine | seconds | records/s | time against the local engine | MB at most |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {each['seconds']:.1f} | {records / each['seconds']:,.0f} "
            f"| {each['seconds'] / base['seconds']:.2f} | {each['peak_mb']:,.0f} |"
            for name, each in found.items()
        ),
        "\nSeconds by stage (searching and comparing are the workers'):\n",
        *(
            f"- {name}: {', '.join(f'{stage} {value:.1f}' for stage, value in each['stages'].items() if value >= 0.1)}"
            for name, each in found.items()
        ),
        f"\n{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f} at the end. Two workers on one machine share",
        "its cores with the driver: what a second machine brings, this does not show.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
