"""The thing that a mention refers to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from schemas.record import PropertyValue

EntityStatus = Literal["catalog", "provisional"]


@dataclass(frozen=True, slots=True)
class Entity:
    """A canonical entity: what one or more records, or a cluster of NIL mentions, are about.

    id:         canonical id; stable from run to run.
    aliases:    names other than `name`, sorted, without duplicates.
    popularity: a number >= 0 on the catalog's own scale, or None when not known.
    status:     "catalog" when a record stands behind it, "provisional" when only mentions do.
    """

    id: str
    name: str
    type: str = ""
    aliases: tuple[str, ...] = ()
    description: str = ""
    popularity: float | None = None
    status: EntityStatus = "catalog"
    properties: Mapping[str, PropertyValue] = field(default_factory=dict)
