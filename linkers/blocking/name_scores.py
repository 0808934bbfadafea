"""How alike two names are written: rapidfuzz over whole columns of pairs."""

from typing import Any

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler, Levenshtein

NAME_SCORES = ("ratio", "jaro_winkler", "token_set", "token_sort")
_SCORERS: tuple[tuple[Any, float], ...] = (
    (Levenshtein.normalized_similarity, 1.0),
    (JaroWinkler.normalized_similarity, 1.0),
    (fuzz.token_set_ratio, 100.0),
    (fuzz.token_sort_ratio, 100.0),
)


def name_scores(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of keys (columns `left`, `right`) with NAME_SCORES, float32 in [0, 1]; equal pairs once."""
    distinct = pairs.select("left", "right").unique(maintain_order=True)
    left, right = distinct["left"].to_list(), distinct["right"].to_list()
    columns = []
    for name, (scorer, top) in zip(NAME_SCORES, _SCORERS, strict=True):
        values = process.cpdist(left, right, scorer=scorer, dtype=np.float32, workers=-1) if left else np.empty(0)
        columns.append(pl.Series(name, np.asarray(values, dtype=np.float32) / np.float32(top)))
    return pairs.join(distinct.with_columns(columns), on=["left", "right"], how="left", maintain_order="left")
