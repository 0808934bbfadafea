"""Records of a table become clusters: `profile` chooses how, `resolve_table` does it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkers.peak_memory import peak_memory
from linkers.records.clustering import clusters
from linkers.records.completeness import pair_completeness
from linkers.records.constraining import constraints
from linkers.records.features import Features, features
from linkers.records.judging import Judged, judge
from linkers.records.names_alone import judge_names, names_alone
from linkers.records.pair_model import PairModel
from linkers.records.plan import ColumnPlan, Plan
from linkers.records.preparing import Prepared, prepare
from linkers.records.profiling import profile_columns
from linkers.records.reporting import LEAST, tables
from linkers.records.resolution import Resolution, ResolutionReport
from linkers.records.searching import Found, search
from linkers.records.sources import seconds_of, source_plans, within_a_table
from linkers.records.terms import Terms, terms_of
from linkers.records.values import Values, values_of
from linkers.records.workforce import THREADS, Workforce
from schemas.errors import ConfigError

Progress = Callable[[str, int, int | None], None]
STAGES = ("reading", "searching", "comparing", "judging", "clustering", "writing")


def profile(table: pa.Table, *, one_per_source: bool = False, by: Workforce = THREADS) -> Plan:
    """Return how the records of a table are best resolved, seen from the table alone.

    table: record_id (texts, each once), source (texts), and any further columns, which are read as texts; empty
           and null are no value. `record_id` is never evidence. one_per_source: the caller knows that no source
           holds a thing twice; without it the sources are looked at. by: who searches. Does not depend on the order
           of rows.
    Raises ConfigError for a table without these columns or with an id that stands twice.
    """
    prepared = prepare(table)
    return _profiled(prepared, _read(prepared, None, by), one_per_source=one_per_source).plan


def resolve_table(
    table: pa.Table,
    *,
    plan: Plan | None = None,
    must_link: pa.Table | None = None,
    cannot_link: pa.Table | None = None,
    model: PairModel | None = None,
    least: float = LEAST,
    progress: Progress | None = None,
    by: Workforce = THREADS,
) -> Resolution:
    """Return which records of a table are one thing.

    table:       see `profile`. plan: how; None profiles the table.
    must_link, cannot_link: what people decided: columns left_id, right_id (texts). They win over all other
                 evidence; must_link joins whole clusters unless a cannot_link forbids it. Ids that the table
                 lacks are passed over.
    model:       scores the pairs instead of one fitted to this table (its features must be those of the plan).
    least:       least probability of the pairs that are told beside those of one cluster; 0.0 tells all.
    progress:    called with (stage, done, total).
    by:          who searches and compares; the result is the same.
    The same table in any order of rows gives the same result.
    Raises ConfigError as `profile` does and for a plan that names a column which the table lacks, ModelError.
    """
    clock = _Clock(progress)
    prepared = prepare(table)
    read = _read(prepared, None if plan is None else plan.columns, by)
    clock.done("reading")
    ready = _profiled(prepared, read, one_per_source=False) if plan is None else _planned(prepared, read, plan)
    clock.done("searching")
    found = ready.found
    told = features(ready.values, ready.known, found, rivals_of=ready.rivals_of, by=by)
    clock.done("comparing")
    judged = _judged(prepared, ready, (found, told), model)
    clock.done("judging")
    given = constraints(prepared, ready.values, ready.plan, must=must_link, cannot=cannot_link)
    root = clusters(found, judged, given)
    clock.done("clustering")
    by_record, by_pair = tables(prepared, (found, told, judged), given, root, least)
    clock.done("writing")
    report = ResolutionReport(
        records=len(prepared.ids),
        pairs=len(found.left),
        cut=found.cut,
        pair_completeness=pair_completeness(found, told, judged, root),
        match_rate=float(judged.expected / max(len(found.left), 1)),
        clusters=len(np.unique(root)),
        seconds=clock.seconds,
        peak_mb=peak_memory() / (1 << 20),
    )
    return Resolution(by_record, by_pair, report, ready.plan, judged.model)


@dataclass(frozen=True, slots=True)
class _Read:
    columns: tuple[ColumnPlan, ...]
    values: Values
    known: Terms
    by: Workforce

    def search(self, source: NDArray[np.int32], *, own: bool) -> Found:
        """Return the pairs that are worth a comparison."""
        return search(self.values.texts, self.known, source, own=own, by=self.by)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A plan and the pairs that it compares. rivals_of: see `features`."""

    plan: Plan
    values: Values
    known: Terms
    found: Found
    rivals_of: NDArray[np.int32] | None


def _read(prepared: Prepared, columns: tuple[ColumnPlan, ...] | None, by: Workforce) -> _Read:
    for column in columns or ():
        if column.name not in prepared.cells.columns:
            known = ", ".join(prepared.cells.columns[:50])
            raise ConfigError(f"plan.column.{column.name}", f"is not in the table; columns: {known}")
    columns = profile_columns(prepared.cells) if columns is None else columns
    values = values_of(prepared.cells, columns, prepared.source)
    return _Read(columns, values, terms_of(values.texts), by)


def _profiled(prepared: Prepared, read: _Read, *, one_per_source: bool) -> _Ready:
    several = len(prepared.sources) > 1
    found = read.search(prepared.source, own=not several)
    whole = np.zeros(len(prepared.ids), np.int32)
    seen = None if one_per_source else seconds_of(read.known, found, prepared.source if several else whole)
    sources = source_plans(prepared.sources, prepared.source, seen)
    if several and all(source.duplicate_free for source in sources):
        why = f"{len(sources)} sources without duplicates: a record has at most one counterpart in each other one"
        return _ready(prepared, read, Plan(read.columns, sources, "one-per-source", why), found)
    if several or seen is None:
        found = read.search(prepared.source, own=True)
        seen = seconds_of(read.known, found, whole)
    plan = Plan(read.columns, sources, *within_a_table(seen, several=several))
    return _ready(prepared, read, replace(plan, procedure="clusters") if names_alone(plan) else plan, found)


def _planned(prepared: Prepared, read: _Read, plan: Plan) -> _Ready:
    own = plan.procedure != "one-per-source"
    if not own and len(prepared.sources) < 2:
        problem = "is 'one-per-source', and the table has one source; valid are 'pairs', 'clusters'"
        raise ConfigError("plan.procedure", problem)
    return _ready(prepared, read, plan, read.search(prepared.source, own=own))


def _ready(prepared: Prepared, read: _Read, plan: Plan, found: Found) -> _Ready:
    whole = np.zeros(len(prepared.ids), np.int32)
    rivals_of = {"one-per-source": prepared.source, "pairs": whole}.get(plan.procedure)
    return _Ready(plan, read.values, read.known, found, rivals_of)


def _judged(prepared: Prepared, ready: _Ready, pairs: tuple[Found, Features], model: PairModel | None) -> Judged:
    found, told = pairs
    if model is None and names_alone(ready.plan):
        return judge_names(prepared.cells, ready.plan, found, told)
    return judge(found, told, len(prepared.ids), rivals_of=ready.rivals_of, model=model)


@dataclass(slots=True)
class _Clock:
    """Seconds of each stage, and who wants to hear of them."""

    progress: Progress | None
    seconds: dict[str, float] = field(default_factory=dict)
    began: float = field(default_factory=time.perf_counter)

    def done(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self.began, 3)
        self.began = now
        if self.progress is not None:
            self.progress("resolving records", STAGES.index(stage) + 1, len(STAGES))
