"""What a run changed: the decisions as they stand, beside those that stood before it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg import runs
from kg.home import Home
from linkers.evaluation.stability import population_stability
from schemas.run import Run

MOST_MENTIONS = 20_000
BINS = 10
DECIDING = ("resolve", "decide", "promote", "assign", "undo", "merge", "split", "review", "stream")
"""Kinds of runs after which mentions may be decided otherwise."""

_COLUMNS = ["mention_id", "decision", "entity_id", "probability"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Decisions at one time.

    mentions: how many are decided. decisions: link, review, nil -> how many. probability: their mean, None without.
    bins:     how many have a probability in [0, 0.1), ..., [0.9, 1].
    """

    mentions: int
    decisions: dict[str, int]
    probability: float | None
    bins: list[int]


@dataclass(frozen=True, slots=True)
class Drift:
    """How the decisions now differ from those before a run.

    run_id:   the run; "" when none has decided anything. kind: of the run.
    complete: False when only the first MOST_MENTIONS mentions, by document, were compared.
    now, before: both over the mentions that are there now.
    changed:  how many have another decision or another entity, or had none.
    flows:    {before ("" when it was not decided), now, mentions}, most mentions first; the same decision with another
              entity is a flow from it to itself.
    stability: population stability index of the two distributions of probability; 0 is no drift, above 0.25 much.
               None when there is nothing to compare.
    """

    run_id: str
    kind: str
    complete: bool
    now: Standing
    before: Standing
    changed: int = 0
    flows: list[dict[str, Any]] = field(default_factory=list)
    stability: float | None = None


def drift(home: Home, given: str = "") -> Drift:
    """Compare the decisions now with those before a run.

    given: a run, or the first digits of its id; "" takes the newest that decided mentions. Raises RunError.
    """
    run = runs.find(home.mentions, given) if given else _newest(home.mentions.runs())
    present, complete = _present(home)
    sequence = run.sequence - 1 if run else 0
    former = home.mentions.decisions_at(list(present), sequence).select(_COLUMNS).to_pylist() if run else []
    before = {row["mention_id"]: row for row in former}
    flows = Counter(
        (before[key]["decision"] if key in before else "", row["decision"])
        for key, row in present.items()
        if key not in before or _meaning(before[key]) != _meaning(row)
    )
    told = [{"before": a, "now": b, "mentions": n} for (a, b), n in sorted(flows.items(), key=lambda f: (-f[1], f[0]))]
    now_standing, before_standing = _standing(list(present.values())), _standing(former)
    return Drift(
        run_id=run.run_id if run else "",
        kind=run.kind if run else "",
        complete=complete,
        now=now_standing,
        before=before_standing,
        changed=flows.total(),
        flows=told,
        stability=population_stability(before_standing.bins, now_standing.bins),
    )


def _newest(past: list[Run]) -> Run | None:
    return next((run for run in past if run.kind in DECIDING and run.status in ("finished", "undone")), None)


def _present(home: Home) -> tuple[dict[str, dict[str, Any]], bool]:
    found: dict[str, dict[str, Any]] = {}
    for batch in home.mentions.decisions(columns=_COLUMNS):
        for row in batch.to_pylist():
            if len(found) == MOST_MENTIONS:
                return found, False
            found[row["mention_id"]] = row
    return found, True


def _meaning(row: dict[str, Any]) -> tuple[str, str | None]:
    return row["decision"], row["entity_id"]


def _standing(rows: list[dict[str, Any]]) -> Standing:
    probability = np.array([row["probability"] for row in rows], dtype=np.float64)
    decisions = Counter(row["decision"] for row in rows)
    counted = {name: decisions.get(name, 0) for name in ("link", "review", "nil")}
    bins: NDArray[np.int64] = np.histogram(probability, bins=BINS, range=(0.0, 1.0))[0]
    mean = round(float(probability.mean()), 4) if len(rows) else None
    return Standing(len(rows), counted, mean, bins.tolist())
