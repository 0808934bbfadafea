"""Waiting for a server: as long as was asked, told, and never for what will not pass."""

import pytest

from loaders.stores.patience import Patience
from schemas.errors import StoreHeld, StoreRejected, StoreUnavailable


class Server:
    """Fails as often as it is told, then answers."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.calls, self._failures, self._error = 0, failures, error

    def ask(self) -> str:
        self.calls += 1
        if self.calls <= self._failures:
            raise self._error
        return "answer"


class Clock:
    """A time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self._now = 0.0

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loaders.stores.patience.time", Clock())


AWAY = StoreUnavailable("neo4j://h", "connection refused")


def test_who_answers_is_asked_once_and_nothing_is_told() -> None:
    told: list[str] = []
    server = Server(0, AWAY)
    assert Patience(5, told.append).keep(server.ask) == "answer"
    assert (server.calls, told) == (1, [])


def test_who_comes_back_is_told_with_its_reason() -> None:
    told: list[str] = []
    server = Server(2, AWAY)
    assert Patience(5, told.append).keep(server.ask) == "answer"
    assert server.calls == 3
    assert told == [
        "neo4j://h does not answer (connection refused); trying again for 5 s",
        "neo4j://h answers again after 1 s",
    ]


def test_after_patience_the_error_says_what_was_done() -> None:
    with pytest.raises(
        StoreUnavailable, match=r"connection refused; tried again for 0\.4 s .*run the same command"
    ) as gone:
        Patience(0.4).keep(Server(1_000, AWAY).ask)
    assert gone.value.store == "neo4j://h"


@pytest.mark.parametrize("error", [StoreHeld("c", "x is writing"), StoreRejected("c", "wrong password")])
def test_what_waiting_does_not_help_is_raised_at_once(error: Exception) -> None:
    told: list[str] = []
    server = Server(1_000, error)
    with pytest.raises(type(error)):
        Patience(60, told.append).keep(server.ask)
    assert (server.calls, told) == (1, [])


def test_without_patience_the_first_failure_is_raised_as_it_is() -> None:
    server = Server(1, AWAY)
    with pytest.raises(StoreUnavailable) as gone:
        Patience().keep(server.ask)
    assert gone.value is AWAY
    assert server.calls == 1
