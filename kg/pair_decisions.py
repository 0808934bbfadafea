"""Records are compared, and what is decided about pairs is written: all that are new or changed, and what is near."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from kg.home import Home
from kg.pair_models import FittedPairs, fitted_pairs, keep_fitted, seen_in
from kg.pair_rows import Decided, near, put_decided, withdraw_absent
from kg.record_clusters import MACHINE, statements
from kg.record_settings import record_settings
from kg.record_tables import RecordTable, record_tables
from kg.runs import OpenRun
from linkers.clustering.record_evidence import identifier_values
from linkers.clustering.records import CANNOT_LINK, cluster_records
from linkers.records import Plan, Resolution, profile, resolve_table
from linkers.records.namesakes import hold_nothing_twice
from linkers.records.reporting import LEAST
from linkers.records.workforce import THREADS, Workforce
from schemas.record import Record
from schemas.resolution import RecordMemory


@dataclass(frozen=True, slots=True)
class PairOptions:
    """How pairs are decided. plans: given by a person, by kind. refit: fit every model again and decide all anew."""

    plans: Mapping[str, Plan] = field(default_factory=dict)
    refit: bool = False


@dataclass
class PairSummary:
    """What deciding pairs did.

    compared: records that were new, changed, or near these. decided: pairs that are decided otherwise than before, by
    decision; "withdrawn" are those about which nothing is decided any more.
    """

    compared: int = 0
    decided: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*MACHINE, "withdrawn"), 0))


@dataclass(frozen=True)
class Known:
    """What is known of the records of a home before they are compared.

    hard: number of the cluster that hard evidence and people make, by record key. must, cannot: left_id, right_id.
    entity_of: canonical id until now. identifiers: strong ones of the records that have some.
    """

    records: Mapping[str, Record]
    hard: Mapping[str, int]
    must: pa.Table
    cannot: pa.Table
    entity_of: Mapping[str, str]
    identifiers: Mapping[str, Mapping[str, frozenset[str]]]
    memory: Mapping[str, RecordMemory]


def decide_pairs(home: Home, run: OpenRun, options: PairOptions, *, by: Workforce = THREADS) -> PairSummary:
    """Compare the records of each kind that holds a new or changed one, and write what is decided about their pairs.

    Decisions change only in the neighbourhood: entities, as they were and as they would be, that hold a record which is
    new, changed or withdrawn. A kind whose plan or model changed is decided whole. What people decided stays. by: who
    searches and compares.
    """
    known = known_records(home, run.sequence)
    summary = PairSummary()
    summary.decided["withdrawn"] = withdraw_absent(home, run, known.records.keys())
    fitted = fitted_pairs(home)
    moved: set[str] = set()
    for part in record_tables(home, list(known.records.values())):
        past = _usable(fitted.get(part.kind), part, options)
        alone = past is None and part.is_alone and part.kind not in options.plans
        changed = changed_records(part, past, known.memory, alone=alone) | (moved if not part.kind else set())
        moved |= changed
        if not changed:
            continue
        plan = _plan(part, fitted.get(part.kind), options)
        with run.stage("compare records"):
            result = None if alone else compare(home, part, known, past, plan, by=by)
        if result is not None:
            past = past or _fitted(part, result, given=plan is not None)
            keep_fitted(home, {part.kind: past})
            decided = Decided(part, result, past.version, near(result, known.entity_of, changed), changed)
            with run.stage("decide pairs"):
                put_decided(home, run, decided, known, summary.decided)
            summary.compared += len(decided.near)
        remember(home, part, past, known.memory, alone=alone)
    return summary


def known_records(home: Home, sequence: int) -> Known:
    """Return what is known of the records of a home; those that are new are known since run number `sequence`."""
    records = list(home.mentions.records())
    settings = record_settings(home)
    said = statements(home.mentions.pairs())
    hard = cluster_records(records, settings, said=said)
    memory = home.mentions.memory()
    identifiers = {record.key: identifier_values(record, settings.identifiers) for record in records}
    return Known(
        records={record.key: record for record in records},
        hard={key: number for number, cluster in enumerate(hard.clusters) for key in cluster.members},
        must=_links((join.left, join.right) for cluster in hard.clusters for join in cluster.joins),
        cannot=_links((each.left, each.right) for each in said if each.verdict == CANNOT_LINK),
        entity_of={key: row.entity_id for key, row in home.mentions.resolutions().items()},
        identifiers={key: values for key, values in identifiers.items() if values},
        memory={record.key: memory.get(record.key, RecordMemory(sequence)) for record in records},
    )


def compare(
    home: Home,
    part: RecordTable,
    known: Known,
    fitted: FittedPairs | None,
    plan: Plan | None,
    *,
    least: float = LEAST,
    by: Workforce = THREADS,
) -> Resolution:
    """Return what the records of a kind are, by what is fitted, else by a plan, else by what is seen in them.

    least, by: see `resolve_table`.
    """
    chosen = fitted.plan if fitted else plan or catalog_plan(part.table, by=by)
    return resolve_table(
        _with_columns(part.table, fitted.plan) if fitted else part.table,
        plan=chosen,
        must_link=known.must,
        cannot_link=known.cannot,
        model=fitted.model if fitted else None,
        least=least,
        progress=home.progress,
        by=by,
    )


def catalog_plan(table: pa.Table, *, by: Workforce = THREADS) -> Plan:
    """Return how records of a kind are compared, as seen from them; sources hold nothing twice unless names say so."""
    return profile(table, one_per_source=hold_nothing_twice(table), by=by)


def changed_records(
    part: RecordTable, fitted: FittedPairs | None, memory: Mapping[str, RecordMemory], *, alone: bool
) -> set[str]:
    """Return the records of a kind that were not compared as they are by what is fitted now.

    alone: there is nothing to compare them with.
    """
    wanted = _compared(part, fitted, alone)
    return {key for key, compared in wanted.items() if key not in memory or memory[key].compared != compared}


def remember(
    home: Home, part: RecordTable, fitted: FittedPairs | None, memory: Mapping[str, RecordMemory], *, alone: bool
) -> None:
    """Note that the records of a kind were compared as they are."""
    wanted = _compared(part, fitted, alone)
    home.mentions.put_memory(
        {
            key: RecordMemory(memory[key].since, wanted[key])
            for key in changed_records(part, fitted, memory, alone=alone)
        }
    )


def _compared(part: RecordTable, fitted: FittedPairs | None, alone: bool) -> dict[str, str]:
    """Return what is to be remembered of each record; nothing can be remembered of what no model was fitted to."""
    if fitted is None:
        return {key: content if alone else "never" for key, content in part.contents.items()}
    return {key: fitted.compared(content) for key, content in part.contents.items()}


def _usable(fitted: FittedPairs | None, part: RecordTable, options: PairOptions) -> FittedPairs | None:
    """Return what is fitted if it may stay."""
    if fitted is None or options.refit or not fitted.fits(part.table) or (part.is_alone and not fitted.given):
        return None
    return fitted if options.plans.get(part.kind, fitted.plan) == fitted.plan else None


def _plan(part: RecordTable, fitted: FittedPairs | None, options: PairOptions) -> Plan | None:
    """Return the plan that a person gave, now or before, if any."""
    return options.plans.get(part.kind) or (fitted.plan if fitted and fitted.given else None)


def _fitted(part: RecordTable, result: Resolution, *, given: bool) -> FittedPairs:
    return FittedPairs(result.plan, result.model, part.table.num_rows, seen_in(part.table), given)


def _with_columns(table: pa.Table, plan: Plan) -> pa.Table:
    """Return a table with the columns of a plan that no record fills any more."""
    for name in (column.name for column in plan.columns if column.name not in table.column_names):
        table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    return table


def _links(keys: Iterable[tuple[str, str]]) -> pa.Table:
    rows: Sequence[tuple[str, str]] = sorted(keys)
    columns = {"left_id": [left for left, _ in rows], "right_id": [right for _, right in rows]}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
