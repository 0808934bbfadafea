"""How fast a run was."""

from collections.abc import Mapping


def rates(seconds: Mapping[str, float], rows: Mapping[str, int]) -> dict[str, float | None]:
    """Return rows a second by stage, 1 decimal; None where rows were not counted or no time was measured."""
    return {
        stage: round(rows[stage] / took, 1) if rows.get(stage) and took > 0 else None for stage, took in seconds.items()
    }
