"""What gold says of records."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GoldMember:
    """A record and the thing that it is about. source: "" where the id is told without one."""

    record_id: str
    cluster_id: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class GoldPair:
    """Two records that are one thing. left_source, right_source: "" where the id is told without one."""

    left_id: str
    right_id: str
    left_source: str = ""
    right_source: str = ""
