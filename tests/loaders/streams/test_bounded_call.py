"""A call that does not end is left; any other one is as if it had been made here."""

from threading import Event

import pytest

from loaders.streams.bounded_call import within


def test_a_call_that_does_not_end_is_left() -> None:
    never = Event()
    assert not within(0.01, never.wait)
    never.set()


def test_what_a_call_raises_is_raised_here() -> None:
    done: list[int] = []
    assert within(60, lambda: done.append(1))
    assert done == [1]
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 // 0)
