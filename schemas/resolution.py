"""Which canonical entity a record is about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resolution:
    """One record's place in a canonical entity.

    record_key:  ``source:record_id``.
    probability: in [0, 1]; 1.0 for hard evidence and for what a person decided.
    decided_by:  what ties it to the entity: "id", "same_as", an identifier, "person", or a version of the pair model.
    run_id:      the run that first decided it so; "" until a run has stored it.
    """

    record_key: str
    entity_id: str
    probability: float
    decided_by: str
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class RecordMemory:
    """What is remembered of a record from run to run.

    since:    number of the run that first resolved it; the older id stays when entities merge.
    compared: hash of what its pairs were decided from; "" when they are to be decided again.
    """

    since: int
    compared: str = ""
