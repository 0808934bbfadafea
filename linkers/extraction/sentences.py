"""Sentences of a text, also of one without punctuation, and the window around them."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

_BLANK_LINE = re.compile(r"\n\s*\n")
_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*\s")

Range = tuple[int, int]
"""Half-open range of code points."""


class Sentences:
    """The sentences of one document, in order, never across a blank line, bounded in length.

    text:   the document's text.
    ranges: sentences as a splitter found them.
    breaks: offsets at which a sentence that is too long may best be parted (the starts of cues).
    limit:  bound on a window in code points; a sentence longer than half of it is parted.
    """

    def __init__(self, text: str, ranges: Iterable[Range], *, breaks: Sequence[int], limit: int) -> None:
        self._text = text
        self._limit = limit
        self.ranges = [
            piece
            for paragraph in _without_blank_lines(text, ranges)
            for piece in _parted(text, paragraph, breaks, limit // 2)
        ]
        self._starts = [start for start, _ in self.ranges]

    def number(self, position: int) -> int:
        """Return which sentence holds a position: the last that starts at or before it, at least 0."""
        return max(bisect_right(self._starts, position) - 1, 0)

    def beside(self, position: int) -> Range:
        """Return the range from the sentence before a position's to the one after it."""
        number = self.number(position)
        last = min(number + 1, len(self.ranges) - 1)
        return self.ranges[max(number - 1, 0)][0], self.ranges[last][1]

    def around(self, start: int, end: int) -> tuple[Range, Range]:
        """Return the sentence that holds [start, end) and the window of its neighbours.

        A span that runs over several sentences gets them all. The window grows by whole sentences,
        the following first, while it stays within the limit.
        """
        first, last = self.number(start), self.number(max(end - 1, start))
        own = (min(self.ranges[first][0], start), max(self.ranges[last][1], end)) if self.ranges else (start, end)
        low, high = own
        grown = bool(self.ranges)
        while grown:
            grown = False
            if last + 1 < len(self.ranges) and self.ranges[last + 1][1] - low <= self._limit:
                last, high, grown = last + 1, self.ranges[last + 1][1], True
            if first > 0 and high - self.ranges[first - 1][0] <= self._limit:
                first, low, grown = first - 1, self.ranges[first - 1][0], True
        return own, (low, high)


def chunks(text: str, limit: int) -> list[Range]:
    """Cut a text into ranges of at most `limit`, at ends of paragraphs, sentences, lines or words."""
    ranges, start = [], 0
    while len(text) - start > limit:
        end = start + _cut(text[start : start + limit])
        ranges.append((start, end))
        start = end
    if start < len(text):
        ranges.append((start, len(text)))
    return ranges


def _cut(window: str) -> int:
    half = len(window) // 2
    paragraph = window.rfind("\n\n", half)
    if paragraph > 0:
        return paragraph + 2
    ends = [match.end() for match in _SENTENCE_END.finditer(window, half)]
    if ends:
        return ends[-1]
    for sign in ("\n", " "):
        at = window.rfind(sign, half)
        if at > 0:
            return at + 1
    return len(window)


def _without_blank_lines(text: str, ranges: Iterable[Range]) -> Iterable[Range]:
    for start, end in ranges:
        low = start
        for match in _BLANK_LINE.finditer(text, start, end):
            yield from _trimmed(text, low, match.start())
            low = match.end()
        yield from _trimmed(text, low, end)


def _trimmed(text: str, start: int, end: int) -> Iterable[Range]:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    if lead < len(piece):
        yield start + lead, start + len(piece.rstrip())


def _parted(text: str, whole: Range, breaks: Sequence[int], limit: int) -> Iterable[Range]:
    start, end = whole
    while end - start > limit:
        cut = _best_cut(text, start, limit, breaks)
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _best_cut(text: str, start: int, limit: int, breaks: Sequence[int]) -> int:
    at = bisect_right(breaks, start + limit) - 1
    if at >= 0 and breaks[at] > start + limit // 4:
        return breaks[at]
    spaces = [match.end() for match in _SPACE.finditer(text, start + limit // 2, start + limit)]
    return spaces[-1] if spaces else start + limit
