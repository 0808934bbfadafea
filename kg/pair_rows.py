"""Decisions about compared pairs as rows: which of them are written, and which are taken back."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kg.frames import frame
from kg.home import Home
from kg.record_clusters import MACHINE
from kg.record_tables import RecordTable
from kg.runs import OpenRun
from linkers.records import Resolution
from linkers.records.name_agreement import NameAgreement
from linkers.records.pair_verdicts import decide_compared
from linkers.records.second_evidence import SecondEvidence
from schemas.batches import PAIR_DECISIONS

_KEY = ["left_key", "right_key"]
_SAID = [*_KEY, "decision", "probability", "evidence", "decided_by"]


@dataclass(frozen=True)
class Decided:
    """What comparing the records of a kind gave.

    version: of plan and model. near: records whose pairs are decided again. changed: those of them that are new or
    changed.
    """

    part: RecordTable
    result: Resolution
    version: str
    near: AbstractSet[str]
    changed: AbstractSet[str]


class KnownClusters(Protocol):
    """What is known of records without comparing them, by record key."""

    @property
    def hard(self) -> Mapping[str, int]:
        """Number of the cluster that hard evidence and people make."""

    @property
    def identifiers(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """Strong identifiers of the records that have some."""


def near(result: Resolution, entity_of: Mapping[str, str], changed: AbstractSet[str]) -> set[str]:
    """Return the records that are in one entity with a changed one, until now or by the result, over any steps."""
    keys = result.clusters["record_id"].to_pylist()
    if len(changed) >= len(keys):
        return set(keys)
    entities = {name: number for number, name in enumerate(dict.fromkeys(entity_of.get(key, key) for key in keys))}
    former = np.array([entities[entity_of.get(key, key)] for key in keys], np.int64)
    present = np.asarray(result.clusters["cluster"].to_numpy(), np.int64) + len(entities)
    size = int(present.max(initial=0)) + 1
    edges = coo_array((np.ones(len(keys), np.int8), (former, present)), shape=(size, size))
    _, component = connected_components(edges, directed=False)
    touched = {component[place] for key, place in zip(keys, former, strict=True) if key in changed}
    return {key for key, place in zip(keys, former, strict=True) if component[place] in touched}


def put_decided(home: Home, run: OpenRun, decided: Decided, known: KnownClusters, counts: dict[str, int]) -> None:
    """Write the decisions near what changed that differ from those there are; adds to `counts` by decision."""
    stored = frame(home.mentions.pairs())
    rows = _rows(decided, known)
    people = stored.filter(~pl.col("decision").is_in(list(MACHINE)))
    rows = rows.filter(_in_scope(decided)).join(people, on=_KEY, how="anti")
    mine = stored.filter(pl.col("decision").is_in(list(MACHINE)), _in_scope(decided))
    gone = mine.join(rows, on=_KEY, how="anti")
    home.mentions.withdraw_pairs(gone.select(_KEY).iter_rows(), run.sequence)
    fresh = rows.join(mine.select(_SAID), on=_SAID, how="anti").with_columns(
        pl.lit(run.run_id).alias("run_id"), pl.lit(run.sequence, pl.Int64).alias("sequence")
    )
    if fresh.height:
        table = fresh.sort(_KEY).select(PAIR_DECISIONS.names).to_arrow().cast(PAIR_DECISIONS)
        home.mentions.put_pairs(table, run.sequence)
    counts["withdrawn"] += gone.height
    for decision, number in fresh.group_by("decision").len().iter_rows():
        counts[decision] += number


def withdraw_absent(home: Home, run: OpenRun, present: AbstractSet[str]) -> int:
    """Take back what was decided about pairs of records that are gone; what people said of them waits for them."""
    stored = frame(home.mentions.pairs()).filter(pl.col("decision").is_in(list(MACHINE)))
    here = list(present)
    gone = stored.filter(~(pl.col("left_key").is_in(here) & pl.col("right_key").is_in(here)))
    home.mentions.withdraw_pairs(gone.select(_KEY).iter_rows(), run.sequence)
    return gone.height


def _in_scope(decided: Decided) -> pl.Expr:
    """Say of pairs whether they are decided here: of the kind, and near what changed."""
    table = decided.part.table["record_id"].to_pylist()
    left, right = pl.col("left_key"), pl.col("right_key")
    of_kind = left.is_in(table) & right.is_in(table)
    own = left.is_in(list(decided.part.contents)) | right.is_in(list(decided.part.contents))
    both = left.is_in(list(decided.near)) & right.is_in(list(decided.near))
    either = left.is_in(list(decided.changed)) | right.is_in(list(decided.changed))
    return of_kind & own & (both | either)


def _rows(decided: Decided, known: KnownClusters) -> pl.DataFrame:
    """Return the decisions about the compared pairs that bear one name.

    Those that identifiers or sources part, and those that hard evidence joins, need no decision.
    """
    clusters = frame(decided.result.clusters).select("record_id", "cluster")
    cluster_of = dict(clusters.iter_rows())
    pairs = frame(decided.result.pairs).with_columns(
        pl.min_horizontal("left_id", "right_id").alias("left_key"),
        pl.max_horizontal("left_id", "right_id").alias("right_key"),
    )
    left, right = pairs["left_key"].to_list(), pairs["right_key"].to_list()
    ends = list(zip(left, right, strict=True))
    pairs = pairs.with_columns(
        pl.Series("one_cluster", [cluster_of[a] == cluster_of[b] for a, b in ends], pl.Boolean),
        pl.Series("hard_left", [known.hard[key] for key in left], pl.Int64),
        pl.Series("hard_right", [known.hard[key] for key in right], pl.Int64),
    )
    sources = _sources(decided, known.hard)
    parted = [
        _contradict(known, a, b) or not sources[known.hard[a]].isdisjoint(sources[known.hard[b]]) for a, b in ends
    ]
    pairs = pairs.with_columns(pl.Series("parted", parted, pl.Boolean))
    table = decided.part.table
    named = NameAgreement(table).agree(left, right)
    backed = SecondEvidence(table).speaks_for(left, right)
    kept = named & ~pairs["parted"].to_numpy()
    told = decide_compared(pairs.filter(pl.Series(kept)), backed[kept])
    columns = [*_KEY, "decision", "probability", "features", "evidence"]
    return told.select(columns).with_columns(pl.lit(decided.version).alias("decided_by"))


def _sources(decided: Decided, hard: Mapping[str, int]) -> dict[int, set[str]]:
    """Return the sources without duplicates that a cluster has a record of: no other record of these can be in it."""
    free = {source.name for source in decided.result.plan.sources if source.duplicate_free}
    table = decided.part.table
    found: dict[int, set[str]] = {}
    for key, source in zip(table["record_id"].to_pylist(), table["source"].to_pylist(), strict=True):
        found.setdefault(hard[key], set()).update({source} & free)
    return found


def _contradict(known: KnownClusters, left: str, right: str) -> bool:
    ours, theirs = known.identifiers.get(left, {}), known.identifiers.get(right, {})
    return any(ours[name].isdisjoint(theirs[name]) for name in ours.keys() & theirs.keys())
