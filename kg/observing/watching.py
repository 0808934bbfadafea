"""Who is told of runs, stages and store calls, and how little that costs when nobody is."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Literal, Protocol

from schemas.run import Run

BlockKind = Literal["stage", "store"]


class Watcher(Protocol):
    """Told of what goes on in this process: metrics, or traces."""

    def run_begun(self, run: Run) -> None:
        """Take note that a run has begun, or was taken up again after it was killed."""

    def run_ended(self, run: Run) -> None:
        """Take note that a run was written as finished."""

    def block(self, kind: BlockKind, owner: str, name: str) -> AbstractContextManager[None]:
        """Watch a block: a stage of a run (owner ""), or a call of a store (owner "graph" or "mentions")."""


_watchers: list[Watcher] = []
"""Of the process, as the handlers of `logging` are; empty unless somebody asked for metrics or traces."""


def watchers() -> tuple[Watcher, ...]:
    """Return who is told at present."""
    return tuple(_watchers)


@contextmanager
def watched_by(*told: Watcher) -> Iterator[None]:
    """Tell these too, for the length of a block; stores that are opened in it are watched."""
    _watchers.extend(told)
    try:
        yield
    finally:
        for watcher in told:
            _watchers.remove(watcher)


def begun(run: Run) -> None:
    """Tell that a run has begun."""
    for watcher in _watchers:
        watcher.run_begun(run)


def ended(run: Run) -> None:
    """Tell that a run has ended."""
    for watcher in _watchers:
        watcher.run_ended(run)


@contextmanager
def block(kind: BlockKind, owner: str, name: str) -> Iterator[None]:
    """Let everybody who is told watch a block."""
    with ExitStack() as stack:
        for watcher in _watchers:
            stack.enter_context(watcher.block(kind, owner, name))
        yield
