"""A real `kg serve` over a home, in a process of its own."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kg.config import load_config
from kg.home import Home
from kg.keys import ROLES, Role, add_key

READY_WITHIN_S = 180
_ADDRESS = re.compile(r"kg serves (http://\S+)")
_COMMAND = [sys.executable, "-c", "from kg.cli.main import main; main()"]


@dataclass(frozen=True)
class Site:
    """A running server: its address, a key for each role, and the folder of its configuration."""

    url: str
    folder: Path
    keys: dict[Role, str] = field(default_factory=dict)


@contextmanager
def served(folder: Path, *options: str) -> Iterator[Site]:
    """Serve the home that FOLDER/kg.toml names, at a free port, until the block ends."""
    config = folder / "kg.toml"
    with Home(load_config(config)) as home:
        keys = {role: add_key(home, f"explorer {role}", role)[1] for role in ROLES}
    command = [*_COMMAND, "--config", str(config), "serve", "--port", "0", *options]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, cwd=folder, env={**os.environ, "PYTHONPATH": str(root)}
    )
    try:
        yield Site(_address(process), folder, keys)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _address(process: "subprocess.Popen[str]") -> str:
    """Return the address that the server tells when it answers; what it says afterwards fits the pipe."""
    assert process.stderr is not None
    late = threading.Timer(READY_WITHIN_S, process.kill)
    late.start()
    said = []
    try:
        for line in process.stderr:
            said.append(line)
            if found := _ADDRESS.search(line):
                return found[1]
    finally:
        late.cancel()
    message = "kg serve ended before it answered:\n" + "".join(said)[-2000:]
    raise RuntimeError(message)
