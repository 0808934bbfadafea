"""How runs begin and end: numbered in the order of the home, and the same work under the same id."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from schemas.errors import RunError
from schemas.identity import content_id
from schemas.protocols import MentionStore
from schemas.run import Run, RunKind, RunStatus


def now() -> str:
    """Return the time in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class Stages:
    """Wall time by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the wall time of a block to the stage's seconds."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - began, 3)


@dataclass(kw_only=True)
class OpenRun(Stages):
    """A run that goes on: collects counts and seconds until it is finished."""

    run: Run
    counts: dict[str, int] = field(default_factory=dict)

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
        return OpenRun(run=last)
    for each in past:
        if each.status == "running" and not kind == each.kind == "stream":
            ended: RunStatus = "finished" if each.kind == "stream" else "interrupted"
            store.put_run(replace(each, status=ended, finished_at=now()))
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
    return OpenRun(run=run)


def finish(store: MentionStore, open_run: OpenRun, *, index_version: str = "", model_version: str = "") -> Run:
    """Write the run as finished, with its counts."""
    run = replace(
        open_run.run,
        status="finished",
        finished_at=now(),
        index_version=index_version,
        model_version=model_version,
        counts=dict(sorted(open_run.counts.items())),
        seconds=dict(open_run.seconds),
    )
    store.put_run(run)
    return run


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
