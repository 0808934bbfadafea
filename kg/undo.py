"""`kg undo`: a later decision that restores what was decided before a run."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kg import runs
from kg.catalog import mark_stale, refresh_catalog
from kg.files import chunks
from kg.home import Home
from kg.identify import take_back
from kg.projection import sync_graph
from kg.undo_records import find_verdicts, restore_records, take_back_verdict
from kg.verdicts import apply_verdicts
from schemas.batches import STORED_DECISIONS
from schemas.errors import RunError
from schemas.identity import content_id
from schemas.run import Run

DOCUMENTS_AT_ONCE = 256
IDENTIFIED = ("promote", "assign")
REVIEWED = ("merge", "split", "review")
UNDONE = "undone:"
WITHDRAWN = "withdrawn"


@dataclass
class UndoSummary:
    """What an undo did.

    undone:    id of the run, or of the decision about a pair of records.
    restored:  mentions that have their former decision again.
    withdrawn: mentions that had none before and are undecided again.
    records:   decisions about pairs and records that are as they were before.
    What a later run or person has decided since stays as it is.
    """

    undone: str
    run_id: str = ""
    restored: int = 0
    withdrawn: int = 0
    records: int = 0


def undo(home: Home, given: str) -> UndoSummary:
    """Take back the decisions of a run, or one decision about a pair of records, by a new run; the log keeps all.

    given: an id of `kg runs` or of a person's decision (`kg review --decided`), or its first digits. A decision that a
    later run or person made stays. The record that a promote or an assign made is removed.
    Raises RunError when neither exists, the run is undone already or made no decisions.
    """
    with home.writing():
        verdicts = find_verdicts(home, given)
        is_run = any(run.run_id.startswith(given) for run in home.mentions.runs())
        if is_run or not verdicts:
            return _undo_run(home, runs.find(home.mentions, given))
        if len(verdicts) > 1:
            raise RunError(given, f"{len(verdicts)} decisions begin so; give more digits")
        return _undo_verdict(home, given, verdicts[0])


def _undo_run(home: Home, target: Run) -> UndoSummary:
    _check(target)
    run = runs.begin(home.mentions, "undo", content_id("undo", target.run_id), {"undoes": target.run_id})
    summary = UndoSummary(target.run_id, run.run_id)
    identified = target.kind in IDENTIFIED
    if identified:
        take_back(home, target.settings)
    with run.stage("records"):
        summary.records = restore_records(home, target, run)
    if identified or summary.records:
        mark_stale(home)
        refresh_catalog(home, run, home.mentions.former_resolutions(target.sequence))
    with run.stage("restore"):
        for doc_ids in _documents_of(home, target):
            for batch in home.mentions.decisions(doc_ids):
                _restore(home, batch, _Undoing(target, run, summary))
    home.mentions.put_run(replace(target, status="undone"))
    with run.stage("graph"):
        sync_graph(home, catalog=identified or summary.records > 0, documents=False, mentions=True)
    run.count("restored", summary.restored)
    run.count("withdrawn", summary.withdrawn)
    run.count("records", summary.records)
    runs.finish(home.mentions, run)
    return summary


def _undo_verdict(home: Home, given: str, pair: tuple[str, str]) -> UndoSummary:
    run = runs.begin(home.mentions, "undo", content_id("undo", given, *pair), {"undoes": given})
    mark_stale(home, compared=True)
    undone = take_back_verdict(home, pair, run)
    apply_verdicts(home, run, home.mentions.former_resolutions(undone))
    return UndoSummary(given, run.run_id, records=1)


@dataclass(frozen=True)
class _Undoing:
    target: Run
    run: runs.OpenRun
    summary: UndoSummary


def _check(target: Run) -> None:
    if target.kind == "undo":
        raise RunError(target.run_id, "is an undo itself; `kg resolve` decides again")
    if target.kind not in ("resolve", "stream", "decide", *IDENTIFIED, *REVIEWED):
        raise RunError(target.run_id, f"took in {target.kind}; ingest the former files again to go back")
    if target.status == "undone":
        raise RunError(target.run_id, "is undone already")


def _documents_of(home: Home, target: Run) -> Iterator[list[str]]:
    """Yield the documents that hold a current decision of the run; all are found before any is changed."""
    found = set()
    for batch in home.mentions.decisions(columns=["doc_id", "run_id"]):
        mine = batch.filter(pc.equal(batch["run_id"], target.run_id))
        found.update(mine["doc_id"].unique().to_pylist())
    return chunks(sorted(found), DOCUMENTS_AT_ONCE)


def _restore(home: Home, batch: pa.Table, undoing: _Undoing) -> None:
    mine = batch.filter(pc.equal(batch["run_id"], undoing.target.run_id))
    if not mine.num_rows:
        return
    restored: list[dict[str, Any]] = []
    withdrawn: list[dict[str, str]] = []
    for mention_id, doc_id, former in _former(home, mine, undoing.target.sequence):
        if former is None:
            withdrawn.append({"mention_id": mention_id, "doc_id": doc_id})
        else:
            # the decision stays that of the run which made it, so that this run can be undone too
            restored.append({**former, "sequence": undoing.run.sequence})
    keys = dict.fromkeys(mine["doc_id"].to_pylist(), UNDONE + undoing.run.run_id)
    if restored:
        home.mentions.append_decisions(pa.Table.from_pylist(restored, schema=STORED_DECISIONS), keys)
    if withdrawn:
        table = pa.Table.from_pylist(withdrawn)
        home.mentions.withdraw_decisions(table, undoing.run.run_id, undoing.run.sequence, keys)
    undoing.summary.restored += len(restored)
    undoing.summary.withdrawn += len(withdrawn)


def _former(home: Home, mine: pa.Table, sequence: int) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Yield each mention with the decision that was current before run number `sequence`, None if there was none."""
    for mention_id, doc_id in zip(mine["mention_id"].to_pylist(), mine["doc_id"].to_pylist(), strict=True):
        earlier = (row for row in home.mentions.decision_log(mention_id) if row["sequence"] < sequence)
        newest = next(earlier, None)
        yield mention_id, doc_id, None if newest is None or newest["decision"] == WITHDRAWN else newest
