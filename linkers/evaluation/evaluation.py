"""All measures of decisions against gold in one value."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl
import pyarrow as pa

from linkers.evaluation.bootstrap import Interval, intervals
from linkers.evaluation.calibration import Calibration, calibration
from linkers.evaluation.candidates import CandidateRecall
from linkers.evaluation.clusters import Clusters, b_cubed
from linkers.evaluation.comparison import Comparison
from linkers.evaluation.matching import OUTCOMES, Counts, Matched, SpanView, counts_of, match, slices_of
from linkers.evaluation.measures import macro, macro_intervals, matrix, measures, tallies
from linkers.evaluation.sweep import SweepPoint, sweep
from schemas.span import GoldSpan

DIGITS = 4
_MISTAKE = (
    "outcome", "doc_id", "start", "end", "surface", "type", "note", "gold_id", "decision", "entity_id",
    "best_entity_id", "probability", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How decisions agree with gold.

    Two views: what is asserted at the operating point (`decision` and `entity_id`: precision, recall, F1, the link_ and
    nil_ measures but nil_accuracy, B-cubed), and the likeliest answer whatever the operating point (`best_entity_id`:
    the accuracies, calibration, the sweep).

    all, in_catalog, nil: counts of all gold mentions, of those with an entity, of those without.
    spurious:    decisions link or nil whose span is no gold mention; always 0 with spans "gold".
    links, right_links: decisions link (spurious ones included), and how many of them name gold's entity.
    slices:      counts by "note=...", "type=..." (of the entity) and "kind=..." (of the document).
    measures:    by name, as `linkers.evaluation.measures.measures` defines them, and their "macro_" means.
    intervals:   95 % bootstrap interval of each of `measures` over documents; None with fewer than two documents.
    clusters:    B-cubed of provisional entities. calibration, sweep: of probabilities and of link thresholds.
    candidates:  recall of blocking; None when the index was not at hand.
    errors:      the worst errors: decided wrong or at no gold span, the surest first, then missed ones; outcome, place,
                 surface, gold_id, the decision with probability and reason, and what the caller adds.
    comparison:  with the decisions of a former run, when that was asked for.
    unknown_documents, unknown_entities: ids in the gold that the home does not hold; their mentions count as they are.
    """

    spans: str
    all: Counts
    in_catalog: Counts
    nil: Counts
    spurious: int
    links: int
    right_links: int
    slices: dict[str, Counts]
    measures: dict[str, float]
    intervals: dict[str, Interval | None]
    clusters: Clusters
    calibration: Calibration
    sweep: list[SweepPoint]
    candidates: CandidateRecall | None = None
    errors: list[dict[str, Any]] = field(default_factory=list)
    comparison: Comparison | None = None
    unknown_documents: tuple[str, ...] = ()
    unknown_entities: tuple[str, ...] = ()

    @property
    def precision(self) -> float:
        """Micro precision with NIL: right / (right + wrong + spurious); 1.0 when nothing was decided."""
        return self.measures["precision"]

    @property
    def recall(self) -> float:
        """Micro recall with NIL: right / gold mentions; reviews and missed ones count against it; 0.0 without gold."""
        return self.measures["recall"]

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0.0 when both are."""
        return self.measures["f1"]

    @property
    def link_precision(self) -> float:
        """Share of asserted links that are right; 1.0 without links."""
        return self.measures["link_precision"]

    def quality(self) -> dict[str, float | None]:
        """Return every measure by name, in [0, 1], rounded to 4 decimals; None where there is nothing to measure."""
        blocked = self.candidates.recall if self.candidates else {}
        named: dict[str, float | None] = {
            **self.measures,
            "bcubed_precision": self.clusters.precision,
            "bcubed_recall": self.clusters.recall,
            "bcubed_f1": self.clusters.f1,
            "ece": self.calibration.ece,
            "brier": self.calibration.brier,
            **{f"candidate_recall@{depth}": share for depth, share in blocked.items()},
        }
        return {name: None if value is None else round(value, DIGITS) for name, value in named.items()}

    def summary(self) -> dict[str, Any]:
        """Return the counts of all gold mentions and `quality`, by name, in a fixed order."""
        counts = {name: getattr(self.all, name) for name in ("gold", *OUTCOMES)}
        return {**counts, "spurious": self.spurious} | self.quality()

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain values: the summary's names, and every field."""
        fields = asdict(self)
        fields["slices"] = {
            name: asdict(counts)
            | {measure: round(getattr(counts, measure), DIGITS) for measure in ("accuracy", "precision", "recall")}
            for name, counts in self.slices.items()
        }
        return self.summary() | fields


def evaluate(
    decisions: pa.Table,
    gold: Sequence[GoldSpan],
    *,
    spans: SpanView = "system",
    kinds: Mapping[str, str] | None = None,
    errors: int = 20,
) -> Evaluation:
    """Compare decisions (DECISIONS) with gold, span by span; spans must agree exactly.

    spans: "system": decisions of the gold's documents at other places are spurious; "gold": the spans were
    given, so decisions elsewhere are not looked at. A span that gold states twice counts once, the first.
    kinds: kind of each document by id, for slices. errors: how many of the worst errors are kept.
    """
    matched = match(decisions, gold, spans)
    rows = matched.rows.with_columns(
        pl.col("doc_id").replace_strict(dict(kinds or {}), default="", return_dtype=pl.String).alias("kind")
    )
    table = tallies(matched)
    counted = matrix(table)
    whole = measures(counted.sum(axis=0, keepdims=True))
    return Evaluation(
        spans=spans,
        all=counts_of(rows),
        in_catalog=counts_of(rows.filter(pl.col("gold_id").is_not_null())),
        nil=counts_of(rows.filter(pl.col("gold_id").is_null())),
        spurious=matched.elsewhere.height,
        links=int(table["links"].sum()),
        right_links=int(table["right_links"].sum()),
        slices=slices_of(rows, ("kind", "note", "type")),
        measures={name: float(values[0]) for name, values in whole.items()} | macro(counted),
        intervals=intervals(counted, measures) | macro_intervals(counted),
        clusters=b_cubed(rows),
        calibration=calibration(rows),
        sweep=sweep(matched),
        errors=worst(matched, errors),
    )


def worst(matched: Matched, most: int) -> list[dict[str, Any]]:
    """Return the worst errors: wrong and spurious decisions, the most probable first, then missed gold mentions."""
    wrong = matched.rows.filter(pl.col("outcome").is_in(["wrong", "missed"]))
    beside = matched.elsewhere.with_columns(pl.lit("spurious").alias("outcome"))
    both = pl.concat([wrong, beside], how="diagonal").sort(
        ["probability", "doc_id", "start", "end"], descending=[True, False, False, False], nulls_last=True
    )
    return both.head(most).select(_MISTAKE).to_dicts()
