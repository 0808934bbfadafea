"""The lock of a home's folder: held by the system, so that a killed process gives it back."""

import fcntl
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from schemas.disk import room_in
from schemas.errors import StoreHeld
from schemas.identity import content_id
from schemas.writer import Writer

_LOCK = "write.lock"
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@contextmanager
def held(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock of a folder, alone or beside others that share; raises StoreHeld when another process has it."""
    # without a buffer, which a full disk would keep from being closed
    with (folder / _LOCK).open("ab+", buffering=0) as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            holder = lock.read().decode().strip() or "unknown"
            problem = f"another process (pid {holder}) is writing to this home; wait for it to end, then try again"
            raise StoreHeld(str(folder), problem) from error
        with room_in(folder):
            lock.truncate(0)
            lock.write(str(os.getpid()).encode())
        yield


def this_process(folder: Path) -> Writer:
    """Return who writes: this process, for a home in a folder."""
    host, path = socket.gethostname(), folder.resolve()
    boot = ""
    with suppress(OSError):
        boot = _BOOT.read_text(encoding="ascii").strip()
    found = path.stat()
    place = content_id("place", host, boot, str(path), str(found.st_dev), str(found.st_ino))
    return Writer(uuid.uuid4().hex, place, f"process {os.getpid()} on {host} (home {path})")
