"""How runs begin and end: numbered in the order of the home, and the same work under the same id."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from kg.observing import logs, watching
from kg.run_figures import Figures, shown
from kg.run_rates import rates
from linkers.peak_memory import peak_memory
from schemas.errors import RunError
from schemas.identity import content_id
from schemas.protocols import MentionStore
from schemas.run import Run, RunKind, RunStatus

log = logging.getLogger(__name__)


def now() -> str:
    """Return the time in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class Stages:
    """Wall time and rows by stage."""

    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, rows: int = 0) -> Iterator[None]:
        """Add the wall time of a block to the stage's seconds, and the rows that it works on to its rows."""
        began = time.perf_counter()
        try:
            with logs.during(logs.STAGE, name), watching.block("stage", "", name):
                yield
        finally:
            took = time.perf_counter() - began
            self.seconds[name] = round(self.seconds.get(name, 0.0) + took, 3)
            self.count_rows(name, rows)
            if log.isEnabledFor(logging.DEBUG):
                with logs.during(logs.STAGE, name):
                    logs.tell(log, logging.DEBUG, "block of a stage ended", {"seconds": round(took, 3), "rows": rows})

    def count_rows(self, stage: str, rows: int) -> None:
        """Add to the rows that a stage worked on, for those that are known only when it has ended."""
        if rows:
            self.rows[stage] = self.rows.get(stage, 0) + rows


class Mark(Protocol):
    """What a decision says of the run that made it."""

    @property
    def run_id(self) -> str:
        """Id of the run."""

    @property
    def sequence(self) -> int:
        """Number of the run in the order of the home."""


@dataclass(kw_only=True)
class OpenRun(Stages):
    """A run that goes on: collects counts and seconds until it is finished."""

    run: Run
    counts: dict[str, int] = field(default_factory=dict)
    figures: Figures = field(default_factory=Figures)

    @property
    def run_id(self) -> str:
        """Id of the run."""
        return self.run.run_id

    @property
    def sequence(self) -> int:
        """Number of the run in the order of the home."""
        return self.run.sequence

    def count(self, name: str, number: int) -> None:
        """Add to a count."""
        self.counts[name] = self.counts.get(name, 0) + number


def begin(store: MentionStore, kind: RunKind, fingerprint: str, settings: Mapping[str, str]) -> OpenRun:
    """Start a run, or take up again the last one when it was killed while doing this very work.

    fingerprint: hash of all that the result depends on. The caller holds the home's write lock, so a run
    that is still "running" was killed; when other work starts it becomes "interrupted". Only a stream may still go on:
    it is whole between two batches, so its run becomes "finished", and it begins another. Streams leave each other's
    runs as they are.
    """
    past = store.runs()
    last = past[0] if past else None
    if last and last.status == "running" and (last.kind, last.fingerprint) == (kind, fingerprint):
        return _open(last, "run taken up again, which was killed")
    for each in past:
        if each.status == "running" and not kind == each.kind == "stream":
            _end(store, each)
    parent = last.run_id if last else ""
    run = Run(
        run_id=content_id("run", kind, parent, fingerprint),
        kind=kind,
        sequence=last.sequence + 1 if last else 1,
        parent=parent,
        fingerprint=fingerprint,
        status="running",
        started_at=now(),
        settings=settings,
    )
    store.put_run(run)
    return _open(run, "run begun")


def _end(store: MentionStore, run: Run) -> None:
    """End a run that others come after: a stream has done what it counted, any other was killed."""
    ended: RunStatus = "finished" if run.kind == "stream" else "interrupted"
    store.put_run(replace(run, status=ended, finished_at=now()))
    if ended == "interrupted":
        told = {"interrupted_run": run.run_id, "kind": run.kind, "started_at": run.started_at}
        logs.tell(log, logging.WARNING, "an earlier run was killed and is not taken up again", told)


def _open(run: Run, message: str) -> OpenRun:
    logs.RUN.set(run.run_id)
    watching.begun(run)
    logs.tell(log, logging.INFO, message, {"kind": run.kind, "sequence": run.sequence, **run.settings})
    return OpenRun(run=run)


def finish(store: MentionStore, open_run: OpenRun, *, index_version: str = "", model_version: str = "") -> Run:
    """Write the run as finished, with its counts and figures."""
    memory = {"peak_bytes": peak_memory()}
    run = replace(
        open_run.run,
        status="finished",
        finished_at=now(),
        index_version=index_version,
        model_version=model_version,
        counts=dict(sorted(open_run.counts.items())),
        seconds=dict(open_run.seconds),
        figures=open_run.figures.tables | {"rows": dict(open_run.rows), "memory": memory},
    )
    store.put_run(run)
    _tell_end(run)
    watching.ended(run)
    logs.RUN.set("")
    return run


def _tell_end(run: Run) -> None:
    if not log.isEnabledFor(logging.INFO):
        return
    rows = run.figures["rows"]
    rate = rates(run.seconds, rows)
    for stage, seconds in run.seconds.items():
        told = {"seconds": seconds, "rows": rows.get(stage), "rows_per_second": rate[stage]}
        with logs.during(logs.STAGE, stage):
            logs.tell(log, logging.INFO, "stage ended", {k: v for k, v in told.items() if v is not None})
    whole: dict[str, object] = {"kind": run.kind, "seconds": round(sum(run.seconds.values()), 3), **run.counts}
    logs.tell(log, logging.INFO, "run ended", whole | {"peak_bytes": run.figures["memory"]["peak_bytes"]})


def interrupted(store: MentionStore) -> Run | None:
    """Return the newest run when it was killed, else None; what a killed stream left to do is seen by other means."""
    past = store.runs()
    return past[0] if past and past[0].status == "running" and past[0].kind != "stream" else None


def find(store: MentionStore, run_id: str) -> Run:
    """Return the run whose id is, or begins with, `run_id`; raises RunError when none or several do."""
    matching = [run for run in store.runs() if run.run_id.startswith(run_id)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise RunError(run_id, f"{len(matching)} runs begin so; give more digits")
    raise RunError(run_id, "does not exist; `kg runs` lists them")


def without_sketch(run: Run) -> Run:
    """Return a run without the figures that only machines can read."""
    return replace(run, figures=shown(run.figures))
