"""How alike two names are written: rapidfuzz over whole columns of pairs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler, Levenshtein

NAME_SCORES = ("ratio", "jaro_winkler", "token_set")
_SCORERS: tuple[tuple[Any, float], ...] = (
    (Levenshtein.normalized_similarity, 1.0),
    (JaroWinkler.normalized_similarity, 1.0),
    (fuzz.token_set_ratio, 100.0),
)
_FEW = 4_000
"""So many pairs are scored sooner than threads are started."""


def name_scores(left: Sequence[str], right: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """Return NAME_SCORES of pairs of keys, float32 in [0, 1], (len(left),) each."""
    workers = 1 if len(left) < _FEW else -1
    scores = {}
    for name, (scorer, top) in zip(NAME_SCORES, _SCORERS, strict=True):
        values = process.cpdist(left, right, scorer=scorer, dtype=np.float32, workers=workers)
        scores[name] = np.asarray(values, dtype=np.float32) / np.float32(top)
    return scores
