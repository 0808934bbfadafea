"""Tables whose records are a name and nothing more: nothing can make up for a name that is another."""

import numpy as np
import polars as pl

from linkers.clustering.same_name import bare, same_name
from linkers.normalization import normalize
from linkers.records.features import Features
from linkers.records.judging import Judged
from linkers.records.learning import empty_model
from linkers.records.pair_model import PairModel
from linkers.records.plan import Plan
from linkers.records.searching import Found

_LEAST_COSINE = 0.35
"""Names that are one have at least so much of their letter groups in common."""
_FARTHEST = 8.0


def names_alone(plan: Plan) -> bool:
    """Say whether one column of names is all that is compared."""
    compared = [column for column in plan.columns if column.kind != "ignored" and not column.key]
    return len(compared) == 1 and compared[0].kind in ("name", "person", "title", "place")


def judge_names(cells: pl.DataFrame, plan: Plan, found: Found, told: Features) -> Judged:
    """Return whether the names of each pair are writings of one: other numbers and longer names are not."""
    column = next(column.name for column in plan.columns if column.kind != "ignored" and not column.key)
    names = [bare(normalize(text)) if text else () for text in cells[column].to_list()]
    sure = np.zeros(len(found.left))
    for pair in np.flatnonzero(told.values[:, 0] >= _LEAST_COSINE):
        left, right = names[found.left[pair]], names[found.right[pair]]
        sure[pair] = same_name(left, right) if left and right else 0.0
    log_odds = np.clip(np.log(np.maximum(sure, 1e-9) / np.maximum(1 - sure, 1e-9)), -_FARTHEST, _FARTHEST)
    edges = tuple((1.0,) if name == "all: cosine" else () for name in told.names)
    empty = empty_model(told.names, edges)
    weights = tuple(
        (-_FARTHEST, _FARTHEST, 0.0) if edge else row for edge, row in zip(edges, empty.weights, strict=True)
    )
    model = PairModel(told.names, edges, weights, 0.0)
    return Judged(log_odds, np.ones(len(log_odds), bool), model, float(sure.sum()))
