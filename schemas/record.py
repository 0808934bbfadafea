"""One row of one source about one thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PropertyValue = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a source, as its reader found it; never changed, never merged.

    source:      name of the source, an identifier ([A-Za-z0-9_.-]+).
    record_id:   id of the row within its source; non-empty.
    name:        non-empty, verbatim.
    type:        entity type, lower case, or "" when the source does not say.
    aliases:     other names, verbatim, without the name itself, in the order of the source.
    popularity:  a number >= 0 on the source's own scale, or None when not known.
    properties:  every further field of the row.
    """

    source: str
    record_id: str
    name: str
    type: str = ""
    aliases: tuple[str, ...] = ()
    description: str = ""
    popularity: float | None = None
    properties: Mapping[str, PropertyValue] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Id of the record in the home: ``source:record_id`` (a source name holds no colon)."""
        return f"{self.source}:{self.record_id}"
