"""How long work tells that it goes on."""

from typing import Protocol


class Progress(Protocol):
    """Called with the stage's name, how much is done and how much there is (None when not known)."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Tell how far a stage has come; called from time to time, also with done == total."""


def silent(stage: str, done: int, total: int | None) -> None:
    """Tell nothing."""
