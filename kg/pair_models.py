"""The plan and the fitted model by which a home compares records of each kind; they stay until a reason to refit."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
import pyarrow as pa

from kg.home import Home
from linkers.records import PairModel, Plan
from schemas.identity import content_id

GROWN = 2
"""A model is fitted again when a kind has so many times the records that it was fitted to."""
_STATE = "pair models"
_KEYS = ("record_id", "source")


@dataclass(frozen=True, slots=True)
class FittedPairs:
    """How records of a kind are compared.

    records: how many the model was fitted to. seen: their sources and columns. given: the plan was given by a person.
    trained: by `kg train --pairs`.
    """

    plan: Plan
    model: PairModel
    records: int
    seen: tuple[str, ...]
    given: bool = False
    trained: bool = False

    @property
    def version(self) -> str:
        """Names plan and model by their content."""
        return f"pairs-{content_id(self.plan.to_toml(), self.model.to_json())[:12]}"

    def fits(self, table: pa.Table) -> bool:
        """Whether a table has sources and columns that were seen, and the model was fitted to enough of it."""
        known = set(seen_in(table)) <= set(self.seen)
        if self.plan.procedure == "one-per-source" and len(set(table["source"].to_pylist())) < 2:
            return False
        return known and (self.trained or table.num_rows < GROWN * max(self.records, 1))

    def compared(self, content: str) -> str:
        """Return what is remembered of a record that was compared by this, given the hash of its content."""
        return content_id(content, self.version)


def seen_in(table: pa.Table) -> tuple[str, ...]:
    """Return the sources and columns of a table of records, as texts that differ."""
    sources = {f"source {name}" for name in table["source"].to_pylist()}
    return tuple(sorted(sources | {f"column {name}" for name in table.column_names if name not in _KEYS}))


def fitted_pairs(home: Home) -> dict[str, FittedPairs]:
    """Return what was fitted until now, by kind."""
    stored = orjson.loads(home.mentions.get_state(_STATE) or "{}")
    return {
        kind: FittedPairs(
            Plan.from_toml(entry["plan"], place=f"plan of {kind}"),
            PairModel.from_json(entry["model"]),
            entry["records"],
            tuple(entry["seen"]),
            entry["given"],
            entry["trained"],
        )
        for kind, entry in stored.items()
    }


def keep_fitted(home: Home, fitted: Mapping[str, FittedPairs]) -> None:
    """Write what is fitted, by kind; kinds that are not among them keep theirs."""
    entries = {
        kind: {
            "plan": entry.plan.to_toml(),
            "model": entry.model.to_json(),
            "records": entry.records,
            "seen": entry.seen,
            "given": entry.given,
            "trained": entry.trained,
        }
        for kind, entry in (fitted_pairs(home) | dict(fitted)).items()
    }
    home.mentions.set_state(_STATE, orjson.dumps(entries, option=orjson.OPT_SORT_KEYS).decode())
