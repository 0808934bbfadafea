"""Given names in company: "David and Victoria" share a family name that neither surface states."""

import polars as pl


def kinship(candidates: pl.DataFrame) -> pl.DataFrame:
    """Return doc, query, entity, kin (in (0, 1]) of candidates whose given name is the surface.

    candidates: doc, query, entity, given_name, a_last (last word of the name), a_size, s_words (words of the surface).
    1 where another surface of the document holds the family name; where the candidates of another given name have it
    too, 1 by the number of family names that the two given names have in common.
    """
    given = candidates.filter(pl.col("given_name") & (pl.col("a_size") == 2)).select(
        "doc", "query", "entity", pl.col("a_last").alias("family")
    )
    words = candidates.select("doc", pl.col("query").alias("other"), pl.col("s_words").alias("family")).unique()
    stated = given.join(words.explode("family"), on=["doc", "family"]).filter(pl.col("query") != pl.col("other"))
    families = given.select("doc", "query", "family").unique()
    shared = families.join(families.rename({"query": "other"}), on=["doc", "family"]).filter(
        pl.col("query") != pl.col("other")
    )
    shared = shared.with_columns((1.0 / pl.len().over("doc", "query", "other")).alias("kin"))
    both = pl.concat(
        [
            stated.select("doc", "query", "entity", pl.lit(1.0).alias("kin")),
            given.join(shared, on=["doc", "query", "family"]).select("doc", "query", "entity", "kin"),
        ]
    )
    return both.group_by("doc", "query", "entity").agg(pl.col("kin").max().round(4))
