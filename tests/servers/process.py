"""A server as a Java process: started in its own process group, watched until healthy, stopped."""

import os
import shutil
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from tests.servers.errors import ServerFailed
from tests.servers.locks import FileLock

HEALTHY_WITHIN_S = 180.0
STOPPED_WITHIN_S = 60.0
POLL_S = 0.2


class JavaServer(ABC):
    """A server with a folder of its own. The same object may be started again after a stop or a kill.

    home: folder of its configuration, data and log; a second process on it is refused.
    log:  what the process prints, all starts in one file.
    """

    name: ClassVar[str]
    user: str
    password: str

    def __init__(self, home: Path) -> None:
        self.home = home.absolute()
        self.log = self.home / "console.log"
        self._lock = FileLock(self.home / "running.lock")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Address as the command line of kg takes it, without credentials."""

    @abstractmethod
    def _configure(self) -> list[str]:
        """Write the configuration and return the command that starts the server."""

    @abstractmethod
    def _unhealthy(self) -> str:
        """Return "" when the server answers and its password is set, else what is not so yet.

        Raises ServerFailed when waiting will not help.
        """

    @property
    def running(self) -> bool:
        """True while the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the server and return when it is healthy; raises ServerFailed, or ServerMissing."""
        self.launch()
        self.wait_healthy()

    def launch(self) -> None:
        """Start the process and return at once, so that several servers can start side by side."""
        if self.running:
            return
        self.home.mkdir(parents=True, exist_ok=True)
        if not self._lock.acquire(wait=False):
            raise ServerFailed(self.name, f"is running already in {self.home}", self.log)
        try:
            command = [*_tied_to_parent(), *self._configure()]
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    command,
                    cwd=self.home,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except BaseException:
            self._lock.release()
            raise

    def wait_healthy(self, timeout_s: float = HEALTHY_WITHIN_S) -> None:
        """Return when the server is healthy; else stops it and raises ServerFailed with its log."""
        deadline = time.monotonic() + timeout_s
        problem = "was not started"
        while self.running:
            problem = self._checked()
            if not problem:
                return
            if time.monotonic() > deadline:
                break
            time.sleep(POLL_S)
        else:
            if self._process is not None:
                problem = f"ended by itself with exit code {self._process.returncode}"
        self.stop()
        raise ServerFailed(self.name, f"is not healthy: {problem}", self.log)

    def _checked(self) -> str:
        try:
            return self._unhealthy()
        except ServerFailed:
            self.stop()
            raise

    def ask_to_stop(self) -> None:
        """Ask the server to end and return at once, so that several can end side by side."""
        if self._process is not None and self.running:
            os.killpg(self._process.pid, signal.SIGTERM)

    def stop(self) -> None:
        """Ask the server to end, and kill it when it does not; nothing happens when it is not running."""
        self.ask_to_stop()
        self._wait_for_end()

    def kill(self) -> None:
        """End the server as a power cut would: no chance to write anything."""
        if self._process is not None and self.running:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._wait_for_end()

    def _wait_for_end(self) -> None:
        if self._process is not None:
            try:
                self._process.wait(STOPPED_WITHIN_S)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._process = None
        self._lock.release()


def _tied_to_parent() -> list[str]:
    # A killed test session cannot stop what it started; where util-linux is, the system does it then.
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
