"""The main job of kg in a process of its own, watched from outside while its servers fail."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.small_world import SmallWorld, write_small_world

ROOT = Path(__file__).parents[2]
ALL = ("catalog", "documents", "resolve")
TOPICS = ("Björk", "Nirvana", "P!nk", "Prince Royce", "방탄소년단", "Homogenic", "Nevermind", "Greta Marlowe")


@dataclass
class Ended:
    """How a job ended: the name of its error, "" for none; its sentence; what it told on the way."""

    error: str
    text: str
    status: int
    told: list[str] = field(default_factory=list)


class Jobs:
    """Does one job after another in children of one process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(
        self,
        config: Path,
        world: SmallWorld,
        parts: Sequence[str] = ALL,
        watch: Callable[[dict[str, Any]], None] | None = None,
    ) -> Ended:
        """Run parts of the main job on a configuration; `watch` is given each event while the job goes on."""
        assert self._process.stdin
        assert self._process.stdout
        order = {"config": str(config), "world": str(world.catalog.parent), "parts": list(parts)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        told: list[str] = []
        for line in self._process.stdout:
            event = json.loads(line)
            if watch:
                watch(event)
            if event["event"] == "end":
                return Ended(event["error"], event["text"], event["status"], told)
            if event["event"] == "told":
                told.append(event["text"])
        raise AssertionError("the process that does the jobs has ended")


@contextmanager
def jobs(environment: Mapping[str, str] | None = None) -> Iterator[Jobs]:
    """Start the process that does the jobs, and end it."""
    command = [sys.executable, "-m", "tests.cluster.worker"]
    given = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=given
    ) as process:
        yield Jobs(process)
        assert process.stdin
        process.stdin.close()
        process.wait(60)


def write_config(folder: Path, *, graph: str = "embedded", mentions: str = "embedded", more: str = "") -> Path:
    """Write the configuration of a home in a folder: without vectors, and with small batches."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "kg.toml"
    path.write_text(
        f'home = "home"\ngraph = "{graph}"\nmentions = "{mentions}"\n'
        f'[models]\nencoder = "none"\n[resolve]\nbatch_documents = 8\n{more}'
    )
    return path


def write_world(folder: Path, documents: int = 120) -> SmallWorld:
    """Write the small world with more documents than it has, one file each."""
    world = write_small_world(folder)
    for number in range(documents):
        first, second = (TOPICS[(number * step + step) % len(TOPICS)] for step in (1, 3))
        text = f"{first} spoke with {second} in episode {number}. Later Singer{number % 7} Surname{number % 11} came.\n"
        (world.documents / f"episode-{number:03}.txt").write_text(text, encoding="utf-8")
    return world
