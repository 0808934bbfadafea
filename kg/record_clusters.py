"""From decisions about pairs to canonical entities: which records are one, and under which id that stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson
import polars as pl
import pyarrow as pa

from kg.frames import frame
from kg.home import Home
from kg.record_settings import record_settings
from kg.runs import OpenRun
from linkers.clustering.entity_ids import KnownRecord, name_entities
from linkers.clustering.record_evidence import Join
from linkers.clustering.records import (
    CANNOT_LINK,
    MUST_LINK,
    RecordClusters,
    RecordSettings,
    Statement,
    cluster_records,
)
from linkers.clustering.survivorship import canonical_rank
from linkers.records.pair_verdicts import APART, JOIN, REVIEW
from schemas.record import Record
from schemas.resolution import RecordMemory, Resolution

MACHINE = (JOIN, REVIEW, APART)
"""What a run decides about a pair."""
_LED_ON = "entity ids led on"


@dataclass(frozen=True, slots=True)
class Resolved:
    """The canonical entity of every record.

    resolutions: by record key. moved: ids that were an entity's until now, each with the id that it leads to.
    refused:     joins by hard evidence, and verdicts, that contradict others, one sentence each.
    """

    resolutions: dict[str, Resolution]
    moved: dict[str, str]
    refused: tuple[str, ...]


def resolve_clusters(
    home: Home, records: Sequence[Record], run: OpenRun, former: Mapping[str, Resolution] | None = None
) -> Resolved:
    """Cluster the records by what is decided about pairs, name the clusters, and store what has changed.

    A resolution that stays keeps the run that made it, so that only what a run touches carries its id; and so does one
    that is again as in `former`, which an undo gives.
    """
    pairs = home.mentions.pairs()
    settings = record_settings(home)
    found = cluster_records(records, settings, decided=decided_joins(pairs), said=statements(pairs))
    stored = home.mentions.resolutions()
    memory = home.mentions.memory()
    named = _named(records, found, settings, stored, memory, run.sequence)
    current = {}
    for key, row in named.items():
        pasts = (past for rows in (stored, former or {}) if (past := rows.get(key)) is not None)
        current[key] = next((p for p in pasts if replace(p, run_id="") == row), replace(row, run_id=run.run_id))
    store = home.mentions
    gone = sorted(stored.keys() - current.keys())
    store.put_resolutions((row for key, row in current.items() if stored.get(key) != row), run.run_id, run.sequence)
    store.remove_resolutions(gone, run.run_id, run.sequence)
    store.put_memory({key: RecordMemory(run.sequence) for key in current.keys() - memory.keys()})
    store.forget(sorted(memory.keys() - current.keys()))
    moved = _lead_on(home, stored, current)
    told = [f"{r.join.left} and {r.join.right} stay apart: they differ in {r.conflict}" for r in found.refused]
    newer = "does not hold: newer verdicts contradict it"
    told += [f"{s.verdict} of {s.left} and {s.right} {newer}" for s in found.overruled]
    return Resolved(current, moved, tuple(told))


def statements(pairs: pa.Table) -> list[Statement]:
    """Return what people said, from PAIR_DECISIONS; "unsure" says nothing."""
    mine = frame(pairs).filter(pl.col("decision").is_in([MUST_LINK, CANNOT_LINK]))
    return [Statement(*row) for row in mine.select("left_key", "right_key", "decision", "sequence").iter_rows()]


def decided_joins(pairs: pa.Table) -> list[Join]:
    """Return the joins that a model decided, from PAIR_DECISIONS."""
    mine = frame(pairs).filter(pl.col("decision") == JOIN)
    return [Join(*row) for row in mine.select("left_key", "right_key", "decided_by", "probability").iter_rows()]


def led_on(home: Home) -> dict[str, str]:
    """Return the record by which a former entity id is found that no record has, by that id."""
    found: dict[str, str] = orjson.loads(home.mentions.get_state(_LED_ON) or "{}")
    return found


def _named(
    records: Sequence[Record],
    found: RecordClusters,
    settings: RecordSettings,
    stored: Mapping[str, Resolution],
    memory: Mapping[str, RecordMemory],
    sequence: int,
) -> dict[str, Resolution]:
    by_key = {record.key: record for record in records}
    rank = {}
    for cluster in found.clusters:
        rank.update(canonical_rank([by_key[key] for key in cluster.members], settings))
    known = {
        key: KnownRecord(
            record.record_id,
            rank[key],
            stored[key].entity_id if key in stored else "",
            memory[key].since if key in memory else sequence,
        )
        for key, record in by_key.items()
    }
    ids = name_entities([cluster.members for cluster in found.clusters], known)
    rows = {}
    for entity_id, cluster in zip(ids, found.clusters, strict=True):
        ties = cluster.ties(min(cluster.members, key=rank.__getitem__))
        for key in cluster.members:
            decided_by, probability = ties[key]
            rows[key] = Resolution(key, entity_id, round(probability, 6), decided_by)
    return dict(sorted(rows.items()))


def _lead_on(home: Home, stored: Mapping[str, Resolution], current: Mapping[str, Resolution]) -> dict[str, str]:
    """Return where the entity ids lead that no cluster has any more, and remember those that no record tells.

    An id leads to the entity that most of its records are in now, the first by record key of equal ones.
    """
    live = {row.entity_id for row in current.values()}
    went: dict[str, dict[str, list[str]]] = {}
    for key, row in sorted(stored.items()):
        if row.entity_id not in live and key in current:
            went.setdefault(row.entity_id, {}).setdefault(current[key].entity_id, []).append(key)
    first = {old: min(parts.values(), key=lambda keys: (-len(keys), keys[0]))[0] for old, parts in went.items()}
    raw = {key.partition(":")[2] for key in current} | current.keys()
    past = led_on(home)
    kept = {old: _present(key, stored, current) for old, key in past.items()} | first
    wanted = {old: key for old, key in sorted(kept.items()) if key and old not in live and old not in raw}
    if wanted != past:
        home.mentions.set_state(_LED_ON, orjson.dumps(wanted).decode())
    return {old: current[key].entity_id for old, key in first.items()}


def _present(key: str, stored: Mapping[str, Resolution], current: Mapping[str, Resolution]) -> str:
    """Return a record that stands for one that may be gone: another of the entity that it was in, "" without any."""
    if key in current or key not in stored:
        return key if key in current else ""
    entity_id = stored[key].entity_id
    beside: Iterable[str] = (other for other, row in sorted(stored.items()) if row.entity_id == entity_id)
    return next((other for other in beside if other in current), "")
