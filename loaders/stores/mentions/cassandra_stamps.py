"""Timestamps of writes, by which Cassandra tells which of two is the later one."""

import threading
import time


class Stamps:
    """Gives each write a later timestamp than the one before it, in microseconds since 1970, whatever the clock does.

    A clock that is behind would make every write of a run lose against those of the run before, without a word. So a
    writer begins after the last timestamp of the writer before it.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._last = 0

    def __call__(self) -> int:
        """Return the timestamp of the next write."""
        with self._guard:
            self._last = max(time.time_ns() // 1_000, self._last + 1)
            return self._last

    def begin_after(self, stamp: int) -> float:
        """Give no timestamp up to `stamp`; returns by how many seconds the clock is behind it, 0.0 when it is not."""
        with self._guard:
            self._last = max(self._last, stamp)
            return max(0.0, stamp / 1e6 - time.time())

    @property
    def newest(self) -> int:
        """The latest of the clock and what was given."""
        with self._guard:
            return max(time.time_ns() // 1_000, self._last)
