"""Decisions against gold: how many are right, and in which way the others are not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl
import pyarrow as pa

from schemas.span import GoldSpan

OUTCOMES = ("right", "wrong", "review", "missed")
_SPAN = ["doc_id", "start", "end"]


@dataclass(frozen=True, slots=True)
class Counts:
    """How the gold mentions of a slice came out; they add up to `gold`.

    right:  decided as gold says: linked to its entity, or NIL where gold has none.
    wrong:  decided otherwise. review: left to a person. missed: no decision has exactly this span.
    best_right: likeliest answer as gold says, whatever was decided (NIL: no likeliest entity).
    """

    gold: int = 0
    right: int = 0
    wrong: int = 0
    review: int = 0
    missed: int = 0
    best_right: int = 0

    @property
    def accuracy(self) -> float:
        """Share of gold mentions whose likeliest answer is right; 0.0 without gold mentions."""
        return _share(self.best_right, self.gold)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How decisions agree with gold.

    all, in_catalog, nil: counts of all gold mentions, of those with an entity, of those without.
    spurious:  decisions link or nil whose span is no gold mention; always 0 with spans "gold".
    links, right_links: decisions link (spurious ones included), and how many of them name gold's entity.
    slices:    counts by "note=...", "type=..." of the gold mentions.
    """

    spans: str
    all: Counts
    in_catalog: Counts
    nil: Counts
    spurious: int
    links: int
    right_links: int
    slices: dict[str, Counts] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        """Micro precision with NIL: right / (right + wrong + spurious); 1.0 when nothing was decided."""
        return _share(self.all.right, self.all.right + self.all.wrong + self.spurious, empty=1.0)

    @property
    def recall(self) -> float:
        """Micro recall with NIL: right / gold mentions; reviews and missed ones count against it; 0.0 without gold."""
        return _share(self.all.right, self.all.gold)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0.0 when both are."""
        return _share(2 * self.precision * self.recall, self.precision + self.recall)

    @property
    def link_precision(self) -> float:
        """Share of asserted links that are right; 1.0 without links."""
        return _share(self.right_links, self.links, empty=1.0)

    def summary(self) -> dict[str, Any]:
        """Return the main numbers by name, rounded to 4 decimals, in a fixed order."""
        numbers = {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "link_precision": self.link_precision,
            "in_catalog_accuracy": self.in_catalog.accuracy,
            "nil_accuracy": self.nil.accuracy,
            "accuracy": self.all.accuracy,
        }
        counts = {name: getattr(self.all, name) for name in ("gold", *OUTCOMES)}
        return {**counts, "spurious": self.spurious} | {n: round(float(v), 4) for n, v in numbers.items()}


def evaluate(
    decisions: pa.Table, gold: Sequence[GoldSpan], *, spans: Literal["gold", "system"] = "system"
) -> Evaluation:
    """Compare decisions (DECISIONS) with gold, span by span; spans must agree exactly.

    spans: "system": decisions of the gold's documents at other places are spurious; "gold": the spans were
    given, so decisions elsewhere are not looked at. A span that gold states twice counts once, the first.
    """
    truth = _truth(gold)
    found = _found(decisions).join(truth.select("doc_id").unique(), on="doc_id", how="semi")
    rows = truth.join(found, on=_SPAN, how="left", maintain_order="left").with_columns(_outcome(), _best_right())
    elsewhere = found.join(truth, on=_SPAN, how="anti").filter(pl.col("decision").is_in(["link", "nil"]))
    if spans == "gold":
        elsewhere = elsewhere.clear()
    links = rows.filter(pl.col("decision") == "link")
    slices = {
        f"{column}={value}": _counts(rows.filter(pl.col(column) == value))
        for column in ("note", "type")
        for value in rows[column].unique().sort()
        if value
    }
    return Evaluation(
        spans=spans,
        all=_counts(rows),
        in_catalog=_counts(rows.filter(pl.col("gold_id").is_not_null())),
        nil=_counts(rows.filter(pl.col("gold_id").is_null())),
        spurious=elsewhere.height,
        links=links.height + elsewhere.filter(pl.col("decision") == "link").height,
        right_links=links.filter(pl.col("outcome") == "right").height,
        slices=slices,
    )


def _truth(gold: Iterable[GoldSpan]) -> pl.DataFrame:
    schema = {
        "doc_id": pl.String,
        "start": pl.Int32,
        "end": pl.Int32,
        "gold_id": pl.String,
        "type": pl.String,
        "note": pl.String,
    }
    rows = [(g.doc_id, g.start, g.end, g.entity_id, g.type, g.note) for g in gold]
    return pl.DataFrame(rows, schema=schema, orient="row").unique(subset=_SPAN, keep="first", maintain_order=True)


def _found(decisions: pa.Table) -> pl.DataFrame:
    columns = [*_SPAN, "decision", "entity_id", "best_entity_id"]
    return pl.DataFrame(pl.from_arrow(decisions.select(columns))).unique(
        subset=_SPAN, keep="first", maintain_order=True
    )


def _outcome() -> pl.Expr:
    right = (
        pl.when(pl.col("decision") == "link")
        .then(pl.col("entity_id").eq_missing(pl.col("gold_id")))
        .otherwise(pl.col("gold_id").is_null())
    )
    return (
        pl.when(pl.col("decision").is_null())
        .then(pl.lit("missed"))
        .when(pl.col("decision") == "review")
        .then(pl.lit("review"))
        .when(right)
        .then(pl.lit("right"))
        .otherwise(pl.lit("wrong"))
        .alias("outcome")
    )


def _best_right() -> pl.Expr:
    agrees = pl.col("best_entity_id").eq_missing(pl.col("gold_id"))
    return (pl.col("decision").is_not_null() & agrees).alias("best_right")


def _counts(rows: pl.DataFrame) -> Counts:
    outcomes = dict(rows["outcome"].value_counts().iter_rows())
    return Counts(
        gold=rows.height,
        best_right=int(rows["best_right"].sum()),
        **{name: outcomes.get(name, 0) for name in OUTCOMES},
    )


def _share(part: float, whole: float, *, empty: float = 0.0) -> float:
    return part / whole if whole else empty
