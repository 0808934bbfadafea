"""A line of the loading benchmark: rates of kg and of the driver, and memory while kg loads."""

from collections.abc import Callable, Iterator

import pyarrow as pa

from benchmarks import loading_raw as raw
from benchmarks.index_size import resident

AT_ONCE = 100_000


def line(store: str, rows: int, what: str, own: float, best: float, memory: str) -> str:
    return f"| {store} | {rows:,} | {what} | {rows / own:,.0f} | {rows / best:,.0f} | {best / own:.0%} | {memory} |"


class Memory:
    """Resident memory after the first tenth and at the end."""

    def __init__(self, rows: int) -> None:
        self._rows, self._first = rows, ""

    def at(self, done: int) -> None:
        if not self._first and done >= self._rows / 10:
            self._first = f"{resident():,.0f}"

    def text(self) -> str:
        return f"{self._first}, {resident():,.0f}"


class Rates:
    """How long each way took, of those that share the rows in turns."""

    def __init__(self) -> None:
        self._spent = dict[object, tuple[int, float]]()

    def add(self, way: object, rows: int, seconds: float) -> None:
        done, spent = self._spent.get(way, (0, 0.0))
        self._spent[way] = done + rows, spent + seconds

    def best(self, rows: int) -> float:
        """Return the seconds that the fastest way would take for so many rows."""
        return rows * min(spent / done for done, spent in self._spent.values())


def in_parts(table: pa.Table) -> Iterator[pa.Table]:
    for first in range(0, table.num_rows, AT_ONCE):
        yield table.slice(first, AT_ONCE)


def put(write: Callable[[pa.Table], object], table: pa.Table) -> tuple[float, str]:
    """Return the seconds in which a store took a table, given part by part, and its memory."""
    memory, seconds = Memory(table.num_rows), 0.0
    for number, part in enumerate(in_parts(table)):
        seconds += raw.seconds_of(lambda part=part: write(part))  # type: ignore[misc]
        memory.at((number + 1) * AT_ONCE)
    return seconds, memory.text()
