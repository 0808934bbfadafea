"""Mentions in, decisions out: the one function behind `kg resolve` and `kg link`."""

import numpy as np
import pyarrow as pa

from linkers.clustering.provisional import NilMentions, provisional_ids
from linkers.columns import Columns
from linkers.deciding import KINDS, LINK, NIL, NOTHING, TIE, Decided, Thresholds, decide, reasons
from linkers.encoding import Encoder
from linkers.grouping import Ints
from linkers.index import CatalogIndex
from linkers.ranking import Ranked, ranked
from linkers.scoring.gathering import Gathered, gather
from linkers.scoring.model import LinkerModel
from linkers.scoring.settings import LinkSettings
from linkers.shown_candidates import shown_candidates
from schemas.batches import DECISIONS

__all__ = ["LinkSettings", "link"]

_MOST_TIED = 4


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


def _decided(part: Gathered, index: CatalogIndex, model: LinkerModel, settings: LinkSettings) -> pa.Table:
    order = ranked(part, model)
    best = part.pairs.take(order.rows[order.best]).plus(
        score=order.score[order.best],
        probability=order.probability[order.best],
        runner_up=order.runner_up,
        in_catalog=order.in_catalog,
    )
    thresholds = Thresholds(model.threshold_for(settings.precision), model.nil_threshold, model.nothing_found)
    decided = decide(best, thresholds)
    rows, height = best["row"], part.mentions.num_rows
    kind = np.full(height, NIL)
    kind[rows] = decided.kind
    probability = np.full(height, thresholds.nothing_found)
    probability[rows] = decided.probability
    entity = np.full(height, -1)
    entity[rows] = np.where(decided.names_one, best["entity"], -1)
    made = {
        "decision": pa.array([KINDS[number] for number in kind.tolist()], pa.string()),
        "entity_id": _ids(np.where(kind == LINK, entity, -1), index),
        "best_entity_id": _ids(entity, index),
        "probability": pa.array(probability),
        "provisional_id": _provisional(part.mentions, kind == NIL, settings),
        "reason": pa.array(_reasons(height, best, decided, order, part, index), pa.string()),
        "candidates": shown_candidates(part, order, index, settings.shown),
    }
    columns = [made[name] if name in made else part.mentions[name] for name in DECISIONS.names]
    return pa.table(columns, schema=DECISIONS)


def _ids(rows: Ints, index: CatalogIndex) -> pa.Array:
    """Return the ids of entity rows, null for -1."""
    return index.entity_ids.take(pa.array(rows, mask=rows < 0))


def _provisional(
    mentions: pa.Table, nil: np.ndarray[tuple[int], np.dtype[np.bool_]], settings: LinkSettings
) -> pa.Array:
    ids = np.full(len(nil), None, dtype=object)
    rows = np.flatnonzero(nil)
    if len(rows):
        ids[rows] = provisional_ids(NilMentions.of(mentions.take(pa.array(rows)), settings.ontology))
    return pa.array(ids, pa.string())


def _reasons(
    height: int, best: Columns, decided: Decided, order: Ranked, part: Gathered, index: CatalogIndex
) -> list[str]:
    names = index.entity_names.take(pa.array(best["entity"])).to_pylist()
    tied: list[list[str]] = [[] for _ in names]
    near = order.score > order.mentions.spread(order.score[order.best]) - TIE
    shown = np.flatnonzero(near & order.mentions.spread(decided.tie) & (order.mentions.places < _MOST_TIED))
    ids = _ids(part.pairs["entity"][order.rows[shown]], index).to_pylist()
    for number, entity_id in zip(order.mentions.numbers[shown].tolist(), ids, strict=True):
        tied[number].append(entity_id)
    sentences = [NOTHING] * height
    for row, sentence in zip(best["row"].tolist(), reasons(best, decided, names, tied), strict=True):
        sentences[row] = sentence
    return sentences
