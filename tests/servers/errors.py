"""Why a server is not there."""

from pathlib import Path

TAIL_LINES = 40


class ServerMissing(RuntimeError):
    """This machine lacks what a server is made of: a JDK 17, Maven or its artifacts."""

    def __init__(self, part: str, problem: str) -> None:
        self.part = part
        self.problem = problem
        super().__init__(f"{part}: {problem}")


class ServerFailed(RuntimeError):
    """A server did not start or did not become healthy. The text ends with the tail of its log."""

    def __init__(self, name: str, problem: str, log: Path) -> None:
        self.name = name
        self.problem = problem
        self.log = log
        super().__init__(f"{name} {problem}; the end of {log}:\n{_tail(log)}")


def _tail(log: Path) -> str:
    if not log.exists():
        return "(no log was written)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-TAIL_LINES:])
