"""`python -m benchmarks.decisions --out FILE`: mentions decided a second on a catalog of a million names, and a profile.

The stream is Zipf over the entities: 70 % exact names, 20 % variants (a letter, a lost word, small letters), 10 % unknown;
without encoder. The naive twin compares a sample of the surfaces with every name by rapidfuzz WRatio, in the same run.
"""

import argparse
import cProfile
import pstats
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz, process

from benchmarks.__main__ import heading
from benchmarks.name_maker import NameMaker, entities
from linkers.index import CatalogIndex
from linkers.linking import link
from linkers.peak_memory import peak_memory
from linkers.scoring.model import LinkerModel
from schemas.batches import MENTIONS

MENTIONS_A_DOCUMENT = 20
SAMPLE = 20
Done = TypeVar("Done")


def variant(name: str, rng: random.Random) -> str:
    """Return a name with one letter changed, a word lost, or in small letters."""
    kind, words = rng.random(), name.split()
    if kind < 0.5 and len(name) > 4:
        at = rng.randrange(len(name))
        return name[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + name[at + 1 :]
    if kind < 0.75 and len(words) > 1:
        words.pop(rng.randrange(len(words)))
        return " ".join(words)
    return name.lower()


def stream(names: Sequence[str], count: int, seed: int = 3) -> pa.Table:
    """Return MENTIONS as a stream of documents would hold them."""
    rng, draw = random.Random(seed), np.random.default_rng(seed)
    ranks = draw.zipf(1.15, size=count * 4)
    ranks = ranks[ranks <= len(names)][:count] - 1
    order = draw.permutation(len(names))
    unknown = NameMaker(77).make(count)
    rows = []
    for number, rank in enumerate(ranks):
        name, kind = names[order[rank]], rng.random()
        surface = name if kind < 0.7 else variant(name, rng) if kind < 0.9 else unknown[number]
        before = "And then "
        sentence = f"{before}{surface} came up again, so we talked about it for a while."
        start = number % MENTIONS_A_DOCUMENT * 200 + len(before)
        rows.append(
            {
                "mention_id": f"m{number}",
                "doc_id": f"d{number // MENTIONS_A_DOCUMENT:06}",
                "start": start,
                "end": start + len(surface),
                "surface": surface,
                "type": rng.choice(("", "person", "work", "")),
                "sentence": sentence,
                "context": sentence,
            }
        )
    columns = [pa.array([row.get(field.name, _blank(field)) for row in rows], field.type) for field in MENTIONS]
    return pa.table(columns, schema=MENTIONS)


def _blank(field: pa.Field) -> object:
    return None if field.nullable else "" if pa.types.is_string(field.type) else 0


def measure(aliases: int, count: int) -> str:
    """Return the figures as Markdown."""
    names = NameMaker(1).make(aliases)
    batch, model = stream(names, count), LinkerModel.load("default")
    with tempfile.TemporaryDirectory() as folder:
        index, build_s = timed(lambda: CatalogIndex.build(Path(folder), entities(names), [], encoder=None))
        link(batch.slice(0, 2 * MENTIONS_A_DOCUMENT), index, model, encoder=None)
        decided, link_s = timed(lambda: link(batch, index, model, encoder=None))
        single = [timed(lambda n=n: link(batch.slice(n, 1), index, model, encoder=None))[1] * 1e3 for n in range(200)]  # type: ignore[misc]
        profile = cProfile.Profile()
        profile.runcall(link, batch, index, model, encoder=None)
    surfaces = batch["surface"].unique().to_pylist()
    _, twin_s = timed(lambda: process.cdist(surfaces[:SAMPLE], names, scorer=fuzz.WRatio, workers=-1))
    twin = SAMPLE / twin_s * count / len(surfaces)
    single.sort()
    shares = ", ".join(f"{v['values']} {v['counts']}" for v in decided["decision"].value_counts().to_pylist())
    peak = peak_memory() / 1e6
    return "\n".join(
        [
            f"{aliases:,} names; {count:,} mentions, {len(surfaces):,} distinct surfaces; {shares}. Peak {peak:,.0f} MB.\n",
            "| index built s | decided s | mentions/s | naive twin mentions/s | ratio | one mention ms p50 | p99 |",
            "|---|---|---|---|---|---|---|",
            f"| {build_s:.1f} | {link_s:.1f} | {count / link_s:,.0f} | {twin:,.1f} | {count / link_s / twin:,.0f}x "
            f"| {statistics.median(single):.1f} | {single[int(len(single) * 0.99)]:.1f} |",
            "\nThe profile of the batch, by own time:\n",
            "```text",
            *top_ten(profile),
            "```",
        ]
    )


def timed(work: Callable[[], Done]) -> tuple[Done, float]:
    """Return what a piece of work gives, and the seconds it took."""
    began = time.perf_counter()
    done = work()
    return done, time.perf_counter() - began


def top_ten(profile: cProfile.Profile) -> list[str]:
    """Return the ten functions of most own time, without the folders that they lie in."""
    out = StringIO()
    pstats.Stats(profile, stream=out).strip_dirs().sort_stats("tottime").print_stats(10)
    lines = [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]
    first = next(number for number, line in enumerate(lines) if line.lstrip().startswith("ncalls"))
    return lines[first:]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decisions")
    parser.add_argument("--aliases", type=int, default=1_000_000)
    parser.add_argument("--mentions", type=int, default=20_000)
    parser.add_argument("--out", type=Path, help="write the figures to this file too")
    given = parser.parse_args()
    title = (
        heading()
        .replace("# Results", "# Decisions")
        .replace("`python -m benchmarks`", "`python -m benchmarks.decisions`")
    )
    text = f"{title}\n{measure(given.aliases, given.mentions)}\n"
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
