"""Whether the type that a text suggests fits a candidate's."""

from collections.abc import Sequence

import numpy as np

from linkers.columns import Column, Columns
from schemas.ontology import Ontology


class TypeNumbers:
    """Types as numbers, 0 for none, and the family of each, 0 without one."""

    def __init__(self, ontology: Ontology, types: Sequence[str]) -> None:
        known = dict.fromkeys(("", *types))
        self._numbers = {name: number for number, name in enumerate(known)}
        families = ontology.families()
        self._family_numbers = {name: number for number, name in enumerate(dict.fromkeys(("", *families.values())))}
        self.family = np.array([self._family_numbers[families.get(name, "")] for name in known], dtype=np.int64)

    def of(self, types: Sequence[str]) -> Column:
        """Return the number of each type, int64; each is one of those that are known."""
        return np.fromiter((self._numbers[name] for name in types), dtype=np.int64, count=len(types))

    def family_number(self, name: str) -> int:
        """Return the number of a family, -1 for one that the ontology has not."""
        return self._family_numbers.get(name, -1)


def type_features(pairs: Columns, types: TypeNumbers) -> dict[str, Column]:
    """Return the features of type and cue.

    pairs: type and cue (what the text suggests and states) and entity_type, as numbers. Types without a family, or
    none, neither agree nor conflict.
    """
    entity_type = pairs["entity_type"]
    family, by_type, by_cue = (types.family[pairs[name]] for name in ("entity_type", "type", "cue"))
    known = family != 0
    return {
        "agent": family == types.family_number("agent"),
        "place": family == types.family_number("place"),
        "type_same": (pairs["type"] != 0) & (pairs["type"] == entity_type),
        "type_agrees": known & (by_type != 0) & (by_type == family),
        "type_conflict": known & (by_type != 0) & (by_type != family),
        "cue_agrees": (pairs["cue"] != 0) & (pairs["cue"] == entity_type),
        "cue_conflict": known & (by_cue != 0) & (by_cue != family),
    }
