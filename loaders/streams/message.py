"""What comes from a topic, and what goes to one."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was read.

    timestamp_ms: when it was produced, or appended to the log where the topic says so; milliseconds since 1970, 0 when
                  it has none.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    timestamp_ms: int = 0

    @property
    def place(self) -> str:
        """Where it stands, as errors name it."""
        return f"{self.topic}[{self.partition}]@{self.offset}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A message that shall be written."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes] = field(default_factory=dict)
