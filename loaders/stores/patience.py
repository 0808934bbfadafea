"""Waits for a server that is away, and tells that it does."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from schemas.errors import StoreHeld, StoreUnavailable

Made = TypeVar("Made")
Tell = Callable[[str], None]

FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 3.0


def untold(text: str) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Patience:
    """How long a call to a server is tried again while it does not answer.

    seconds: from the first failure on, >= 0; 0 gives up at once.
    tell:    given one sentence when waiting begins, and one when the server answers again.
    """

    seconds: float = 0.0
    tell: Tell = field(default=untold)

    def keep(self, call: Callable[[], Made]) -> Made:
        """Return what a call returns; it is made again after StoreUnavailable, so it must be safe to repeat.

        Raises the StoreUnavailable of the last attempt, with what was done about it.
        """
        try:
            return call()
        except StoreUnavailable as error:
            # who holds a store may do so for hours
            if not self.seconds or isinstance(error, StoreHeld):
                raise
            first = error
        return self._again(call, first)

    def _again(self, call: Callable[[], Made], last: StoreUnavailable) -> Made:
        began, wait_s = time.monotonic(), FIRST_WAIT_S
        self.tell(f"{last.store} does not answer ({last.problem}); trying again for {self.seconds:g} s")
        while (left_s := began + self.seconds - time.monotonic()) > 0:
            time.sleep(min(wait_s, left_s))
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)
            try:
                made = call()
            except StoreHeld:
                raise
            except StoreUnavailable as error:
                last = error
                continue
            self.tell(f"{last.store} answers again after {time.monotonic() - began:.0f} s")
            return made
        problem = (
            f"{last.problem}; tried again for {self.seconds:g} s (stores.patience_s). What was written stays; "
            "run the same command again and it goes on from there"
        )
        raise StoreUnavailable(last.store, problem) from last
