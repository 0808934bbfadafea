"""The values of a segment of a JSON transcript, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loaders.readers.cues import collapsed, milliseconds
from schemas.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment or word of a JSON transcript.

    place: what an error calls it, such as "segment 3"; counted from 1.
    """

    path: Path
    place: str
    values: Mapping[str, object]

    def text(self, name: str) -> str:
        """Return a text verbatim; raises DocumentError when there is none."""
        value = self.values.get(name)
        if not isinstance(value, str):
            raise DocumentError(self.path, f"{self.place}: {name} {value!r:.60} is not a text")
        return value

    def time(self, name: str) -> int:
        """Return seconds as milliseconds; raises DocumentError when they are none."""
        time = milliseconds(self.values.get(name))
        if time is None:
            problem = f"{self.place}: {name} {self.values.get(name)!r:.60} is not a number of seconds >= 0"
            raise DocumentError(self.path, problem)
        return time

    def speaker(self) -> str | None:
        """Return who speaks, None when it is not said."""
        value = self.values.get("speaker")
        if value is None:
            return None
        return collapsed(self.text("speaker")) or None
