"""Which entities are mentioned together, and how much more often than chance."""

import polars as pl

from schemas.batches import CO_MENTIONED_EDGES


def co_mentions(mentions: pl.DataFrame, *, least: int, most: int) -> pl.DataFrame:
    """Return CO_MENTIONED edges from MENTIONS edges.

    mentions: one row per document (from_id) and entity (to_id), with `count`.
    least:    fewest documents that mention both; at least 1.
    most:     entities of one document that are paired, the most mentioned ones, so that a document that names
              everything costs most**2 / 2 pairs and not more.
    npmi is the normalised pointwise mutual information over documents, ln(p(x,y) / (p(x) p(y))) / -ln p(x,y), in
    [-1, 1]; 1.0 when both are in every document. Source: Bouma, Normalized (Pointwise) Mutual Information in
    Collocation Extraction (2009).
    """
    columns = CO_MENTIONED_EDGES.names
    total = mentions["from_id"].n_unique() if mentions.height else 0
    entities = (
        mentions.sort(["from_id", "count", "to_id"], descending=[False, True, False])
        .group_by("from_id", maintain_order=True)
        .head(most)
        .select(pl.col("from_id").alias("document"), pl.col("to_id").alias("entity"))
    )
    each = entities.group_by("entity").agg(pl.len().alias("alone"))
    pairs = (
        entities.join(entities, on="document", suffix="_other")
        .filter(pl.col("entity") < pl.col("entity_other"))
        .group_by("entity", "entity_other")
        .agg(pl.len().cast(pl.Int64).alias("documents"))
        .filter(pl.col("documents") >= least)
        .join(each, on="entity")
        .join(each.rename({"entity": "entity_other", "alone": "alone_other"}), on="entity_other")
    )
    together = pl.col("documents") / max(total, 1)
    chance = (pl.col("alone") / max(total, 1)) * (pl.col("alone_other") / max(total, 1))
    npmi = pl.when(pl.col("documents") == total).then(1.0).otherwise((together / chance).log() / -together.log())
    return (
        pairs.with_columns(npmi.round(6).alias("npmi"))
        .rename({"entity": "from_id", "entity_other": "to_id"})
        .select(columns)
        .sort("from_id", "to_id")
    )
