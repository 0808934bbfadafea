"""Of spans that overlap, which one stays."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Found:
    """A span that became a mention, and who found it: "spacy", "catalog", "quotes", or several joined by "+"."""

    start: int
    end: int
    type: str
    extractor: str


class Placed(Protocol):
    """Anything with a place in a text."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """Code point after the last."""


_FINDERS = ("spacy", "catalog", "quotes")
T = TypeVar("T", bound=Placed)


class SpansByPlace(Generic[T]):
    """Spans of one text, to be found by where they are."""

    def __init__(self, spans: Iterable[T]) -> None:
        self._spans = sorted(spans, key=lambda span: (span.start, span.end))
        self._starts = [span.start for span in self._spans]
        self._longest = max((span.end - span.start for span in self._spans), default=0)

    def touching(self, start: int, end: int) -> list[T]:
        """Return the spans that share a code point with [start, end), by start."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [span for span in self._spans[first:last] if span.end > start]


def without_overlaps(spans: Iterable[Found]) -> list[Found]:
    """Return spans that do not overlap, in order.

    Spans with the same ends become one, found by all that found it ("spacy+catalog"). Then the longer wins, of
    equally long ones the catalog's, of those the first.
    """
    kept: list[Found] = []
    starts: list[int] = []
    for span in sorted(_united(spans), key=_preference):
        at = bisect_right(starts, span.start)
        clear_before = at == 0 or kept[at - 1].end <= span.start
        clear_after = at == len(kept) or span.end <= kept[at].start
        if clear_before and clear_after:
            kept.insert(at, span)
            starts.insert(at, span.start)
    return kept


def _united(spans: Iterable[Found]) -> Iterable[Found]:
    by_ends: dict[tuple[int, int], Found] = {}
    for span in spans:
        other = by_ends.get((span.start, span.end))
        if other is None:
            by_ends[span.start, span.end] = span
        elif other.extractor != span.extractor:
            both = replace(other, extractor=_both(other.extractor, span.extractor), type=other.type or span.type)
            by_ends[span.start, span.end] = both
    return by_ends.values()


def _both(first: str, second: str) -> str:
    found = {*first.split("+"), *second.split("+")}
    return "+".join(name for name in _FINDERS if name in found)


def _preference(span: Found) -> tuple[int, bool, int]:
    return span.start - span.end, span.extractor == "spacy", span.start
