"""Killed at any moment and started again, a home ends as if nothing had happened."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.config import Config
from tests.homes import digest
from tests.small_world import SmallWorld

KILLS = 20
ROOT = Path(__file__).parents[2]


@pytest.fixture
def worker() -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.integration.killable"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield process
        assert process.stdin
        process.stdin.close()
        process.wait(30)


def order(
    worker: "subprocess.Popen[str]", config: Config, world: SmallWorld, kill_after_s: float | None
) -> dict[str, Any]:
    assert worker.stdin
    assert worker.stdout
    given = {"home": str(config.home), "graph": config.graph, "mentions": config.mentions}
    message = {"config": given, "world": str(world.catalog.parent), "kill_after_s": kill_after_s}
    worker.stdin.write(json.dumps(message) + "\n")
    worker.stdin.flush()
    answer: dict[str, Any] = json.loads(worker.stdout.readline())
    return answer


@pytest.mark.slow
@pytest.mark.timeout(2_400)  # forty runs and more, which on servers make their tables each time
def test_killed_at_random_points_and_run_again_ends_as_undisturbed(
    config: Config, world: SmallWorld, worker: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    reference = replace(config, home=tmp_path / "reference", graph="embedded", mentions="embedded")
    assert order(worker, reference, world, None)["status"] == 0
    expected = digest(reference)
    # how long an undisturbed run takes on this home tells where kills can hit
    trial = replace(config, home=tmp_path / "trial")
    undisturbed = order(worker, trial, world, None)
    assert undisturbed["status"] == 0
    assert digest(trial) == expected
    moments, longest = random.Random(20), undisturbed["seconds"]
    killed = number = 0
    # a moment after the end of a fast run kills nothing, so another one is drawn, and none so late again
    while killed < KILLS and number < 3 * KILLS:
        number += 1
        home = replace(config, home=tmp_path / f"killed-{number}")
        clear(config)
        kill_after_s = moments.uniform(0.05, longest)
        if order(worker, home, world, kill_after_s)["status"] < 0:
            killed += 1
        else:
            longest = kill_after_s
        digest_or_empty(home)
        assert order(worker, home, world, None)["status"] == 0
        assert digest(home) == expected, f"kill number {number}"
    assert killed == KILLS


def digest_or_empty(home: Config) -> None:
    """The home that was killed must be readable as it is, whatever it holds."""
    from kg.home import Home
    from schemas.errors import IndexMissingError

    with Home(home) as opened:
        opened.graph.query("MATCH (e:Entity) RETURN count(e)")
        opened.mentions.counts()
        try:
            assert opened.index.size >= 0
        except IndexMissingError:
            assert not (home.home / "index" / "CURRENT").exists()


def clear(config: Config) -> None:
    """Empty the servers of a home that this test filled; embedded homes are new folders."""
    from kg.home import Home

    if config.graph == "embedded":
        return
    with Home(config) as home:
        home.graph.clear()
    from tests.integration.keyspaces import drop_keyspace

    drop_keyspace(config)
