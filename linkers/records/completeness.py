"""How many of the true pairs were compared, estimated from what was found."""

import numpy as np
from numpy.typing import NDArray

from linkers.records.features import Features
from linkers.records.judging import Judged
from linkers.records.learning import probability
from linkers.records.searching import Found

AGREE = 0.3
"""Cosine of a column from which the column alone would show that two records are alike. Picked with labels, of four."""


def pair_completeness(found: Found, told: Features, judged: Judged, root: NDArray[np.int64]) -> float:
    """Return the estimated share of the true pairs that were compared, in [0, 1]; 1.0 where nothing was joined.

    Two losses are seen, and their remainders multiplied. Within clusters: pairs that the clusters hold and that were
    never compared, as budgets keep so many others of a record. Between them: pairs with nothing to be found by. The two
    columns that agree in most joined pairs are taken as two captures: how often one agrees without the other says how
    often neither does (Lincoln and Petersen). What both columns hide alike, such as a record without any text, no
    estimate from the table itself can see; so this is an upper bound in that case.
    """
    within = root[found.left] == root[found.right]
    sizes = np.bincount(root).astype(np.float64)
    held = float((sizes * (sizes - 1) / 2).sum())
    if held <= 0:
        return 1.0
    return float(np.clip(within.sum() / held, 0.0, 1.0)) * _by_columns(told, probability(judged.log_odds) * within)


def _by_columns(told: Features, weight: NDArray[np.float64]) -> float:
    """Return which share of the joined pairs two columns leave, weight: (pairs,) how surely each is one."""
    columns = [told.values[:, place] >= AGREE for place, kind in enumerate(told.kinds) if kind == "cosine"]
    columns.sort(key=lambda agrees: -float(weight[agrees].sum()))
    total = float(weight.sum())
    if len(columns) < 2 or total <= 0:
        return 1.0
    one, other = columns[:2]
    both, neither = (float(weight[which].sum()) for which in (one & other, ~one & ~other))
    first, second = (float(weight[which].sum()) for which in (one & ~other, other & ~one))
    unseen = first * second / max(both, 1.0) - neither
    return total / (total + max(unseen, 0.0))
