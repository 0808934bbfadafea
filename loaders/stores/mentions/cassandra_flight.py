"""Requests in flight: the next is made ready while the server works on those before it."""

from threading import Semaphore
from typing import Any

from cassandra.cluster import Session


class Flight:
    """Sends requests without waiting for answers, a bounded number at a time.

    width: requests in flight at most, >= 1.
    """

    def __init__(self, session: Session, width: int) -> None:
        self._session, self._width = session, width
        self._free = Semaphore(width)
        self._failure: BaseException | None = None

    def send(self, request: Any) -> None:  # noqa: ANN401 - a statement of the driver, which has no types
        """Send a statement when there is room; raises the error of one that failed before."""
        self._free.acquire()
        if self._failure is not None:
            self._free.release()
            raise self._failure
        try:
            future = self._session.execute_async(request)
        except BaseException:
            self._free.release()
            raise
        future.add_callbacks(self._done, self._failed)

    def land(self) -> None:
        """Wait until all are answered; raises the error of the first that failed."""
        self.settle()
        if self._failure is not None:
            raise self._failure

    def settle(self) -> None:
        """Wait until all are answered, also those that fail."""
        for _ in range(self._width):
            self._free.acquire()
        self._free.release(self._width)

    def _done(self, _rows: object) -> None:
        self._free.release()

    def _failed(self, error: BaseException) -> None:
        self._failure = self._failure or error
        self._free.release()
