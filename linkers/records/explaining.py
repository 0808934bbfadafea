"""What spoke for and against a pair, in words."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.records.pair_model import PairModel

_LEAST = 0.5


def evidence(model: PairModel, features: NDArray[np.float32]) -> pl.Series:
    """Return one text a pair: the two columns that spoke most for it, the one that spoke most against it.

    features: float32 (pairs, features). What belongs to one column of the table is added up; "all" is the whole.
    """
    columns = list(dict.fromkeys(name.partition(": ")[0] for name in model.features))
    spoken = np.zeros((len(features), len(columns)))
    bins = model.bins(features)
    for place, (name, weights) in enumerate(zip(model.features, model.weights, strict=True)):
        spoken[:, columns.index(name.partition(": ")[0])] += np.asarray(weights)[bins[:, place]]
    if not len(features):
        return pl.Series([], dtype=pl.String)
    order = np.argsort(-spoken, axis=1, kind="stable")
    second = order[:, min(1, len(columns) - 1)]
    chosen = np.stack([order[:, 0], second, order[:, -1]], axis=1)
    said = np.take_along_axis(spoken, chosen, axis=1)
    flags = np.stack(
        [said[:, 0] >= _LEAST, (said[:, 1] >= _LEAST) & (second != order[:, 0]), said[:, 2] <= -_LEAST], axis=1
    )
    codes = (np.where(flags, chosen + 1, 0) * np.asarray([1, len(columns) + 1, (len(columns) + 1) ** 2])).sum(axis=1)
    distinct, number = np.unique(codes, return_inverse=True)
    texts = [_said(int(code), columns) for code in distinct]
    return pl.Series(texts, dtype=pl.String).gather(number)


def _said(code: int, columns: list[str]) -> str:
    size = len(columns) + 1
    first, second, against = code % size, code // size % size, code // size**2
    named = [
        "the whole record" if columns[place - 1] == "all" else columns[place - 1] for place in (first, second) if place
    ]
    text = f"for: {', '.join(named)}" if named else "nothing speaks for it"
    if against:
        text += f"; against: {'the whole record' if columns[against - 1] == 'all' else columns[against - 1]}"
    return text
