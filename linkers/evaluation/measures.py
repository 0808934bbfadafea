"""Measures that are quotients of counts: of all documents, of each document, of documents drawn again."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.evaluation.bootstrap import Interval, intervals
from linkers.evaluation.matching import Matched

Floats = NDArray[np.float64]

COUNTED = (
    "gold", "right", "wrong", "best_right", "inside", "inside_best", "outside", "outside_best",
    "spurious", "links", "right_links", "nils", "right_nils",
)  # fmt: skip
"""What is counted of each document: inside, outside are the gold mentions with and without an entity."""

MEASURES = (
    "precision", "recall", "f1", "link_precision", "in_catalog_accuracy", "nil_accuracy", "accuracy",
    "link_recall", "link_f1", "nil_precision", "nil_recall", "nil_f1",
)  # fmt: skip
"""Names of what `measures` returns, in order."""

MACRO = ("precision", "recall", "f1")
"""Measures of which the mean over documents is taken as well."""


def tallies(matched: Matched) -> pl.DataFrame:
    """Return doc_id and COUNTED, int64, one row a document of the gold, ordered by doc_id."""
    outcome, decision, inside = pl.col("outcome"), pl.col("decision"), pl.col("gold_id").is_not_null()
    right = outcome == "right"
    of_gold = matched.rows.group_by("doc_id").agg(
        pl.len().alias("gold"),
        right.sum().alias("right"),
        (outcome == "wrong").sum().alias("wrong"),
        pl.col("best_right").sum(),
        inside.sum().alias("inside"),
        (inside & pl.col("best_right")).sum().alias("inside_best"),
        (~inside).sum().alias("outside"),
        (~inside & pl.col("best_right")).sum().alias("outside_best"),
        (decision == "link").sum().alias("links"),
        (right & (decision == "link")).sum().alias("right_links"),
        (decision == "nil").sum().alias("nils"),
        (right & (decision == "nil")).sum().alias("right_nils"),
    )
    beside = matched.elsewhere.group_by("doc_id").agg(
        pl.len().alias("spurious"),
        (decision == "link").sum().alias("other_links"),
        (decision == "nil").sum().alias("other_nils"),
    )
    joined = of_gold.join(beside, on="doc_id", how="left").fill_null(0).sort("doc_id")
    summed = joined.with_columns(pl.col("links") + pl.col("other_links"), pl.col("nils") + pl.col("other_nils"))
    return summed.select("doc_id", *(pl.col(name).cast(pl.Int64) for name in COUNTED))


def matrix(table: pl.DataFrame) -> Floats:
    """Return the COUNTED columns of tallies, (documents, len(COUNTED))."""
    return table.select(COUNTED).cast(pl.Float64).to_numpy().reshape(-1, len(COUNTED))


def measures(counted: Floats) -> dict[str, Floats]:
    """Return MEASURES of lines of counts, (n, len(COUNTED)) -> n values each, in [0, 1].

    precision, recall, f1: with NIL, as asserted: right / (right + wrong + spurious), right / gold, their harmonic mean.
        Reviews and missed mentions count against recall only.
    link_precision, link_recall, link_f1: right links / links (spurious ones included), right links / gold mentions
        that have an entity, their harmonic mean.
    nil_precision, nil_recall, nil_f1: the same of decisions nil and of gold mentions without an entity.
    accuracy, in_catalog_accuracy, nil_accuracy: share of all gold mentions, of those with and of those without an
        entity, whose likeliest answer is right, whatever was decided.

    Empty denominators: a precision is 1.0 when nothing was asserted; a recall or accuracy is 0.0 without gold; a
    harmonic mean is 0.0 when both parts are.
    """
    count: Mapping[str, Floats] = dict(zip(COUNTED, counted.T, strict=True))
    asserted = count["right"] + count["wrong"] + count["spurious"]
    found = {
        "precision": _share(count["right"], asserted, empty=1.0),
        "recall": _share(count["right"], count["gold"]),
        "link_precision": _share(count["right_links"], count["links"], empty=1.0),
        "in_catalog_accuracy": _share(count["inside_best"], count["inside"]),
        "nil_accuracy": _share(count["outside_best"], count["outside"]),
        "accuracy": _share(count["best_right"], count["gold"]),
        "link_recall": _share(count["right_links"], count["inside"]),
        "nil_precision": _share(count["right_nils"], count["nils"], empty=1.0),
        "nil_recall": _share(count["right_nils"], count["outside"]),
    }
    for prefix in ("", "link_", "nil_"):
        found[f"{prefix}f1"] = harmonic(found[f"{prefix}precision"], found[f"{prefix}recall"])
    return {name: found[name] for name in MEASURES}


def macro(counted: Floats) -> dict[str, float]:
    """Return the mean over documents of each document's own MACRO measures, by "macro_" and name; 0.0 without any.

    macro_f1 is the mean of the documents' F1, not the harmonic mean of macro_precision and macro_recall.
    """
    each = measures(counted)
    return {f"macro_{name}": float(each[name].mean()) if len(counted) else 0.0 for name in MACRO}


def macro_intervals(counted: Floats) -> dict[str, Interval | None]:
    """Return the bootstrap interval of each of `macro`."""
    each = measures(counted)
    lines = np.column_stack([*(each[name] for name in MACRO), np.ones(len(counted))])
    return intervals(
        lines,
        lambda sums: {
            f"macro_{name}": sums[:, place] / np.maximum(sums[:, -1], 1.0) for place, name in enumerate(MACRO)
        },
    )


def harmonic(left: Floats, right: Floats) -> Floats:
    """Return harmonic means; 0.0 where both are 0."""
    return _share(2.0 * left * right, left + right)


def _share(part: Floats, whole: Floats, *, empty: float = 0.0) -> Floats:
    shares: Floats = np.divide(part, whole, out=np.full(np.shape(whole), empty), where=whole > 0)
    return shares
