"""`python -m benchmarks.index_size [--sizes 1000000,10000000] [--out FILE]`: what a large catalog index costs.

Each size in a process of its own: made names, several an entity, without encoder; built, opened, asked with invented slips. The
peak of the build counts what the process held before, which is told beside it.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.decisions import timed
from benchmarks.name_maker import TYPES, NameMaker, questions
from linkers.index import CatalogIndex
from linkers.normalization import normalize
from linkers.peak_memory import peak_memory
from schemas.entity import Entity

ALIASES_AN_ENTITY = (1, 2, 2, 3, 4)
ASKED, TOP = 2_000, 20
HEAD = (
    "| aliases | entities | build s (CPU s) | peak MB (before) | disk MB | bytes an alias | open ms | queries/s | one query ms p50 / p99 "
    "| resident MB after the queries |"
)


def grouped(names: Sequence[str]) -> Iterator[Entity]:
    """Yield entities that have one to four of the names each."""
    place = number = 0
    while place < len(names):
        count = ALIASES_AN_ENTITY[number % len(ALIASES_AN_ENTITY)]
        name, *aliases = names[place : place + count]
        popularity = round(1000 / (number + 1), 4)
        yield Entity(f"e{number:08}", name, TYPES[number % len(TYPES)], tuple(aliases), popularity=popularity)
        place, number = place + count, number + 1


def build(size: int, folder: Path) -> None:
    """Build the index of so many aliases in this process and print seconds and megabytes."""
    CatalogIndex.build(folder / "small", list(grouped(NameMaker(2).make(100))), [], encoder=None)  # compiles
    entities = list(grouped(NameMaker().make(size)))
    before, spent = peak(), time.process_time()
    _, seconds = timed(lambda: CatalogIndex.build(folder / "index", entities, [], encoder=None))
    spent = time.process_time() - spent
    print(f"{len(entities)} {seconds:.1f} {spent:.1f} {before:.0f} {peak():.0f}")


def ask(size: int, folder: Path) -> None:
    """Open the index in this process, ask it and print what it took, then recall by kind of slip."""
    index, opened = timed(lambda: CatalogIndex.open(folder / "index"))
    held = index.aliases["alias"]
    draw = np.random.default_rng(3).choice(size, size=min(size, 40_000), replace=False)
    keys = sorted({normalize(held[int(row)].as_py()) for row in draw})
    asked = questions(keys, ASKED)
    every = [text for pairs in asked.values() for text, _ in pairs]
    index.spelled_alike(every[:100], TOP)
    speed = max(len(every) / timed(lambda: index.spelled_alike(every, TOP))[1] for _ in range(3))
    single = [1000 * timed(partial(index.spelled_alike, [text], TOP))[1] for text in every[:: len(every) // 500]]
    p50, p99 = np.percentile(single, [50, 99])
    print(f"{1000 * opened:.0f} {speed:.0f} {p50:.2f} {p99:.2f} {resident():.0f}")
    for kind, pairs in asked.items():
        hits, _ = index.spelled_alike([text for text, _ in pairs], TOP)
        meant = [pairs[query][1] for query in hits.query.tolist()]
        told = [normalize(held[row].as_py()) for row in hits.target.tolist()]
        found = {q for q, key, right in zip(hits.query.tolist(), told, meant, strict=True) if key == right}
        print(f"{kind}|{len(found) / len(pairs):.3f}")


def peak() -> float:
    """Return the most memory that this process held, MB."""
    return peak_memory() / 1e6


def resident() -> float:
    """Return the memory of this process that is resident now, MB; mapped files count as far as they were read."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def measure(size: int, scratch: Path | None) -> list[str]:
    """Return the rows of a size."""
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        built = _in_process("build", size, Path(name)).split()
        disk = sum(path.stat().st_size for path in (Path(name) / "index").rglob("*") if path.is_file())
        first, *kinds = _in_process("ask", size, Path(name)).splitlines()
    count, seconds, spent, before, most = built
    opened, speed, p50, p99, held = first.split()
    return [
        HEAD,
        "|" + "---|" * 10,
        f"| {size:,} | {int(count):,} | {seconds} ({spent}) | {int(most):,} ({int(before):,}) | {disk / 1e6:,.0f} | {disk / size:.0f} "
        f"| {opened} | {int(speed):,} | {p50} / {p99} | {int(held):,} |",
        "",
        "| slip | recall@20 |",
        "|---|---|",
        *(f"| {kind.replace('|', ' | ')} |" for kind in kinds),
        "",
    ]


def _in_process(part: str, size: int, folder: Path) -> str:
    command = [
        sys.executable,
        "-m",
        "benchmarks.index_size",
        "--part",
        part,
        "--sizes",
        str(size),
        "--folder",
        str(folder),
    ]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.index_size")
    parser.add_argument("--sizes", default="1000000,10000000", help="aliases, separated by commas")
    parser.add_argument("--folder", type=Path, help="where the index is built; a folder for temporary files else")
    parser.add_argument("--part", choices=("build", "ask"), help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help="write the tables to this file too")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    if given.part:
        {"build": build, "ask": ask}[given.part](sizes[0], given.folder)
        return
    lines = [
        "# A large catalog index\n",
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; without encoder. "
        "Made by `python -m benchmarks.index_size`.\n",
    ]
    for size in sizes:
        lines += measure(size, given.folder)
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
