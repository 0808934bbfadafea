"""What a run measures of itself while it decides, kept in its row: decisions may be replaced later, these stay.

Tables of whole numbers, by name: those of `linkers/decision_figures.py`, and
    rows     rows by stage            memory   peak_bytes of the process
    probes   asked, found_1, found_10 (`kg/recall_probes.py`)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from linkers.decision_figures import Tables, added

HIDDEN = ("sketch",)
"""Tables that only machines can read."""


@dataclass
class Figures:
    """Figures of a run that goes on."""

    tables: Tables = field(default_factory=dict)

    def add(self, tables: Tables) -> None:
        """Add those of a batch."""
        self.tables = added([self.tables, tables])

    def put(self, name: str, table: Mapping[str, int]) -> None:
        """Set a table."""
        self.tables[name] = dict(table)


def shown(figures: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Return the figures without those that only machines can read."""
    return {name: dict(table) for name, table in figures.items() if name not in HIDDEN}
