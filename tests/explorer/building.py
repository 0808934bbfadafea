"""The explorer as `make explorer` builds it."""

import shutil
import subprocess
from pathlib import Path

from tests.servers.errors import ServerMissing

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "kg" / "server" / "explorer" / "index.html"
MODULES = ROOT / "explorer" / "node_modules"
BUILT_WITHIN_S = 600


def build_explorer() -> None:
    """Build the page unless it is newer than its sources. Raises ServerMissing without Node.js and make."""
    for needed in ("npm", "make"):
        if shutil.which(needed) is None:
            raise ServerMissing(
                "Node.js", f"{needed} is not on PATH; install Node.js 20.19 or newer with npm, and make"
            )
    done = subprocess.run(
        ["make", "--no-print-directory", "explorer"], cwd=ROOT, capture_output=True, text=True, timeout=BUILT_WITHIN_S
    )
    if done.returncode or not PAGE.is_file():
        message = f"`make explorer` failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        raise RuntimeError(message)
