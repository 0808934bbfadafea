"""Work off the event loop, in a bounded number of threads, with a bounded queue and a bounded time."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from kg.server.problems import ApiError, busy

Made = TypeVar("Made")


class Lane:
    """Threads for one kind of work.

    workers: jobs at a time. waiting: jobs that may wait beside them; one more is refused with 503.
    seconds: after which an answer is given up with 504. A job that has begun goes on in its thread, and counts until
             it has ended, so that what is given up is never more than there are workers.
    """

    def __init__(self, name: str, *, workers: int, waiting: int, seconds: float) -> None:
        self.name = name
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix=f"kg-{name}")
        self._room = threading.BoundedSemaphore(workers + waiting)
        self._seconds = seconds
        self._most = workers + waiting
        self._taken = 0

    @property
    def busy(self) -> int:
        """Jobs that run or wait."""
        return self._taken

    async def do(self, job: Callable[[], Made]) -> Made:
        """Run a job and return what it makes; raises what it raises, and ApiError (503, 504)."""
        if not self._room.acquire(blocking=False):
            raise busy(f"{self._most} requests of this kind run or wait already")
        self._taken += 1
        future = self._threads.submit(job)
        future.add_done_callback(lambda _: self._leave())
        try:
            async with asyncio.timeout(self._seconds) as limit:
                return await asyncio.wrap_future(future)
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise ApiError(504, "late", f"it took longer than {self._seconds:g} seconds; ask for less") from error

    def close(self) -> None:
        """Wait for the jobs that run, and drop those that wait."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _leave(self) -> None:
        self._taken -= 1
        self._room.release()
