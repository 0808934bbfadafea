"""`python -m benchmarks.dedupe [--data FOLDER] [--only open,growth,names,parts] [--sizes ...] [--out FILE]`.

Records resolved without labels: every line of ours is one fresh process of `kg dedupe` with no option beyond the files (and
--source-column source where the file has one) and --pairs, which the pair completeness needs. The open sets are named by
--data or KG_BENCH_DATA. Peers need the extra `bench`.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.__main__ import heading
from benchmarks.dedupe_runs import RecordSet, Run, ours, peer
from benchmarks.dedupe_without import PARTS
from benchmarks.record_maker import write_records
from benchmarks.trap_maker import write_names
from kg.dedupe import DedupeOptions, explain_plan

SETS: dict[str, tuple[tuple[str, ...], str]] = {
    "musicbrainz20k": (("records.csv",), "clusters.csv"),
    "abt-buy": (("left.csv", "right.csv"), "matches.csv"),
    "dblp-acm": (("left.csv", "right.csv"), "matches.csv"),
    "historical50k": (("records.csv",), "clusters.csv"),
}
Blocks = list[tuple[str, ...]]
SPLINK_BLOCKS: dict[str, Blocks] = {
    "musicbrainz20k": [("title",), ("album",), ("substr(title, 1, 8)",)],
    "abt-buy": [("substr(name, 1, 6)",), ("price",)],
    "dblp-acm": [("title",), ("authors",), ("substr(title, 1, 10)",)],
    "historical50k": [
        ("first_name", "dob"),
        ("surname", "dob"),
        ("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
        ("postcode_fake", "first_name"),
        ("postcode_fake", "surname"),
        ("dob", "birth_place"),
    ],
}
SPLINK_COLUMNS = {
    "historical50k": ["first_name", "surname", "dob", "birth_place", "postcode_fake", "occupation"],
}
"""Columns that Splink compares where others only repeat them."""
FEW: Blocks = [("title", "artist"), ("title", "album"), ("artist", "album", "year")]
MANY: Blocks = [("title", "year"), ("title", "length"), ("artist", "length"), ("album", "length"), ("artist", "album")]
"""Two ways to block generated records for Splink: fast, and thorough."""
SMALL_ENOUGH = 100_000
"""Records up to which the naive twin and the thorough way of Splink, whose pairs outgrow them, are run."""
PLANS: dict[str, tuple[tuple[str, str], ...]] = {
    "rivals": (('procedure = "one-per-source"', 'procedure = "clusters"'),),
    "numbers and dates": (
        ('comparator = "difference"', 'comparator = "none"'),
        *(
            (f'kind = "{kind}"\ncomparator = "none"', 'kind = "ignored"\ncomparator = "none"')
            for kind in ("number", "duration", "date")
        ),
    ),
    "leaving out columns that repeat": (
        ('kind = "ignored"\ncomparator = "none"', 'kind = "name"\ncomparator = "words"'),
    ),
}
"""What is changed in the plan's TOML to leave a part out."""
_COLUMNS = ("set", "records", "what", "P", "R", "F1", "B-cubed P", "R", "F1", "PC", "pairs", "s", "CPU s", "peak MB")
NAMES = 100_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dedupe")
    parser.add_argument("--data", default=os.environ.get("KG_BENCH_DATA"), help="folder of benchmark sets")
    parser.add_argument("--only", default="open,growth,names,parts", help="which tables, separated by commas")
    parser.add_argument("--sizes", default="10000,100000,1000000", help="records of the generated sets")
    parser.add_argument("--out", type=Path, help="write the tables to this file too")
    given = parser.parse_args()
    sections: dict[str, Callable[[argparse.Namespace, Path], list[str]]] = {
        "open": _open,
        "growth": _growth,
        "names": _names,
        "parts": _parts,
    }
    lines = [heading().replace("# Results", "# Record resolution").replace("benchmarks`", "benchmarks.dedupe`")]
    with tempfile.TemporaryDirectory() as folder:
        for name in given.only.split(","):
            lines += sections[name](given, Path(folder))
    notes = Path(__file__).with_name("dedupe_notes.md").read_text(encoding="utf-8")
    text = "\n".join([*lines, notes.rstrip()]) + "\n"
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


def _table(columns: tuple[str, ...]) -> list[str]:
    return [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]


