"""Ports for servers, such that two sessions on one machine never pick the same."""

import random
import socket

from tests.servers.locks import FileLock
from tests.servers.maven import cache_folder

HOST = "127.0.0.1"
# Below the range from which systems take the ports of outgoing connections: those come and go unseen.
LOWEST, HIGHEST = 20_000, 29_999
ATTEMPTS = 200
_random = random.SystemRandom()  # a test that seeds `random` must not seed this


class Port:
    """A port that is ours until it is released, or until this process ends."""

    def __init__(self, number: int, lock: FileLock) -> None:
        self.number = number
        self._lock = lock

    def release(self) -> None:
        """Let others pick this port."""
        self._lock.release()


def take_port(preferred: int | None = None) -> Port:
    """Return a free port on the loopback address: the preferred one when it is free, else any."""
    picks = [_random.randint(LOWEST, HIGHEST) for _ in range(ATTEMPTS)]
    for number in ([preferred] if preferred else []) + picks:
        lock = FileLock(cache_folder() / "ports" / f"{number}.lock")
        if not lock.acquire(wait=False):
            continue
        if _is_free(number):
            return Port(number, lock)
        lock.release()
    raise OSError(f"no free port found among {ATTEMPTS} between {LOWEST} and {HIGHEST}")


def _is_free(number: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError:
            return False
    return True
