"""What a stream does while a store or the broker is away: it waits, says for what, and keeps its place."""

import threading
import time
from collections.abc import Callable

from kg.streaming.options import Tell
from schemas.errors import StoreUnavailable

FIRST_S = 0.1
LONGEST_S = 5.0


class Stopped(Exception):
    """The stream was told to end while it waited; what it held is read again at the next start."""


class Patience:
    """Waits longer from time to time, until what was away is there again.

    stop: set when the stream shall end. tell: hears what is waited for, once, and when that is over.
    keep_place: called while waiting with the seconds that it may take.
    """

    def __init__(self, stop: threading.Event, tell: Tell) -> None:
        self._stop, self._tell = stop, tell
        self.keep_place: Callable[[float], None] = time.sleep
        self._pause_s, self._since, self._store = FIRST_S, 0.0, ""

    @property
    def waiting(self) -> bool:
        """Whether something is away."""
        return bool(self._store)

    def wait(self, problem: StoreUnavailable) -> None:
        """Wait a while for a store; raises Stopped when the stream shall end."""
        if not self._store:
            self._since = time.monotonic()
        if self._store != problem.store:
            self._store = problem.store
            self._tell(f"waiting: {problem}")
        until = time.monotonic() + self._pause_s
        while not self._stop.is_set() and (left := until - time.monotonic()) > 0:
            self.keep_place(min(left, 0.1))
        if self._stop.is_set():
            raise Stopped
        self._pause_s = min(self._pause_s * 2, LONGEST_S)

    def persist(self, work: Callable[[], None]) -> None:
        """Do something that needs a store, as soon as it is there; raises Stopped when the stream shall end."""
        while True:
            try:
                work()
            except StoreUnavailable as problem:
                self.wait(problem)
            else:
                self.over()
                return

    def over(self) -> None:
        """Take note that everything answers."""
        if self._store:
            self._tell(f"{self._store} answers again after {time.monotonic() - self._since:.1f} s; the stream goes on")
        self._pause_s, self._store = FIRST_S, ""
