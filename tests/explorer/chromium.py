"""Where a Chromium is, and how it is started: installed from Debian's packages when a machine of tests has none."""

import os
import shutil
import subprocess

from tests.servers.errors import ServerMissing

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # WebGL without a graphics card
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
INSTALLED_WITHIN_S = 600


def find_chromium() -> str:
    """Return the path of a Chromium: of KG_TEST_CHROMIUM, of PATH, or of the package that is installed for it.

    Raises ServerMissing where there is none and no right or no way to install it.
    """
    given = os.environ.get("KG_TEST_CHROMIUM")
    if given:
        return given
    found = _on_path()
    if found is None:
        _install()
        found = _on_path()
    if found is None:
        raise ServerMissing("Chromium", "the package was installed, but there is no chromium on PATH")
    return found


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _install() -> None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise ServerMissing("Chromium", "none on PATH; install one, or name it in KG_TEST_CHROMIUM")
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        try:
            done = subprocess.run(
                [apt, "--quiet=2", "--option=DPkg::Lock::Timeout=300", *command],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                capture_output=True,
                text=True,
                timeout=INSTALLED_WITHIN_S,
            )
        except subprocess.TimeoutExpired as error:
            raise ServerMissing("Chromium", f"apt-get {command[0]} took longer than {error.timeout:g} s") from error
        if done.returncode:
            raise ServerMissing("Chromium", f"apt-get {command[0]}: {done.stderr.strip()[-500:]}")
