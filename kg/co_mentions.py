"""Which entities are mentioned together, and how much more often than chance."""

from dataclasses import dataclass

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
    total = mentions["from_id"].n_unique() if mentions.height else 0
    return scored(met_in(mentions, most=most), total=total, least=least)


@dataclass(frozen=True)
class Met:
    """Counts that add up over sets of whole documents.

    alone:    entity, alone: in how many documents it is. together: entity, entity_other (the larger id), documents.
    """

    alone: pl.DataFrame
    together: pl.DataFrame


def met_in(mentions: pl.DataFrame, *, most: int) -> Met:
    """Count in which documents entities are, alone and by twos; arguments as in `co_mentions`."""
    entities = (
        mentions.sort(["from_id", "count", "to_id"], descending=[False, True, False])
        .group_by("from_id", maintain_order=True)
        .head(most)
        .select(pl.col("from_id").alias("document"), pl.col("to_id").alias("entity"))
    )
    return Met(
        entities.group_by("entity").agg(pl.len().cast(pl.Int64).alias("alone")),
        entities.join(entities, on="document", suffix="_other")
        .filter(pl.col("entity") < pl.col("entity_other"))
        .group_by("entity", "entity_other")
        .agg(pl.len().cast(pl.Int64).alias("documents")),
    )


def scored(met: Met, *, total: int, least: int) -> pl.DataFrame:
    """Return the edges that counts over `total` documents make, as `co_mentions` does."""
    pairs = (
        met.together.filter(pl.col("documents") >= least)
        .join(met.alone, on="entity")
        .join(met.alone.rename({"entity": "entity_other", "alone": "alone_other"}), on="entity_other")
    )
    together = pl.col("documents") / max(total, 1)
    chance = (pl.col("alone") / max(total, 1)) * (pl.col("alone_other") / max(total, 1))
    npmi = pl.when(pl.col("documents") == total).then(1.0).otherwise((together / chance).log() / -together.log())
    return (
        pairs.with_columns(npmi.round(6).alias("npmi"))
        .rename({"entity": "from_id", "entity_other": "to_id"})
        .select(CO_MENTIONED_EDGES.names)
        .sort("from_id", "to_id")
    )
