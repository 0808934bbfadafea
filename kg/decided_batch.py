"""What `link` said of some documents, beside what was decided of them before: what is stored, and what is counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from kg.home import Home
from kg.provisional import Clustering
from kg.runs import Mark
from linkers.deciding import KINDS
from linkers.linking import link
from schemas.batches import STORED_DECISIONS

PERSON = "person"


class Counted(Protocol):
    """What counts decisions: by kind, and how many are not as before."""

    decisions: dict[str, int]
    changed: int


def link_mentions(home: Home, mentions: pa.Table) -> pa.Table:
    """Return the DECISIONS of MENTIONS of whole documents, by the home's index, model and settings."""
    return link(mentions, home.index, home.model, encoder=home.encoder, settings=home.link_settings)


@dataclass(frozen=True)
class DecidedBatch:
    """Decisions of whole documents that may be stored.

    keys:    decision key by document, of documents without mentions too.
    decided: DECISIONS without those that a person made and that stay.
    changed: how many of them differ from before, but for another id of an unknown thing.
    former:  provisional id until now of mentions that are NIL again, by mention.
    """

    keys: Mapping[str, str]
    decided: pa.Table
    changed: int
    former: dict[str, str]

    @classmethod
    def of(cls, home: Home, keys: Mapping[str, str], decided: pa.Table) -> "DecidedBatch":
        """Compare DECISIONS of documents with what the home holds of them."""
        before = _before(home, keys)
        free = [not _is_kept(home, before.get(mention)) for mention in decided["mention_id"].to_pylist()]
        decided = decided.filter(pa.array(free, pa.bool_()))
        changed, former = 0, {}
        for row in decided.select(["mention_id", "decision", "entity_id"]).to_pylist():
            past = before.get(row["mention_id"])
            if past and past["decision"] == row["decision"] == "nil":
                former[row["mention_id"]] = past["provisional_id"]
            else:
                changed += not past or (past["decision"], past["entity_id"]) != (row["decision"], row["entity_id"])
        return cls(keys, decided, changed, former)

    def kinds(self) -> dict[str, int]:
        """Return how many decisions there are of each kind."""
        return {kind: pc.sum(pc.equal(self.decided["decision"], kind)).as_py() or 0 for kind in KINDS}

    def count(self, summary: Counted, clustering: Clustering) -> None:
        """Add to what a resolve tells, and to what the clustering must know."""
        for kind, number in self.kinds().items():
            summary.decisions[kind] += number
        summary.changed += self.changed
        clustering.former.update(self.former)
        clustering.decided.update(self.keys)

    def store(self, home: Home, run: Mark) -> None:
        """Append the decisions to the log of the home as decisions of a run."""
        rows = self.decided.num_rows
        stored = (
            self.decided.append_column("run_id", pa.array([run.run_id] * rows, pa.string()))
            .append_column("sequence", pa.array([run.sequence] * rows, pa.int64()))
            .append_column("decided_by", pa.array([home.model.version] * rows, pa.string()))
            .cast(STORED_DECISIONS)
        )
        home.mentions.append_decisions(stored, self.keys)


def kept_by_person(home: Home, doc_ids: Iterable[str]) -> set[str]:
    """Return the mentions of documents whose decision a person made and no run overrules."""
    return {mention for mention, row in _before(home, doc_ids).items() if _is_kept(home, row)}


def _before(home: Home, doc_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what was decided of the mentions of documents until now, by mention."""
    columns = ["mention_id", "decision", "entity_id", "provisional_id", "decided_by"]
    batches = home.mentions.decisions(list(doc_ids), columns)
    return {row["mention_id"]: row for batch in batches for row in batch.to_pylist()}


def _is_kept(home: Home, before: dict[str, str] | None) -> bool:
    """Whether a person decided it, which no run overrules as long as the entity exists."""
    if before is None or before["decided_by"] != PERSON:
        return False
    return before["decision"] != "link" or bool(home.index.row_of([before["entity_id"]])[0] >= 0)
