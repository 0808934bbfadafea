"""`kg evaluate --shadow`: a shadow run beside the current decisions, with gold or without."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kg.decided_batch import PERSON
from kg.gold_file import canonical_gold, read_gold_file
from kg.home import Home
from kg.shadow import Shadow, shadow_decisions, shadow_of
from linkers.evaluation.arms import ArmComparison, arm_of, paired_arms, split_arms
from linkers.evaluation.model_comparison import Verdict
from schemas.batches import DECISIONS
from schemas.errors import ConfigError

_COLUMNS = ["mention_id", "doc_id", "start", "end", "surface", "type", "decision", "entity_id", "probability"]
_FOREMOST = 20


@dataclass(frozen=True, slots=True)
class ShadowEvaluation:
    """A shadow run and the current decisions against gold.

    comparison: on the same documents, or with `seed` each on its own half. verdict: on the shadow, by F1.
    same_index: whether the shadow was made with the index that is there now.
    """

    shadow: Shadow
    same_index: bool
    seed: int | None
    verdict: Verdict
    comparison: ArmComparison


@dataclass(frozen=True, slots=True)
class ShadowDifferences:
    """Where a shadow run decides otherwise than the current decisions do; no gold is needed, and nobody is said right.

    mentions:  of the shadow that have a current decision too. differ: those with another decision or entity.
    undecided: of the shadow that have no current decision.
    flows:     {now, shadow, mentions}, most first; the same decision twice: with another entity.
    types, documents: {type or doc_id, differ}, most first, at most 20. examples: the first 20, in the order of the
    store: place, surface, and of both sides decision, entity_id and probability.
    """

    shadow: Shadow
    same_index: bool
    mentions: int
    differ: int
    undecided: int
    flows: list[dict[str, Any]] = field(default_factory=list)
    types: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    examples: list[dict[str, Any]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Share of the mentions that differ; 0.0 without mentions."""
        return self.differ / self.mentions if self.mentions else 0.0


def evaluate_shadow(home: Home, gold: Path, name: str, *, seed: int | None = None) -> ShadowEvaluation:
    """Say whether a shadow run is better than the current decisions, at the spans of a gold file.

    seed: None measures both on all documents; a number gives each document to one of the two. Raises NotFoundError,
    ConfigError for a seed that leaves one of them without documents, SpanError for the first row that is wrong.
    """
    shadow = shadow_of(home, name)
    rows, _ = canonical_gold(home, read_gold_file(gold))
    doc_ids = sorted({row.doc_id for row in rows})
    if seed is not None and len({arm_of(doc_id, seed) for doc_id in doc_ids}) < 2:
        raise ConfigError(
            "ab", f"seed {seed!r} gives all {len(doc_ids)} documents of the gold to one side; give another"
        )
    stored = list(home.mentions.decisions(doc_ids))
    current = pa.concat_tables([DECISIONS.empty_table(), *(batch.select(DECISIONS.names) for batch in stored)])
    # what a person decided is in both
    person = [batch.filter(pc.equal(batch["decided_by"], PERSON)).select(DECISIONS.names) for batch in stored]
    other = pa.concat_tables([DECISIONS.empty_table(), *shadow_decisions(home, name, doc_ids), *person])
    compared = paired_arms(current, other, rows) if seed is None else split_arms(current, other, rows, seed=seed)
    return ShadowEvaluation(shadow, _same(home, shadow), seed, compared.measures["f1"].verdict, compared)


def shadow_differences(home: Home, name: str) -> ShadowDifferences:
    """Say how often and where a shadow run differs from the current decisions; raises NotFoundError."""
    shadow = shadow_of(home, name)
    counted: Counter[str] = Counter()
    flows: Counter[tuple[str, str]] = Counter()
    types: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    examples: list[dict[str, Any]] = []
    for batch in shadow_decisions(home, name):
        current = _current(home, batch)
        for row in batch.select(_COLUMNS).to_pylist():
            now = current.get(row["mention_id"])
            counted["mentions" if now else "undecided"] += 1
            if now is None or _answer(now) == _answer(row):
                continue
            flows[now["decision"], row["decision"]] += 1
            types[row["type"]] += 1
            documents[row["doc_id"]] += 1
            if len(examples) < _FOREMOST:
                examples.append(_example(now, row))
    return ShadowDifferences(
        shadow,
        _same(home, shadow),
        mentions=counted["mentions"],
        differ=flows.total(),
        undecided=counted["undecided"],
        flows=[{"now": now, "shadow": then, "mentions": n} for (now, then), n in _most(flows)],
        types=[{"type": name, "differ": n} for name, n in _most(types)[:_FOREMOST]],
        documents=[{"doc_id": doc_id, "differ": n} for doc_id, n in _most(documents)[:_FOREMOST]],
        examples=examples,
    )


def _current(home: Home, batch: pa.Table) -> dict[str, dict[str, Any]]:
    doc_ids = sorted(set(batch["doc_id"].to_pylist()))
    batches = home.mentions.decisions(doc_ids)
    return {row["mention_id"]: row for each in batches for row in each.select(_COLUMNS).to_pylist()}


def _answer(row: Mapping[str, Any]) -> tuple[str, str | None]:
    return row["decision"], row["entity_id"]


def _example(now: Mapping[str, Any], then: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: then[name] for name in ("doc_id", "start", "end", "surface")}
    sides = {"now": now, "shadow": then}
    return told | {
        side: {name: row[name] for name in ("decision", "entity_id", "probability")} for side, row in sides.items()
    }


def _most(counter: Counter[Any]) -> list[tuple[Any, int]]:
    return sorted(counter.items(), key=lambda each: (-each[1], each[0]))


def _same(home: Home, shadow: Shadow) -> bool:
    return shadow.index_version == home.index.version
