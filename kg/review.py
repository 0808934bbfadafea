"""`kg review`: a person decides the pairs of records that say most, and the home follows."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log2
from types import TracebackType
from typing import Any, Self

import polars as pl

from kg import runs
from kg.frames import frame
from kg.home import Home
from kg.record_clusters import MACHINE
from kg.verdicts import Verdict, apply_verdicts, decision_id, write_verdicts
from linkers.clustering.records import CANNOT_LINK, PERSON
from linkers.records.pair_verdicts import JOIN
from schemas.errors import NotFoundError
from schemas.identity import content_id
from schemas.record import Record

CERTAIN = 0.98
"""Pairs whose probability is farther from one half than this (or 1 - this) are not asked about."""


@dataclass(frozen=True, slots=True)
class ReviewPair:
    """Two records that a person is asked about.

    probability, decision, evidence: of the run that decided last. entities: their canonical ids now.
    records_affected: how many records these have. gain: how much an answer says; the queue is ordered by it.
    """

    left: Record
    right: Record
    probability: float
    decision: str
    evidence: str
    entities: tuple[str, str]
    records_affected: int
    gain: float


def review_queue(home: Home, limit: int | None = None) -> list[ReviewPair]:
    """Return the pairs that a person should decide, the most informative first; None returns all.

    What an answer says: the entropy of the probability, in bits, times log2 of the records that it may move. Pairs that
    people decided, or that are settled by what was decided of other pairs, are not asked about.
    """
    pairs = frame(home.mentions.pairs())
    entity_of = {key: row.entity_id for key, row in home.mentions.resolutions().items()}
    sizes = Counter(entity_of.values())
    apart = {frozenset(map(entity_of.get, key)) for key in _said(pairs, CANNOT_LINK)}
    found = []
    for row in _open(pairs).iter_rows(named=True):
        ends = entity_of.get(row["left_key"], ""), entity_of.get(row["right_key"], "")
        settled = ends[0] == ends[1] if row["decision"] != JOIN else frozenset(ends) in apart
        if "" in ends or settled or frozenset(ends) in apart:
            continue
        affected = sum(sizes[entity_id] for entity_id in set(ends))
        found.append((_entropy(row["probability"]) * log2(1 + affected), affected, ends, row))
    found.sort(key=lambda entry: (-entry[0], entry[3]["left_key"], entry[3]["right_key"]))
    chosen = found[:limit]
    records = _records(home, {row[end] for *_, row in chosen for end in ("left_key", "right_key")})
    return [
        ReviewPair(
            left=records[row["left_key"]],
            right=records[row["right_key"]],
            probability=row["probability"],
            decision=row["decision"],
            evidence=row["evidence"],
            entities=ends,
            records_affected=affected,
            gain=round(gain, 6),
        )
        for gain, affected, ends, row in chosen
    ]


def _open(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.drop("features").filter(
        pl.col("decision").is_in(list(MACHINE)), pl.col("probability").is_between(1.0 - CERTAIN, CERTAIN)
    )


def _said(pairs: pl.DataFrame, verdict: str) -> Iterator[tuple[str, str]]:
    yield from pairs.filter(pl.col("decision") == verdict).select("left_key", "right_key").iter_rows()


def _entropy(probability: float) -> float:
    return -sum(p * log2(p) for p in (probability, 1.0 - probability) if p > 0.0)


def _records(home: Home, keys: set[str]) -> dict[str, Record]:
    return {record.key: record for record in home.mentions.records() if record.key in keys}


def verdicts_of(home: Home) -> list[dict[str, Any]]:
    """Return what people decided and still holds: decision_id, left, right, verdict, run_id, newest first."""
    said = frame(home.mentions.pairs()).filter(pl.col("decided_by") == PERSON)
    rows = said.sort(["sequence", "left_key", "right_key"], descending=[True, False, False]).iter_rows(named=True)
    return [
        {
            "decision_id": decision_id(row["left_key"], row["right_key"], row["sequence"]),
            "left": row["left_key"],
            "right": row["right_key"],
            "verdict": row["decision"],
            "run_id": row["run_id"],
        }
        for row in rows
    ]


class ReviewSession:
    """A run that takes answers one by one; entities, index and graph follow when it ends.

    Use it as a context manager. Each answer is stored at once: a session that is killed loses none, and the next
    command that brings the catalog up to date makes them felt. A session without answers leaves no run.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._run: runs.OpenRun | None = None
        self._known = home.mentions.resolutions().keys()
        self.answers = 0

    @property
    def run_id(self) -> str:
        """Id of the run, "" before the first answer."""
        return self._run.run_id if self._run else ""

    def answer(self, left: str, right: str, verdict: str) -> None:
        """Take a verdict about two records, by their keys. Raises NotFoundError, ReviewError."""
        said = Verdict(left, right, verdict)
        for key in (left, right):
            if key not in self._known:
                raise NotFoundError("record", key, hint="give it as source:record_id")
        if self._run is None:
            self._run = runs.begin(self._home.mentions, "review", self._fingerprint(), {})
        write_verdicts(self._home, self._run, [said])
        self.answers += 1

    def _fingerprint(self) -> str:
        last = next(iter(self._home.mentions.runs()), None)
        return content_id("review", last.run_id if last else "")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._run is not None:
            apply_verdicts(self._home, self._run)


def review(home: Home, answers: Iterable[tuple[str, str, str]]) -> ReviewSession:
    """Take all answers (left, right, verdict) as one run and make the home follow; returns the ended session."""
    with home.writing(), ReviewSession(home) as session:
        for left, right, verdict in answers:
            session.answer(left, right, verdict)
    return session
