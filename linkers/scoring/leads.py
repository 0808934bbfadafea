"""By how much a candidate is ahead of the best of the others."""

import numpy as np

from linkers.columns import Column
from linkers.grouping import Groups


def lead(values: Column, mentions: Groups) -> Column:
    """Return by how much each value is ahead of its mention's best other one, below 0 when behind; 0 when alone."""
    highest = mentions.spread(mentions.highest(values))
    first = values == highest
    best_but_one = mentions.highest(np.where(first, -np.inf, values))
    several = mentions.sum(first) > 1
    second = np.where(several, mentions.highest(values), best_but_one)
    rest = np.where(first, mentions.spread(second), highest)
    return np.where(mentions.spread(mentions.sizes > 1), values - np.where(np.isinf(rest), 0.0, rest), 0.0)
