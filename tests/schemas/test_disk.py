"""A full disk has one name, whichever library met it."""

import errno
import resource
import signal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from schemas.disk import room_in
from schemas.errors import DiskFullError


def test_the_errors_of_the_system_and_of_libraries_are_told_from_others(tmp_path: Path) -> None:
    for error in (
        OSError(errno.ENOSPC, "x"),
        OSError("8 requested and 0 written"),
        RuntimeError("No space left on device"),
    ):
        with pytest.raises(DiskFullError, match=f"{tmp_path}: the disk is full"), room_in(tmp_path):
            raise error
    for other in (OSError(errno.EACCES, "x"), RuntimeError("another")):
        with pytest.raises(type(other)) as kept, room_in(tmp_path):
            raise other
        assert kept.value is other


def test_what_numpy_and_arrow_say_of_a_real_limit_is_known(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, before[1]))
    try:
        with pytest.raises(DiskFullError), room_in(tmp_path):
            np.save(tmp_path / "values.npy", np.zeros(100_000))
        with pytest.raises(DiskFullError), room_in(tmp_path), pa.OSFile(str(tmp_path / "table"), "wb") as sink:
            sink.write(bytes(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
