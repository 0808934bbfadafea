"""Who writes to a store."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Writer:
    """A process that wants to write.

    id:    of this writing alone; no other writing has it.
    place: the home's folder on this machine. Who holds the lock of that folder knows that no other is alive there.
    told:  who it is, for people.
    """

    id: str
    place: str
    told: str
