"""The link endpoint under a steady load on loopback: latency at 50 requests a second, most requests a second, memory.

    python -m benchmarks.serve --aliases 100000 --out benchmarks/SERVE.md

A home is made with invented names (benchmarks.name_maker) and no vectors, `kg serve` runs in a process of its own, and
this process asks it one sentence a request. The load is open: a request is sent when it is due, whether or not those
before are answered, so a slow answer delays no later one and its wait is counted.
"""

import argparse
import asyncio
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2
import numpy as np
import psutil

from benchmarks.name_maker import NameMaker
from kg.config import Config, ModelConfig
from kg.home import Home
from kg.ingest import CatalogInput, ingest_catalog

SENTENCES = (
    "Last night {} played a long set with songs from the new record.",
    "We talked with {} about the early years in the city.",
    "The label says that {} will be on tour with {} this spring.",
)


def main() -> None:
    """Make the home, serve it, ask, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aliases", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=50.0, help="requests a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--home", type=Path, help="kept for the next time")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = measure(given.home or Path(folder) / "home", given)
    sys.stdout.write(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


def measure(folder: Path, given: argparse.Namespace) -> str:
    """Return the table."""
    names = make_home(folder, given.aliases)
    sentences = _sentences(names, 2_000)
    with running(folder) as (url, process):
        first_s = asyncio.run(first(url, sentences[0]))
        asyncio.run(steady(url, sentences[:50], rate=10.0))
        before = process.cpu_times()
        steady_ms = asyncio.run(steady(url, sentences[: int(given.rate * given.seconds)], rate=given.rate))
        after = process.cpu_times()
        most = asyncio.run(at_full_load(url, sentences, seconds=given.seconds / 2))
        memory = process.memory_info().rss / 2**20
    cpu_ms = 1000 * (after.user + after.system - before.user - before.system) / len(steady_ms)
    p50, p99 = np.percentile(steady_ms, [50, 99])
    rows = [
        ("aliases", f"{given.aliases:,}"),
        ("first link of a new server", f"{first_s:.1f} s"),
        (f"link, one sentence, {given.rate:g} requests/s: p50", f"{p50:.1f} ms"),
        (f"link, one sentence, {given.rate:g} requests/s: p99", f"{p99:.1f} ms"),
        ("processor time of a request", f"{cpu_ms:.1f} ms"),
        ("most requests/s, 8 callers", f"{most:.0f}"),
        ("memory of the server", f"{memory:,.0f} MB"),
    ]
    lines = ["# Serving", "", "| measure | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]
    load = f"{psutil.cpu_count()} processors, load average {psutil.getloadavg()[0]:.1f} while measuring."
    return "\n".join([*lines, "", load, ""])


def make_home(folder: Path, aliases: int) -> list[str]:
    """Return the names of a home with so many names, two of each entity; made when it is not there."""
    config = Config(home=folder, models=ModelConfig(encoder="none"))
    file = folder / "names.jsonl"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = NameMaker(seed=11).make(aliases)
        with file.open("w", encoding="utf-8") as out:
            for number in range(0, aliases - 1, 2):
                row = {"id": f"e{number}", "name": made[number], "type": "artist", "aliases": [made[number + 1]]}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        with Home(config) as home:
            ingest_catalog(home, CatalogInput([str(file)]))
    return [json.loads(line)["name"] for line in file.read_text(encoding="utf-8").splitlines()[:4_000]]


def _sentences(names: Sequence[str], count: int) -> list[str]:
    chosen = np.random.default_rng(5).integers(len(names), size=(count, 2))
    return [SENTENCES[n % 3].format(names[a], names[b]) for n, (a, b) in enumerate(chosen.tolist())]


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Run `kg serve` on a free port."""
    config = folder / "serve.toml"
    config.write_text('home = "."\n[models]\nencoder = "none"\n[serve]\nrate = 0\n', encoding="utf-8")
    command = [sys.executable, "-c", "from kg.cli.main import main; main()", "--config", str(config)]
    with subprocess.Popen([*command, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True) as server:
        try:
            said = server.stderr.readline() if server.stderr else ""
            found = re.search(r"http://\S+", said)
            if found is None:
                raise SystemExit(said)
            yield found[0], psutil.Process(server.pid)
        finally:
            server.terminate()


async def first(url: str, sentence: str) -> float:
    """Return the seconds until the first answer."""
    began = time.perf_counter()
    async with httpx2.AsyncClient(base_url=url, timeout=120) as client:
        await _link(client, sentence)
    return time.perf_counter() - began


async def steady(url: str, sentences: Sequence[str], *, rate: float) -> list[float]:
    """Return the milliseconds of each request, counted from when it was due."""
    async with httpx2.AsyncClient(base_url=url, timeout=60) as client:
        began = time.perf_counter()

        async def ask(number: int, sentence: str) -> float:
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await _link(client, sentence)
            return 1000 * (time.perf_counter() - due)

        return list(await asyncio.gather(*(ask(number, sentence) for number, sentence in enumerate(sentences))))


async def at_full_load(url: str, sentences: Sequence[str], *, seconds: float, callers: int = 8) -> float:
    """Return requests a second when each caller asks as soon as it is answered."""
    answered = 0
    until = time.perf_counter() + seconds

    async def call(client: httpx2.AsyncClient, first: int) -> None:
        nonlocal answered
        for number in range(first, 10**9, callers):
            if time.perf_counter() > until:
                return
            await _link(client, sentences[number % len(sentences)])
            answered += 1

    async with httpx2.AsyncClient(base_url=url, timeout=60) as client:
        await asyncio.gather(*(call(client, first) for first in range(callers)))
    return answered / seconds


async def _link(client: httpx2.AsyncClient, sentence: str) -> None:
    answer = await client.post("/api/v1/link", json={"texts": [{"text": sentence}]})
    answer.raise_for_status()


if __name__ == "__main__":
    main()
