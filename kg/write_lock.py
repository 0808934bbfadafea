"""Who writes to a home: one process at a time, and a stream makes way for others."""

import fcntl
import os
import socket
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from schemas.disk import room_in
from schemas.errors import StoreHeld
from schemas.identity import content_id
from schemas.writer import Writer

MAKES_WAY = "stream"
_BOOT = Path("/proc/sys/kernel/random/boot_id")
WAIT_S = 60.0
_POLL_S = 0.02


class WriteLock:
    """The write lock of a home: held by open files, so that the system gives it back when its holder dies.

    A second file is held by who waits for a stream, so that the stream sees it.
    """

    def __init__(self, folder: Path, *, makes_way: bool = False) -> None:
        self._folder, self._makes_way = folder, makes_way
        self._lock: BinaryIO | None = None

    @property
    def held(self) -> bool:
        """Whether it is held here."""
        return self._lock is not None

    def acquire(self) -> None:
        """Take the lock; waits for a stream to make way. Raises StoreHeld when another process holds it."""
        if not self._take():
            holder = self._holder()
            if self._makes_way or not holder.endswith(MAKES_WAY):
                raise self._refused(holder)
            self._wait(holder)

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def others_wait(self) -> bool:
        """Whether another process waits for this one to make way."""
        with self._place("write.waiting").open("ab+", buffering=0) as waiting:
            return not _locked(waiting)

    def _wait(self, holder: str) -> None:
        deadline = time.monotonic() + WAIT_S
        with self._place("write.waiting").open("ab+", buffering=0) as waiting:
            queued = False
            while time.monotonic() < deadline:
                queued = queued or _locked(waiting)
                if queued and self._take():
                    return
                time.sleep(_POLL_S)
        raise self._refused(holder)

    def _take(self) -> bool:
        # without a buffer, which a full disk would keep from being closed
        lock = self._place("write.lock").open("ab+", buffering=0)
        try:
            if not _locked(lock):
                lock.close()
                return False
            with room_in(self._folder):
                lock.truncate(0)
                lock.write((f"{os.getpid()} {MAKES_WAY}" if self._makes_way else str(os.getpid())).encode())
        except BaseException:
            lock.close()
            raise
        self._lock = lock
        return True

    def _holder(self) -> str:
        try:
            return self._place("write.lock").read_text(encoding="ascii").strip() or "unknown"
        except OSError:
            return "unknown"

    def _place(self, name: str) -> Path:
        return self._folder / name

    def _refused(self, holder: str) -> StoreHeld:
        problem = f"another process (pid {holder}) is writing to this home; wait for it to end, then try again"
        return StoreHeld(str(self._folder), problem)


def _locked(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def this_process(folder: Path) -> Writer:
    """Return who writes: this process, for a home in a folder."""
    host, path = socket.gethostname(), folder.resolve()
    boot = ""
    with suppress(OSError):
        boot = _BOOT.read_text(encoding="ascii").strip()
    found = path.stat()
    place = content_id("place", host, boot, str(path), str(found.st_dev), str(found.st_ino))
    return Writer(uuid.uuid4().hex, place, f"process {os.getpid()} on {host} (home {path})")
