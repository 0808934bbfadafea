"""Mentions in, decisions out: the one function behind `kg resolve` and `kg link`."""

import numpy as np
import polars as pl
import pyarrow as pa

from linkers.blocking import CHANNELS
from linkers.clustering.provisional import provisional_ids
from linkers.deciding import TIE, Thresholds, decide
from linkers.encoding import Encoder
from linkers.index import CatalogIndex
from linkers.scoring.features import FEATURES
from linkers.scoring.gathering import Gathered, gather
from linkers.scoring.model import LinkerModel
from linkers.scoring.settings import LinkSettings
from schemas.batches import DECISIONS

__all__ = ["LinkSettings", "link"]


def link(
    batch: pa.Table,
    index: CatalogIndex,
    model: LinkerModel,
    *,
    encoder: Encoder | None,
    settings: LinkSettings | None = None,
) -> pa.Table:
    """Decide what each mention means.

    batch: MENTIONS, documents whole and their rows together. Returns DECISIONS, row for row. Pure: the same
    input gives the same output, and a document's decisions do not depend on the rest of the batch.
    encoder: the one that the index was built with; None compares strings, types and documents only.
    """
    settings = settings or LinkSettings()
    parts = [
        _decided(part, index, model, settings) for part in gather(batch, index, encoder=encoder, settings=settings)
    ]
    return pa.concat_tables([DECISIONS.empty_table(), *parts]).combine_chunks()


def scored(part: Gathered, model: LinkerModel, index: CatalogIndex) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the candidates with score and probability, best first within their mention, and the best ones.

    The best have besides runner_up (score of the second), in_catalog, tied (names of those that share the best
    score) and the index row of each candidate as `row` (in part.pairs).
    """
    order = part.pairs.select("mention", "entity").with_columns(
        pl.Series("score", model.rank(part.features)), pl.Series("row", np.arange(part.pairs.height))
    )
    order = order.sort(["mention", "score", "entity"], descending=[False, True, False])
    groups = order["mention"].rle_id().to_numpy().astype(np.int64)
    scores = order["score"].to_numpy()
    first = np.flatnonzero(np.diff(groups, prepend=-1))
    second = np.minimum(first + 1, len(scores) - 1)
    has_second = np.isin(first + 1, np.append(first, len(scores)), invert=True)
    runner_up = np.where(has_second, scores[second], -np.inf) if len(first) else np.empty(0)
    in_catalog = model.in_catalog(part.features[order["row"].to_numpy()[first]], scores[first], runner_up)
    shares = model.shares(scores, groups) if len(first) else np.empty(0)
    order = order.with_columns(pl.Series("probability", np.round(shares * in_catalog[groups], 6)))
    best = order.gather(first).with_columns(
        pl.Series("runner_up", runner_up).replace(-np.inf, None), pl.Series("in_catalog", in_catalog)
    )
    return order, best.join(_tied(order, index), on="mention", how="left", maintain_order="left")


def _tied(order: pl.DataFrame, index: CatalogIndex) -> pl.DataFrame:
    """Return mention and the ids of the candidates whose score is that of the best, at most four."""
    near = order.filter(pl.col("score") > pl.col("score").max().over("mention") - TIE)
    ids = pl.Series("id", pl.from_arrow(index.entities["id"].take(near["entity"].to_arrow())), dtype=pl.String)
    return near.with_columns(ids).group_by("mention", maintain_order=True).agg(pl.col("id").head(4).alias("tied"))


def _decided(part: Gathered, index: CatalogIndex, model: LinkerModel, settings: LinkSettings) -> pa.Table:
    order, best = scored(part, model, index)
    found = part.pairs.select(FEATURES).cast(pl.Float32)
    names = pl.Series("name", pl.from_arrow(index.entities["name"].take(best["entity"].to_arrow())), dtype=pl.String)
    best = best.with_columns(names).hstack(found[best["row"].to_numpy()])
    rows = part.mentions.join(best, on="mention", how="left", maintain_order="left")
    thresholds = Thresholds(model.threshold_for(settings.precision), model.nil_threshold, model.nothing_found)
    decided = decide(rows, thresholds)
    nil = decided.filter(pl.col("decision") == "nil")
    ids = nil.select("mention", provisional_ids(nil, settings.ontology).alias("provisional_id"))
    decided = decided.join(ids, on="mention", how="left", maintain_order="left")
    decided = decided.with_columns(_entity_ids(decided["best_row"], index).alias("best_entity_id")).with_columns(
        pl.when(pl.col("decision") == "link").then("best_entity_id").alias("entity_id")
    )
    shown = _shown(order, part, index, settings.shown)
    decided = decided.join(shown, on="mention", how="left", maintain_order="left").with_columns(
        pl.col("candidates").fill_null([])
    )
    return decided.select(DECISIONS.names).to_arrow().cast(DECISIONS)


def _entity_ids(rows: pl.Series, index: CatalogIndex) -> pl.Series:
    ids = index.entities["id"].take(rows.cast(pl.Int64).to_arrow())
    return pl.Series("id", pl.from_arrow(ids), dtype=pl.String)


def _shown(order: pl.DataFrame, part: Gathered, index: CatalogIndex, limit: int) -> pl.DataFrame:
    """Return mention and its best candidates as a list of structs."""
    top = order.group_by("mention", maintain_order=True).head(limit)
    rows = top["row"].to_numpy()
    pairs = part.pairs.select("alias", "channels")[rows]
    names = sorted(range(len(CHANNELS)), key=CHANNELS.__getitem__)
    channels = pl.concat_list(
        [pl.when((pl.col("channels") & (1 << n)) > 0).then(pl.lit(CHANNELS[n])) for n in names]
    ).list.drop_nulls()
    features = pl.Series("features", part.features[rows], dtype=pl.Array(pl.Float32, len(FEATURES))).cast(
        pl.List(pl.Float32)
    )
    table = (
        top.select("mention", "score", "probability")
        .hstack(pairs)
        .with_columns(_entity_ids(top["entity"], index).alias("entity_id"), channels.alias("channels"), features)
    )
    fields = ("entity_id", "alias", "channels", "features", "score", "probability")
    return table.group_by("mention", maintain_order=True).agg(pl.struct(fields).alias("candidates"))
