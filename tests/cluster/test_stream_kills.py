"""A stream that is killed again and again ends as one that nobody disturbed."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kg.config import Config
from kg.home import Home
from kg.resolve import ResolveOptions, resolve
from tests.cluster.killable_stream import SETTINGS
from tests.cluster.stream_world import answers, committed, document, make_topics, produce, small_home
from tests.homes import digest
from tests.servers.kafka import KafkaServer

KILLS = 50
A_KILL = 6
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.cluster


class Streams:
    """Starts streams of one home, and kills them when it shall."""

    def __init__(self, process: "subprocess.Popen[str]", options: dict[str, Any]) -> None:
        self._process, self._options = process, options

    def run(self, kill_after_s: float | None) -> tuple[int, float]:
        """Return the exit status, negative for a signal, and how long it took."""
        assert self._process.stdin
        assert self._process.stdout
        order = {"options": self._options, "kill_after_s": kill_after_s}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return int(answer["status"]), float(answer["seconds"])


@contextmanager
def streams(config: Config, server: KafkaServer, topic: str) -> Iterator[Streams]:
    options = {"brokers": server.url, "source": topic, "target": f"{topic}-out", "group": topic, "until_idle_s": 0.5}
    command = [sys.executable, "-m", "tests.cluster.killable_stream", str(config.home.parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield Streams(process, options)
        assert process.stdin
        process.stdin.close()
        process.wait(30)


def documents(number: int) -> list[object]:
    """The documents of one round: new ones, one that comes again, one that changed, and one that cannot be read."""
    first = number * A_KILL
    new: list[object] = [document(first + place) for place in range(A_KILL - 3)]
    return [*new, document(first), document(first + 1, version=2), b'{"id": "broken", ' + str(number).encode()]


def state(config: Config) -> tuple[dict[str, int], str]:
    with Home(config) as home:
        return home.mentions.counts(), digest(config)


@pytest.mark.timeout(600)
def test_killed_at_fifty_random_points_it_ends_as_undisturbed(kafka: KafkaServer, tmp_path: Path) -> None:
    everything = [each for number in range(KILLS) for each in documents(number)]
    homes = {name: small_home(tmp_path / name, SETTINGS) for name in ("calm", "killed")}
    make_topics(kafka, [f"{name}{end}" for name in homes for end in ("", "-out", ".dead-letters")])
    produce(kafka, "calm", everything)
    with streams(homes["calm"], kafka, "calm") as calm:
        assert calm.run(None)[0] == 0
    with streams(homes["killed"], kafka, "killed") as killed:
        hits = kill_often(kafka, killed)
        assert killed.run(None)[0] == 0
    assert hits == KILLS
    assert answers(kafka, "killed-out") == answers(kafka, "calm-out")
    assert len(answers(kafka, "killed-out")) == KILLS * (A_KILL - 1)
    assert len(committed(kafka, "killed.dead-letters")) == KILLS
    assert state(homes["killed"]) == state(homes["calm"])
    for config in homes.values():
        with Home(config) as home:
            resolve(home, ResolveOptions(records=False))
            assert {run.kind for run in home.mentions.runs()} == {"catalog", "stream", "resolve"}
    assert digest(homes["killed"]) == digest(homes["calm"])


def kill_often(kafka: KafkaServer, streams: Streams) -> int:
    """Kill the stream of a round at a moment that it may live to see; returns how many were hit."""
    produce(kafka, "killed", documents(0))
    status, longest = streams.run(None)
    assert status == 0
    moments, latest, hits, number = random.Random(7), longest - 0.5, 0, 1
    # a moment after the end of a fast run kills nothing, so another one is drawn, and none so late again
    while hits < KILLS and number < 3 * KILLS:
        if number < KILLS:
            produce(kafka, "killed", documents(number))
        number += 1
        kill_after_s = moments.uniform(0.02, latest)
        if streams.run(kill_after_s)[0] < 0:
            hits += 1
        else:
            latest = kill_after_s
    return hits
