"""From probabilities to link, review or NIL, with one sentence that says why."""

from dataclasses import dataclass

import polars as pl

TIE = 0.02
"""Candidates whose scores differ by less are equally likely: nothing tells them apart."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where decisions change.

    link: least probability of a link, over 0.5. nil: a mention that is in the catalog with less is NIL, at most 0.5.
    nothing_found: probability of NIL where no candidate was found.
    """

    link: float
    nil: float
    nothing_found: float


def decide(best: pl.DataFrame, thresholds: Thresholds) -> pl.DataFrame:
    """Return `best` with decision, best_row, probability and reason.

    best: one row a mention: entity (row of the best candidate, null without), score, runner_up (score of the
    second, null without), probability (of the best candidate), in_catalog (that any candidate is meant), tied
    (names of the candidates that share the best score), and the best candidate's features.

    The likeliest answer is the best candidate, or NIL when that is likelier; probability is the likeliest
    answer's, 6 decimals. Equally likely candidates are never linked: they are reviewed, unless NIL.
    """
    nil_probability = 1.0 - pl.col("in_catalog")
    found = pl.col("entity").is_not_null()
    tie = found & (pl.col("score") - pl.col("runner_up") < TIE).fill_null(False)
    is_nil = ~found | (pl.col("in_catalog") < thresholds.nil)
    # a tie halves every candidate's probability without making it likelier that none is meant
    names_one = found & ~is_nil & ((pl.col("probability") >= nil_probability) | (tie & (pl.col("in_catalog") >= 0.5)))
    return (
        best.with_columns(tie.alias("tie"))
        .with_columns(
            pl.when(is_nil)
            .then(pl.lit("nil"))
            .when((pl.col("probability") >= thresholds.link) & ~pl.col("tie"))
            .then(pl.lit("link"))
            .otherwise(pl.lit("review"))
            .alias("decision"),
            pl.when(names_one).then(pl.col("entity")).alias("best_row"),
            pl.when(~found)
            .then(thresholds.nothing_found)
            .when(names_one)
            .then(pl.col("probability"))
            .otherwise(nil_probability)
            .round(6)
            .alias("probability"),
        )
        .with_columns(_reason().alias("reason"))
    )


def _reason() -> pl.Expr:
    nothing = pl.lit("no entity has a similar name")
    tied = pl.lit("candidates that nothing tells apart: ") + pl.col("tied").list.join(", ")
    unlike = pl.lit("no candidate is likely; the nearest is ") + pl.col("name") + pl.lit(": ") + _name() + _against()
    fits = _name() + _for() + _against()
    doubt = pl.lit("not certain: ") + fits
    return (
        pl.when(pl.col("entity").is_null())
        .then(nothing)
        .when(pl.col("decision") == "nil")
        .then(unlike)
        .when(pl.col("tie"))
        .then(tied)
        .when(pl.col("decision") == "review")
        .then(doubt)
        .otherwise(fits)
    )


def _name() -> pl.Expr:
    flag = pl.col
    return (
        pl.when(flag("exact_unique") > 0)
        .then(pl.lit("exact name, the only entity of that name"))
        .when(flag("exact_core") > 0)
        .then(pl.lit("exact name, which other entities have too"))
        .when(flag("full_form") > 0)
        .then(pl.lit("short form of a name that the document gives in full"))
        .when((flag("contained") > 0) | (flag("abbreviated") > 0))
        .then(pl.lit("short form of its name"))
        .when(flag("containing") > 0)
        .then(pl.lit("its name with words added"))
        .when(flag("initials") > 0)
        .then(pl.lit("initials of its name"))
        .when(flag("near") > 0)
        .then(pl.lit("nearly its name"))
        .when(flag("phonetic") > 0)
        .then(pl.lit("sounds like its name"))
        .otherwise(pl.lit("name only distantly alike"))
    )


def _for() -> pl.Expr:
    said = [
        (pl.col("cue_agrees") > 0, "a cue word states its type"),
        ((pl.col("type_agrees") > 0) & (pl.col("cue_agrees") == 0), "type agrees"),
        (pl.col("coherence") > 0, "related entities are named in the document"),
        (pl.col("also_named") > 0, "the document names it in another way too"),
        (pl.col("description") >= 0.3, "its description fits the context"),
        (pl.col("context_lead") >= 0.03, "the context is nearest to it"),
    ]
    return _phrases(said)


def _against() -> pl.Expr:
    said = [
        (pl.col("cue_conflict") > 0, "a cue word states another type"),
        ((pl.col("type_conflict") > 0) & (pl.col("cue_conflict") == 0), "type differs"),
        (pl.col("number_conflict") > 0, "numbers differ"),
        (pl.col("version_conflict") > 0, "another version"),
        (pl.col("other_full_form") > 0, "a longer name in the document is not its"),
        (pl.col("given_conflict") > 0, "given names differ"),
        (pl.col("exact_common") > 0, "a common word"),
    ]
    return _phrases(said)


def _phrases(said: list[tuple[pl.Expr, str]]) -> pl.Expr:
    return pl.concat_str([pl.when(when).then(pl.lit("; " + text)).otherwise(pl.lit("")) for when, text in said])
