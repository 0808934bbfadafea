"""The worker processes that were started below this one, for tests that kill or count them."""

import time
from collections.abc import Callable, Iterator, Set
from contextlib import suppress

import psutil

_WITHIN_S = 30.0


def worker_processes() -> set[psutil.Process]:
    """Return joblib's workers that run now. Those that ended count no more, also while nobody has asked how."""
    return set(_running())


def kill_workers(others: Set[psutil.Process] = frozenset()) -> int:
    """Kill the workers that run now besides `others`; returns how many there were."""
    found = worker_processes() - others
    for process in found:
        with suppress(psutil.NoSuchProcess):  # the pool ends the rest of its workers when the first is gone
            process.kill()
    return len(found)


def workers_started(others: Set[psutil.Process] = frozenset()) -> bool:
    """Return whether workers besides `others` run, now or soon: a process takes its time to begin."""
    return _soon(lambda: bool(worker_processes() - others))


def workers_ended(others: Set[psutil.Process] = frozenset()) -> bool:
    """Return whether no workers but `others` run, now or soon: a process that was killed takes its time to end."""
    return _soon(lambda: not worker_processes() - others)


def _soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + _WITHIN_S
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _running() -> Iterator[psutil.Process]:
    for process in psutil.Process().children(recursive=True):
        try:  # any of them may end between two questions; asking a zombie for its command line is an error
            if process.status() != psutil.STATUS_ZOMBIE and "LokyProcess" in " ".join(process.cmdline()):
                yield process
        except psutil.NoSuchProcess:
            pass
