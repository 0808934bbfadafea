"""The candidates of mentions as a model orders them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkers.grouping import Groups, Ints
from linkers.scoring.gathering import Gathered
from linkers.scoring.model import LinkerModel

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ranked:
    """Candidates with score and probability, best first within their mention.

    rows: of the candidates in the part's pairs. mentions: which of them belong to one mention.
    score, probability (6 decimals): of each candidate. runner_up (score of the second, -inf without), in_catalog
    (probability that any candidate is meant): of each mention that has candidates.
    """

    rows: Ints
    mentions: Groups
    score: Floats
    probability: Floats
    runner_up: Floats
    in_catalog: Floats

    @property
    def best(self) -> Ints:
        """The place here of the best candidate of each mention that has some."""
        return self.mentions.starts


def ranked(part: Gathered, model: LinkerModel) -> Ranked:
    """Return the candidates of a part best first; equal scores go by entity."""
    scores = model.rank(part.features)
    mention = part.pairs["row"]
    rows = np.lexsort((-scores, mention))
    score, groups = scores[rows], Groups.of(mention[rows])
    second = np.minimum(groups.starts + 1, max(len(score) - 1, 0))
    runner_up = np.where(groups.sizes > 1, score[second], -np.inf)
    in_catalog = model.in_catalog(part.features[rows[groups.starts]], score[groups.starts], runner_up)
    shares = model.shares(score, groups.numbers) if len(score) else score
    return Ranked(rows, groups, score, np.round(shares * groups.spread(in_catalog), 6), runner_up, in_catalog)
