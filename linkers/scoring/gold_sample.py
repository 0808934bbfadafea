"""Mentions with known meaning, with their candidates: what weights are fitted to and measured by."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkers.deciding import TIE
from linkers.encoding import Encoder
from linkers.index import CatalogIndex
from linkers.scoring.features import FEATURES
from linkers.scoring.gathering import gather
from linkers.scoring.model import LinkerModel
from linkers.scoring.settings import LinkSettings
from linkers.scoring.weights import Sample

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Place = tuple[str, int, int]
NIL = -1


@dataclass(frozen=True)
class GoldSample:
    """Mentions whose meaning is known and their candidates.

    doc_ids:  (m,) document of each mention. gold: (m,) row of its entity in the index, NIL for none.
    features: (n, f), float32, ordered by mention and entity. mention: (n,) index of the mention, rising; a mention
              without candidates has no row. entity: (n,) row in the index.
    """

    doc_ids: NDArray[np.str_]
    gold: Ints
    features: NDArray[np.float32]
    mention: Ints
    entity: Ints

    @property
    def found(self) -> Ints:
        """Mentions that have candidates, rising."""
        return np.unique(self.mention)

    @property
    def candidates(self) -> Sample:
        """The candidates as weights are fitted to them: of the mentions in `found`, in that order."""
        groups = np.cumsum(np.diff(self.mention, prepend=self.mention[:1]) > 0).astype(np.int64)
        return Sample(self.features, groups, self.entity == self.gold[self.mention], np.ones(len(self.found)))

    def take(self, kept: Flags) -> "GoldSample":
        """Return some of the mentions; kept: (m,)."""
        rows = kept[self.mention]
        mention = (np.cumsum(kept) - 1)[self.mention[rows]]
        return GoldSample(self.doc_ids[kept], self.gold[kept], self.features[rows], mention, self.entity[rows])


@dataclass(frozen=True)
class Scores:
    """What a model says before temperature and thresholds.

    rank: (n,) score of each candidate. in_catalog: (k,) probability, of the mentions that have candidates.
    """

    rank: Floats
    in_catalog: Floats


@dataclass(frozen=True)
class Answers:
    """A model's answers to the mentions of a sample, as `linkers.deciding.decide` gives them; (m,) each.

    probability: of the likeliest answer, an entity or NIL. right: whether that is gold's. linked: decision link.
    right_link: a link to gold's entity.
    """

    probability: Floats
    right: Flags
    linked: Flags
    right_link: Flags


def gold_sample(
    batch: pa.Table,
    meant: Mapping[Place, str | None],
    index: CatalogIndex,
    *,
    encoder: Encoder | None,
    settings: LinkSettings,
) -> GoldSample:
    """Return the mentions of a batch whose meaning is known, with the candidates that `link` would weigh.

    batch: MENTIONS of whole documents; the others are evidence. meant: entity id by (doc_id, start, end), None for
    NIL; each id must be in the index.
    """
    places: list[Place] = list(
        zip(batch["doc_id"].to_pylist(), batch["start"].to_pylist(), batch["end"].to_pylist(), strict=True)
    )
    known = np.array([place in meant for place in places], dtype=bool)
    chosen = [place for place in places if place in meant]
    number = np.cumsum(known) - 1
    features, mentions, entities = [np.empty((0, len(FEATURES)), np.float32)], [np.empty(0, np.int64)], []
    for part in gather(batch, index, encoder=encoder, settings=settings):
        mention, entity = part.mention, part.pairs["entity"].astype(np.int64)
        rows = np.flatnonzero(known[mention])
        features.append(part.features[rows])
        mentions.append(number[mention[rows]])
        entities.append(entity[rows])
    return GoldSample(
        np.array([place[0] for place in chosen], dtype=np.str_),
        index.row_of([meant[place] or "" for place in chosen]),
        np.vstack(features),
        np.concatenate(mentions),
        np.concatenate([np.empty(0, np.int64), *entities]),
    )


def joined_gold(parts: list[GoldSample]) -> GoldSample:
    """Return several samples as one; at least one."""
    sizes = np.cumsum([0, *(len(part.gold) for part in parts)])
    return GoldSample(
        np.concatenate([part.doc_ids for part in parts]),
        np.concatenate([part.gold for part in parts]),
        np.vstack([part.features for part in parts]),
        np.concatenate([part.mention + size for part, size in zip(parts, sizes, strict=False)]),
        np.concatenate([part.entity for part in parts]),
    )


def scores_of(model: LinkerModel, sample: GoldSample) -> Scores:
    """Return what a model says of each candidate and of each mention that has some."""
    rank = model.rank(sample.features)
    if not len(rank):
        return Scores(rank, np.empty(0))
    best, second = best_two(sample.candidates, rank)
    return Scores(rank, model.in_catalog(sample.features[best], rank[best], second))


def best_two(sample: Sample, rank: Floats) -> tuple[Ints, Floats]:
    """Return the row of each mention's best candidate and the score of its second, -inf without one."""
    order = np.lexsort((-rank, sample.groups))
    starts = sample.starts
    sizes = np.diff(np.append(starts, len(rank)))
    second = np.where(sizes > 1, rank[order[np.minimum(starts + 1, len(rank) - 1)]], -np.inf)
    return order[starts], second


def answers_of(model: LinkerModel, sample: GoldSample, scores: Scores, precision: float | None) -> Answers:
    """Return the answers that follow from scores by a model's temperature and thresholds.

    scores: of this model, or of others fitted like it. precision: the share of right links that is wanted, None for
    the model's own threshold.
    """
    size = len(sample.gold)
    probability = np.full(size, model.nothing_found)
    right = sample.gold == NIL
    linked, right_link = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    if len(scores.rank):
        part, found = sample.candidates, sample.found
        best, second = best_two(part, scores.rank)
        named = np.round(model.shares(scores.rank, part.groups)[best] * scores.in_catalog, 6)
        tie = scores.rank[best] - second < TIE
        nil = scores.in_catalog < model.nil_threshold
        names_one = ~nil & ((named >= 1.0 - scores.in_catalog) | (tie & (scores.in_catalog >= 0.5)))
        probability[found] = np.where(names_one, named, 1.0 - scores.in_catalog)
        right[found] = np.where(names_one, part.right[best], right[found])
        linked[found] = ~nil & ~tie & (named >= model.threshold_for(precision))
        right_link[found] = linked[found] & part.right[best]
    return Answers(probability, right, linked, right_link)
