"""Features that only make sense together: what one says depends on how the mention is written or on another."""

import polars as pl

from linkers.scoring.context_evidence import lead

_ABOUT = ("coherence", "description")


def combine(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return `pairs` with the features that combine others; needs sentence beside all other features."""
    pairs = pairs.with_columns(
        # what a document is about says nothing for a name that is not like the surface at all
        *(pl.when(pl.col("distant")).then(0.0).otherwise(pl.col(name)).alias(name) for name in _ABOUT),
        (pl.col("also_named") & ~pl.col("distant") & ~pl.col("beaten")).alias("also_named"),
        *_shapes(),
    )
    full, other, core = pl.col("full_form"), pl.col("other_full_form"), pl.col("exact_core")
    noun, word, vector = pl.col("noun"), pl.col("word"), pl.col("vector")
    short = word & pl.col("contained")
    apart, part = pl.col("apart"), pl.col("contained") | pl.col("containing")
    return pairs.with_columns(
        pl.when(pl.col("beaten")).then(0.0).otherwise(full).alias("full_form"),
        pl.when(pl.col("beaten")).then(full).otherwise(0.0).alias("full_form_beaten"),
        (other & ~core).alias("other_full_form"),
        (other & core).alias("full_form_exact"),
        lead("coherence").clip(0.0, 1.0),
        (noun & ~pl.col("a_capital")).alias("noun_agrees"),
        (noun & pl.col("a_capital")).alias("noun_conflict"),
        (pl.col("s_capital") & ~pl.col("a_capital")).alias("proper_conflict"),
        (vector * apart).alias("vector_apart"),
        (vector * (part & ~short)).alias("vector_part"),
        (vector * noun * ~core).alias("vector_noun"),
        (noun & part).alias("part_noun"),
        short.alias("contained_word"),
        *((pl.col(name) * short).alias(f"{name}_word") for name in ("context", "company", "document", "vector")),
        pl.col("s_size").cast(pl.Float64).log().alias("words"),
        pl.col("s_common").alias("common_word"),
        (~pl.col("s_capital")).alias("no_capital"),
        ((pl.col("s_size") == 1) & ~core).alias("partial_single"),
    )


def _shapes() -> list[pl.Expr]:
    """noun: written small in a sentence that has capitals; word: one capitalised word."""
    cased = pl.col("sentence").str.contains(r"\p{Lu}")
    return [
        (~pl.col("s_capital") & cased).alias("noun"),
        (pl.col("s_capital") & (pl.col("s_size") == 1)).alias("word"),
    ]