def _row(records: RecordSet, what: str, run: Run) -> str:
    measured = run.measured
    ways = [f"{kind}_{part}" for kind in ("pairwise", "bcubed") for part in ("precision", "recall", "f1")]
    cells = [records.name, f"{len(run.entity_of):,}", what, *(f"{measured.measures[way]:.4f}" for way in ways)]
    proposed = (
        [f"{measured.measures['pair_completeness']:.4f}", f"{run.told['pairs']:,}"] if "pairs" in run.told else ["", ""]
    )
    line = f"| {' | '.join([*cells, *proposed, f'{run.seconds:.1f}', f'{run.processor:.1f}', f'{run.peak_mb:.0f}'])} |"
    sys.stderr.write(f"{line}\n")
    return line


def _splink(records: RecordSet, blocks: Blocks) -> Run:
    return peer("splink", records, {"blocks": blocks, "columns": SPLINK_COLUMNS.get(records.name, [])})


def _sets(data: str | None) -> list[RecordSet]:
    folders = {name: Path(data) / "er" / name for name in SETS} if data else {}
    return [
        RecordSet(name, tuple(folder / file for file in SETS[name][0]), folder / SETS[name][1])
        for name, folder in folders.items()
    ]


def _open(given: argparse.Namespace, _: Path) -> list[str]:
    lines = ["## Open sets\n", *_table(_COLUMNS)]
    for records in _sets(given.data):
        lines.append(_row(records, "kg", ours(records)))
        lines.append(_row(records, "Splink", _splink(records, SPLINK_BLOCKS[records.name])))
        lines.append(_row(records, "twin", peer("naive", records)))
    return [*lines, ""]


def _growth(given: argparse.Namespace, folder: Path) -> list[str]:
    lines = ["## One population that grows\n", *_table(_COLUMNS)]
    for size in map(int, filter(None, given.sizes.split(","))):
        data, gold = write_records(size, folder / str(size))
        records = RecordSet(f"generated {size:,}", (data,), gold)
        lines.append(_row(records, "kg", ours(records)))
        lines.append(_row(records, "Splink, three rules", _splink(records, FEW)))
        if size <= SMALL_ENOUGH:
            lines.append(_row(records, "Splink, five rules", _splink(records, MANY)))
            lines.append(_row(records, "twin", peer("naive", records)))
    return [*lines, ""]


def _names(_: argparse.Namespace, folder: Path) -> list[str]:
    made = write_names(NAMES, folder / "names")
    records = RecordSet("names", (made.data,), made.gold)
    columns = (
        "what",
        "names",
        "P",
        "R",
        "F1",
        "containment traps merged",
        "digit traps merged",
        "s",
        "CPU s",
        "peak MB",
    )
    lines = ["## Names of one type\n", *_table(columns)]
    for what, run in (("kg", ours(records)), ("twin", peer("naive", records))):
        measures = run.measured.measures
        cells = [
            what,
            f"{len(run.entity_of):,}",
            *(f"{measures[f'pairwise_{part}']:.4f}" for part in ("precision", "recall", "f1")),
        ]
        for kind in ("containment", "digits"):
            traps = made.traps.filter(kind=kind)
            merged = sum(run.entity_of[a] == run.entity_of[b] for a, b, _ in traps.iter_rows())
            cells.append(f"{merged} of {traps.height:,}")
        cells += [f"{run.seconds:.1f}", f"{run.processor:.1f}", f"{run.peak_mb:.0f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def _parts(given: argparse.Namespace, folder: Path) -> list[str]:
    data, gold = write_records(SMALL_ENOUGH, folder / "parts")
    sets = [*_sets(given.data), RecordSet(f"generated {SMALL_ENOUGH:,}", (data,), gold)]
    lines = ["## What each part is worth\n", "Pairwise F1 without it; empty where it takes no part.\n"]
    lines += _table(("without", *(records.name for records in sets)))
    whole = [_f1(ours(records)) for records in sets]
    lines.append(f"| nothing | {' | '.join(whole)} |")
    for part in PARTS:
        found = [_f1(ours(records, without=part)) for records in sets]
        cells = ["" if one == other else one for one, other in zip(found, whole, strict=True)]
        lines.append(f"| {part} | {' | '.join(cells)} |")
    for part, changes in PLANS.items():
        lines.append(f"| {part} | {' | '.join(_edited(records, changes, folder) for records in sets)} |")
    return [*lines, ""]


def _edited(records: RecordSet, changes: tuple[tuple[str, str], ...], folder: Path) -> str:
    """Return F1 with the plan edited, "" where there is nothing to edit."""
    source = records.sources()
    chosen = explain_plan(records.files, DedupeOptions(source_column=source[1] if source else None)).to_toml()
    text = chosen
    for before, after in changes:
        text = text.replace(before, after)
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return "" if text == chosen else _f1(ours(records, "--plan", str(folder / "plan.toml")))


def _f1(run: Run) -> str:
    return f"{run.measured.measures['pairwise_f1']:.4f}"


if __name__ == "__main__":
    main()
