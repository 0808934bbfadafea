"""What people decide about pairs of records: how it is written, and how entities and graph follow it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from kg import runs
from kg.catalog import mark_stale, refresh_catalog
from kg.home import Home
from kg.projection import sync_graph
from linkers.clustering.records import CANNOT_LINK, MUST_LINK, PERSON
from schemas.batches import PAIR_DECISIONS, VERDICTS
from schemas.errors import ReviewError
from schemas.identity import content_id
from schemas.resolution import Resolution
from schemas.run import RunKind

UNSURE = "unsure"
_PROBABILITY = {MUST_LINK: 1.0, CANNOT_LINK: 0.0, UNSURE: 0.5}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of two records, given by their keys: one of VERDICTS."""

    left: str
    right: str
    verdict: str

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ReviewError(f"verdict {self.verdict!r} is not known; valid are {', '.join(VERDICTS)}")
        if self.left == self.right:
            raise ReviewError(f"{self.left!r} was given twice; a verdict is about two records")


def write_verdicts(home: Home, run: runs.OpenRun, verdicts: Iterable[Verdict]) -> int:
    """Write what a person says; entities follow by `apply_verdicts`. Returns how many pairs were decided.

    Of two verdicts about one pair the last is written.
    """
    said = {(min(v.left, v.right), max(v.left, v.right)): v.verdict for v in verdicts}
    rows = [
        {
            "left_key": left,
            "right_key": right,
            "decision": verdict,
            "probability": _PROBABILITY[verdict],
            "features": [],
            "evidence": "",
            "run_id": run.run_id,
            "sequence": run.sequence,
            "decided_by": PERSON,
        }
        for (left, right), verdict in sorted(said.items())
    ]
    if rows:
        mark_stale(home, compared=True)
        home.mentions.put_pairs(pa.Table.from_pylist(rows, schema=PAIR_DECISIONS), run.sequence)
        run.count("verdicts", len(rows))
    return len(rows)


def apply_verdicts(home: Home, run: runs.OpenRun, former: Mapping[str, Resolution] | None = None) -> None:
    """Make entities, index, links and graph follow what was said, and end the run; `former` as in refresh_catalog."""
    refresh_catalog(home, run, former)
    with run.stage("graph"):
        sync_graph(home, catalog=True, documents=False, mentions=True)
    runs.finish(home.mentions, run, index_version=home.index.version)


def decide_as_person(
    home: Home, kind: RunKind, fingerprint: str, settings: Mapping[str, str], verdicts: Iterable[Verdict]
) -> str:
    """Write verdicts and make everything follow, as one run; returns its id."""
    run = runs.begin(home.mentions, kind, fingerprint, settings)
    write_verdicts(home, run, verdicts)
    apply_verdicts(home, run)
    return run.run_id


def decision_id(left: str, right: str, sequence: int) -> str:
    """Return the id of the decision that run number `sequence` made about a pair."""
    return content_id("pair", left, right, str(sequence))
