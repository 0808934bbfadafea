"""Runs streams in forked children that can be killed: everything heavy is loaded once, before the fork.

Arguments: the home's folder. Standard input gives one JSON object a line: {"options": {...}, "kill_after_s": SECONDS or
null}. Standard output answers each with {"status": exit status, negative for a signal, "seconds": wall time}.
"""

import json
import os
import signal
import sys
import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

from kg.home import Home
from kg.stream_config import StreamConfig
from kg.streaming.options import StreamOptions
from kg.streaming.stream import stream
from tests.homes import embedded

SETTINGS = StreamConfig(batch_documents=3, batch_ms=5, publish_s=0.2)


def forked(root: Home, options: dict[str, Any], kill_after_s: float | None) -> dict[str, float]:
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with root.beside("index", "extractor", "model", "encoder") as home:
                stream(home, StreamOptions(**options))
            status = 0
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return {"status": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - began}


def main() -> None:
    root = Home(replace(embedded(Path(sys.argv[1])), stream=SETTINGS))
    _ = root.index, root.extractor, root.model
    for line in sys.stdin:
        order = json.loads(line)
        sys.stdout.write(json.dumps(forked(root, order["options"], order["kill_after_s"])) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
