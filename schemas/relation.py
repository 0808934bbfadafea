"""A directed, typed statement between two entities."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Relation:
    """One row of a relations file: `subject` -relation-> `object`, both raw ids of the catalog.

    relation: a name of the ontology in its declared direction, such as PERFORMED_BY.
    source:   the source that states it.
    """

    subject: str
    relation: str
    object: str
    source: str
