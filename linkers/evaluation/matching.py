"""Gold mentions beside the decisions about them, span by span."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import polars as pl
import pyarrow as pa

from schemas.span import GoldSpan

OUTCOMES = ("right", "wrong", "review", "missed")
SPAN = ["doc_id", "start", "end"]
SpanView = Literal["gold", "system"]
_DECIDED = ["surface", "decision", "entity_id", "best_entity_id", "probability", "provisional_id", "reason"]


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
        return self.best_right / self.gold if self.gold else 0.0

    @property
    def precision(self) -> float:
        """Share of what was decided here that is right: right / (right + wrong); 1.0 when nothing was decided."""
        decided = self.right + self.wrong
        return self.right / decided if decided else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold mentions that were decided right: right / gold; 0.0 without gold mentions."""
        return self.right / self.gold if self.gold else 0.0


@dataclass(frozen=True)
class Matched:
    """What gold and decisions have together.

    rows:      one row a gold mention, in the order of the gold: doc_id, start, end, gold_id (null: NIL), type, cluster,
               note, then the decision's columns (null where it was missed), outcome (one of OUTCOMES) and best_right.
    elsewhere: decisions link or nil of the gold's documents whose span is no gold mention.
    """

    rows: pl.DataFrame
    elsewhere: pl.DataFrame


def match(decisions: pa.Table, gold: Iterable[GoldSpan], spans: SpanView) -> Matched:
    """Join decisions (DECISIONS) to gold; spans must agree exactly.

    spans: "system": decisions of the gold's documents at other places are spurious; "gold": the spans were given, so
    decisions elsewhere are not looked at. A span that gold states twice counts once, the first.
    """
    truth = _truth(gold)
    found = pl.DataFrame(pl.from_arrow(decisions.select([*SPAN, *_DECIDED])))
    found = found.unique(subset=SPAN, keep="first", maintain_order=True)
    found = found.join(truth.select("doc_id").unique(), on="doc_id", how="semi", maintain_order="left")
    rows = truth.join(found, on=SPAN, how="left", maintain_order="left").with_columns(_outcome(), _best_right())
    elsewhere = found.join(truth, on=SPAN, how="anti", maintain_order="left")
    elsewhere = elsewhere.filter(pl.col("decision").is_in(["link", "nil"]))
    return Matched(rows, elsewhere.clear() if spans == "gold" else elsewhere)


def counts_of(rows: pl.DataFrame) -> Counts:
    """Return how rows of Matched came out."""
    outcomes = dict(rows["outcome"].value_counts().iter_rows())
    return Counts(
        gold=rows.height,
        best_right=int(rows["best_right"].sum()),
        **{name: outcomes.get(name, 0) for name in OUTCOMES},
    )


def slices_of(rows: pl.DataFrame, columns: Iterable[str]) -> dict[str, Counts]:
    """Return the counts of each value of some columns as "column=value", ordered by column, then value."""
    return {
        f"{column}={value}": counts_of(rows.filter(pl.col(column) == value))
        for column in columns
        for value in rows[column].unique().sort()
        if value
    }


def _truth(gold: Iterable[GoldSpan]) -> pl.DataFrame:
    schema = {
        "doc_id": pl.String,
        "start": pl.Int32,
        "end": pl.Int32,
        "gold_id": pl.String,
        "type": pl.String,
        "cluster": pl.String,
        "note": pl.String,
    }
    rows = [(g.doc_id, g.start, g.end, g.entity_id, g.type, g.cluster, g.note) for g in gold]
    return pl.DataFrame(rows, schema=schema, orient="row").unique(subset=SPAN, keep="first", maintain_order=True)


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
