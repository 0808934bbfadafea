"""The lines of a subtitle file that hold time codes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import DocumentError

ARROW = "-->"


@dataclass(frozen=True, slots=True)
class Timing:
    """A line `start --> end`: its number, counted from 1, and its times in milliseconds."""

    line: int
    start_ms: int
    end_ms: int


def timings(path: Path, lines: Sequence[str], parse: Callable[[str], int]) -> Iterator[Timing]:
    """Yield the timing lines of a subtitle file.

    parse: reads one time code as milliseconds, and raises ValueError or OverflowError for what is none.
    Raises DocumentError for a line with an arrow that cannot be read: what follows it would be lost in silence.
    """
    for number, line in enumerate(lines, start=1):
        if ARROW not in line:
            continue
        start, _, rest = line.partition(ARROW)
        end = rest.split(maxsplit=1)[0] if rest.strip() else ""
        try:
            times = parse(start.strip()), parse(end)
        except (ValueError, OverflowError):
            shown = line.strip() if len(line) < 80 else line.strip()[:77] + "..."
            raise DocumentError(path, f"{shown!r} is not a line of two time codes", number) from None
        yield Timing(number, *times)
