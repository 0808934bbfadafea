"""Calls of a store, each a block that is watched. A store is left as it is when nobody watches."""

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar

from kg.observing import watching

Store = TypeVar("Store")
_NOT_CALLS = ("close",)
"""The end of a store may come after the end of those who watch."""


def watched_store(store: Store, owner: str, protocols: tuple[type, ...]) -> Store:
    """Return the store; when somebody watches, each of its methods that a protocol names is a block from now on.

    owner: "graph" or "mentions". The store stays what it is: only its methods are taken over, one by one, so what
    it can do beside the protocol is there too.
    """
    if not watching.watchers():
        return store
    for name in sorted({name for protocol in protocols for name in _calls(protocol)}):
        method = getattr(store, name, None)
        if callable(method):
            setattr(store, name, _watched(method, owner, name))
    return store


def _calls(protocol: type) -> list[str]:
    members = inspect.getmembers(protocol, inspect.isfunction)
    return [name for name, _ in members if not name.startswith("_") and name not in _NOT_CALLS]


def _watched(method: Callable[..., Any], owner: str, name: str) -> Callable[..., Any]:
    if inspect.isgeneratorfunction(method):

        @wraps(method)
        def rows(*given: Any, **named: Any) -> Iterator[Any]:  # noqa: ANN401 - of any method
            # a block a step, for what is done with a batch between two steps is not the store's
            steps = method(*given, **named)
            while True:
                with watching.block("store", owner, name):
                    try:
                        step = next(steps)
                    except StopIteration:
                        return
                yield step

        return rows

    @wraps(method)
    def call(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - of any method
        with watching.block("store", owner, name):
            return method(*given, **named)

    return call
