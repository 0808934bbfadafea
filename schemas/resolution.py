"""Which canonical entity a record is about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resolution:
    """One record's place in a canonical entity.

    record_key:  ``source:record_id``.
    probability: in [0, 1]; 1.0 for hard evidence.
    decided_by:  the rule or person, such as "id", "same_as", "wikidata".
    run_id:      the run that first decided it so; "" until a run has stored it.
    """

    record_key: str
    entity_id: str
    probability: float
    decided_by: str
    run_id: str = ""
