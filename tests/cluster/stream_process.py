"""A real `kg stream`, as a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from kg.config import Config
from tests.servers.kafka import KafkaServer

ROOT = Path(__file__).parents[2]
KG = "from kg.cli.main import main; main()"
WITHIN_S = 180.0  # a transaction of a stream that was killed is open for up to 70 of them


class StreamProcess:
    """A stream that goes on; what it says on standard error is in `said`."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process, self._log = process, log

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def until(self, reached: Callable[[], bool], what: str) -> None:
        """Wait until something is so, while the stream lives."""
        deadline = time.monotonic() + WITHIN_S
        while not reached():
            assert self.process.poll() is None, f"the stream ended before {what}:\n{self.said}"
            assert time.monotonic() < deadline, f"no {what} within {WITHIN_S} s:\n{self.said}"
            time.sleep(0.1)

    def end(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(WITHIN_S)


def command(config: Config, server: KafkaServer, topic: str, options: Mapping[str, str] | None = None) -> list[str]:
    """Write kg.toml beside a home; return the words after `kg` by which `started` starts a stream."""
    toml = config.home.parent / "kg.toml"
    own = ((each.name, json.dumps(getattr(config.stream, each.name))) for each in fields(config.stream))
    section = "".join(f"{name} = {value}\n" for name, value in own)
    toml.write_text(f'[models]\nencoder = "none"\n[stream]\n{section}', encoding="utf-8")
    stores = ["--home", str(config.home), "--graph", config.graph, "--mentions", config.mentions]
    given = {"--brokers": server.url, "--in": topic, "--out": f"{topic}-out", "--group": topic} | dict(options or {})
    return ["--config", str(toml), *stores, "stream", *(word for pair in given.items() for word in pair)]


@contextmanager
def started(
    config: Config, server: KafkaServer, topic: str, options: Mapping[str, str] | None = None
) -> Iterator[StreamProcess]:
    """Start `kg stream` from a topic to the one called with "-out"; the group is called like the topic."""
    words = command(config, server, topic, options)
    log = config.home.parent / "stream.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", KG, *words],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
    stream = StreamProcess(process, log)
    try:
        stream.until(lambda: "reading" in stream.said, "begin")
        yield stream
    finally:
        process.kill()
        process.wait()
