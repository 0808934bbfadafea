"""How fast a run was, and how much memory its process took."""

import resource
import sys
from collections.abc import Mapping


def peak_memory() -> int:
    """Return the most resident memory that this process has had since it began, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def rates(seconds: Mapping[str, float], rows: Mapping[str, int]) -> dict[str, float | None]:
    """Return rows a second by stage, 1 decimal; None where rows were not counted or no time was measured."""
    return {
        stage: round(rows[stage] / took, 1) if rows.get(stage) and took > 0 else None for stage, took in seconds.items()
    }
