"""`python -m benchmarks.dedupe [--data FOLDER] [--sizes 10000,100000] [--peers] [--out FILE]`: records resolved without labels.

Every line is one fresh process of `kg dedupe` with no option beyond the files (and --source-column source where the file has
one); seconds and peak memory are of the whole process. The open sets are named by --data or KG_BENCH_DATA.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.__main__ import heading
from benchmarks.record_maker import write_records
from benchmarks.record_peers import naive, read, splink, timed
from linkers.evaluation.record_measures import evaluate_records

SETS: dict[str, tuple[tuple[str, ...], str]] = {
    "musicbrainz20k": (("records.csv",), "clusters.csv"),
    "abt-buy": (("left.csv", "right.csv"), "matches.csv"),
    "dblp-acm": (("left.csv", "right.csv"), "matches.csv"),
    "historical50k": (("records.csv",), "clusters.csv"),
}
PLANS: dict[str, tuple[tuple[str, str], ...]] = {
    "as chosen": (),
    "rivals do not count": (('procedure = "one-per-source"', 'procedure = "clusters"'),),
    "numbers and dates not compared": (
        ('comparator = "difference"', 'comparator = "none"'),
        *(
            (f'kind = "{kind}"\ncomparator = "none"', 'kind = "ignored"\ncomparator = "none"')
            for kind in ("number", "duration", "date")
        ),
    ),
    "repeated columns compared too": (
        ('kind = "ignored"\ncomparator = "none"', 'kind = "name"\ncomparator = "words"'),
    ),
}
"""What is changed in the plan's TOML to leave a part out."""
SPLINK_BLOCKS: list[tuple[str, ...]] = [("title", "artist"), ("title", "album"), ("artist", "album", "year")]
_KG = ("-c", "from kg.cli.main import main; main()")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dedupe")
    parser.add_argument("--data", default=os.environ.get("KG_BENCH_DATA"), help="folder of benchmark sets")
    parser.add_argument("--sizes", default="10000,100000,1000000", help="records of the generated sets")
    parser.add_argument("--peers", action="store_true", help="run the naive twin and Splink beside, in the same run")
    parser.add_argument("--out", type=Path, help="write the tables to this file too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = [heading().replace("benchmarks`", "benchmarks.dedupe`"), *_quality(given, Path(folder))]
        lines += _ablation(given.data, Path(folder)) if given.data else []
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


def _quality(given: argparse.Namespace, folder: Path) -> list[str]:
    lines = [
        "## Quality, time, memory\n",
        "Pairwise, B-cubed and whole clusters as `linkers/evaluation/record_measures.py` defines them. Twin: records",
        "that share a word of at most 200 records, rapidfuzz token_sort_ratio >= 85, chained. Splink: Jaro-Winkler on every text column,",
        "EM, clusters from .9 on; generated sets only, blocked on title and artist, title and album, artist, album and year.\n",
        "| set | records | pairwise P | R | F1 | B-cubed F1 | cluster F1 | pairs | PC estimated | s | peak MB | twin F1 | s | Splink F1 | s |",
        "|---|" + "---|" * 14,
    ]
    for name, (files, gold) in SETS.items() if given.data else ():
        base = Path(given.data) / "er" / name
        lines.append(_row(name, [base / file for file in files], base / gold, folder, peers=given.peers))
    for size in filter(None, given.sizes.split(",")):
        records, gold_file = write_records(int(size), folder / size)
        lines.append(_row(f"generated {int(size):,}", [records], gold_file, folder, peers=given.peers))
    return lines


def _row(name: str, files: list[Path], gold: Path, folder: Path, *, peers: bool) -> str:
    thing_of = _gold(gold, files)
    found = run(files, folder / "clusters.csv")
    measured = evaluate_records(found["entity_of"], thing_of, found["pairs"], errors=0).measures
    shares = [measured[f"pairwise_{part}"] for part in ("precision", "recall", "f1")]
    shares += [measured["bcubed_f1"], measured["cluster_f1"]]
    cells = [name, f"{len(found['entity_of']):,}", *(f"{share:.4f}" for share in shares), f"{found['compared']:,}"]
    cells += [f"{found['completeness']:.4f}"]
    cells += [f"{found['seconds']:.1f}", f"{found['peak_mb']:.0f}"]
    return f"| {' | '.join([*cells, *(_peers(files, thing_of) if peers else [''] * 4)])} |"


def run(files: list[Path], out: Path, *options: str) -> dict[str, Any]:
    """Run `kg dedupe` in a fresh process; returns what it found, its seconds and its peak memory."""
    apart = (
        ("--source-column", "source") if len(files) == 1 and "source" in pl.scan_csv(files[0]).collect_schema() else ()
    )
    command = [sys.executable, *_KG, "dedupe", *map(str, files), *apart, "-o", str(out), "--json", *options]
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    seconds = time.perf_counter() - began
    report = json.loads(done.stdout)["report"]
    clusters = pl.read_csv(out, infer_schema=False)
    entity_of = dict(zip(clusters["record_id"], clusters["entity_id"], strict=True))
    return {
        "entity_of": entity_of,
        "pairs": pl.DataFrame(schema={"left": pl.String, "right": pl.String, "probability": pl.Float64}),
        "seconds": seconds,
        "peak_mb": report["peak_mb"],
        "compared": report["pairs"],
        "completeness": report["pair_completeness"],
    }


def _gold(path: Path, files: list[Path]) -> dict[str, str]:
    """Return the thing of each record; records that pairs do not name are things of their own."""
    gold = pl.read_csv(path, infer_schema=False)
    if "cluster_id" in gold.columns:
        return dict(zip(gold["record_id"], gold["cluster_id"], strict=True))
    thing_of = {record: record for record in read(files)["record_id"]}
    return thing_of | dict(zip(gold["right_id"], gold["left_id"], strict=True))


def _peers(files: list[Path], thing_of: dict[str, str]) -> list[str]:
    frame = read(files)
    apart = "source" if "source" in frame.columns else None
    none = pl.DataFrame(schema={"left": pl.String, "right": pl.String, "probability": pl.Float64})
    twin, seconds = timed(naive, frame, apart)
    cells = [f"{evaluate_records(twin, thing_of, none, errors=0).measures['pairwise_f1']:.4f}", f"{seconds:.1f}"]
    if not {column for columns in SPLINK_BLOCKS for column in columns} <= set(frame.columns) or apart:
        return [*cells, "", ""]
    theirs, seconds = timed(splink, frame, apart, SPLINK_BLOCKS)
    measured = evaluate_records(theirs, thing_of, none, errors=0).measures
    return [*cells, f"{measured['pairwise_f1']:.4f}", f"{seconds:.1f}"]


def _ablation(data: str, folder: Path) -> list[str]:
    lines = ["\n## What each part is worth\n", "Pairwise F1 with the plan edited.\n", f"| plan | {' | '.join(SETS)} |"]
    lines.append("|---|" + "---|" * len(SETS))
    shown: dict[str, list[str]] = {name: [] for name in PLANS}
    for name, (parts, gold) in SETS.items():
        files = [Path(data) / "er" / name / file for file in parts]
        thing_of = _gold(Path(data) / "er" / name / gold, files)
        apart = ["--source-column", "source"] if len(files) == 1 else []
        command = [sys.executable, *_KG, "dedupe", *map(str, files), *apart, "--explain-plan"]
        chosen = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        for plan, changes in PLANS.items():
            text = chosen
            for before, after in changes:
                text = text.replace(before, after)
            (folder / "plan.toml").write_text(text, encoding="utf-8")
            if text == chosen and changes:
                shown[plan].append("")
                continue
            found = run(files, folder / "clusters.csv", "--plan", str(folder / "plan.toml"))
            measured = evaluate_records(found["entity_of"], thing_of, found["pairs"], errors=0).measures
            shown[plan].append(f"{measured['pairwise_f1']:.4f}")
    return lines + [f"| {plan} | {' | '.join(cells)} |" for plan, cells in shown.items()]


if __name__ == "__main__":
    main()
