"""Work shared out to threads: compiled code runs without the interpreter's lock."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")
_MOST = 16


def threads() -> int:
    """Return how many threads work at once."""
    return min(os.cpu_count() or 1, _MOST)


def parts_of(count: int, size: int) -> list[range]:
    """Return ranges of at most so many that make up range(count); one empty range for none."""
    return [range(first, min(first + size, count)) for first in range(0, max(count, 1), max(size, 1))]


def shared_out(work: range) -> list[range]:
    """Return work in one part for each thread, dealt out in turn."""
    parts = min(threads(), max(1, len(work)))
    return [work[thread::parts] for thread in range(parts)]


def in_threads(work: Callable[[Part], Result], parts: Iterable[Part]) -> list[Result]:
    """Return what work gives of each part, in order."""
    with ThreadPoolExecutor(threads()) as pool:
        return list(pool.map(work, parts))
