"""The most memory that this process has held."""

import re
import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_memory() -> int:
    """Return the most resident memory that this process has had since its program began, in bytes."""
    status = _STATUS.read_text(encoding="utf-8") if _STATUS.exists() else ""
    if held := re.search(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE):
        return int(held[1]) * 1024
    # this figure begins with what the parent held when it started the program
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
