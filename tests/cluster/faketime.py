"""Processes whose clock is hours off, by libfaketime: of Debian's packages, installed where it is missing."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.servers.errors import ServerMissing

FOLDERS = (Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib"))
NAME = "faketime/libfaketime.so.1"
INSTALLED_WITHIN_S = 300


def faked(hours: int) -> dict[str, str]:
    """Return the environment of a process whose clock is some hours ahead; raises ServerMissing where it cannot be."""
    library = _found()
    if library is None:
        _install()
        library = _found()
    if library is None:
        raise ServerMissing("libfaketime", f"the package was installed, but there is no {NAME}")
    # what is measured, as timeouts are, goes by the monotonic clock, which nobody sets
    return {"LD_PRELOAD": str(library), "FAKETIME": f"{hours:+d}h", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def _found() -> Path | None:
    return next((path for folder in FOLDERS for path in (*folder.glob(NAME), *folder.glob(f"*/{NAME}"))), None)


def _install() -> None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise ServerMissing("libfaketime", "it is not here; install the package libfaketime")
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "libfaketime"]):
        done = subprocess.run(
            [apt, "--quiet=2", "--option=DPkg::Lock::Timeout=300", *command],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            capture_output=True,
            text=True,
            timeout=INSTALLED_WITHIN_S,
            check=False,
        )
        if done.returncode:
            raise ServerMissing("libfaketime", f"apt-get {command[0]}: {done.stderr.strip()[-500:]}")
