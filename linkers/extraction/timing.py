"""When a stretch of a transcript was spoken."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.document import Cue


@dataclass(frozen=True, slots=True)
class Moment:
    """Speaker and time of a mention; None where no cue covers it. Times are milliseconds."""

    speaker: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None


class Timeline:
    """The cues of one document, ready to be asked about positions in its text."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self._cues = cues
        self._starts = [cue.start for cue in cues]

    def at(self, start: int, end: int) -> Moment:
        """Return speaker and times of [start, end), interpolated by position within the cues.

        Every character of a cue takes the same share of its time. The speaker is that of the cue that
        holds the first character.
        """
        first = self._holding(start)
        last = self._holding(end - 1)
        return Moment(
            speaker=first.speaker if first else None,
            start_ms=_time(first, start) if first else None,
            end_ms=_time(last, end) if last else None,
        )

    def _holding(self, position: int) -> Cue | None:
        at = bisect_right(self._starts, position) - 1
        if at < 0 or position >= self._cues[at].end:
            return None
        return self._cues[at]


def _time(cue: Cue, position: int) -> int:
    share = (position - cue.start) / (cue.end - cue.start)
    return cue.start_ms + round(share * (cue.end_ms - cue.start_ms))
