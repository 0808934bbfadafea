"""Calls of a client that do not keep to a time limit of their own."""

from collections.abc import Callable
from threading import Thread


def within(seconds: float, call: Callable[[], object]) -> bool:
    """Return whether a call ended in time; raises what it raised. One that did not is left to a thread of its own."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except BaseException as error:
            raised.append(error)

    # a daemon, for a call that never ends must not keep the process
    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        return False
    if raised:
        raise raised[0]
    return True
