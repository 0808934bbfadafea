"""Which surfaces are compared by vector: one rule for linking and for what questions it."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.index import CatalogIndex
from linkers.scoring.context_evidence import TextVectors


def surface_vectors(names: pl.DataFrame, index: CatalogIndex, vectors: TextVectors) -> NDArray[np.float32] | None:
    """Return a vector for each surface that is not exactly a name of several words, (n, d); zeros for the others.

    names: `describe` of the surfaces. None without vectors.
    """
    if not vectors.available:
        return None
    known = index.contains(names["key"].to_list())
    wanted = np.flatnonzero(~(known & (names["size"].to_numpy() >= 2)))
    lines = np.zeros((names.height, index.vectors.shape[1]), dtype=np.float32)
    if len(wanted):
        lines[wanted] = vectors.of(names["text"].gather(wanted).to_list())
    return lines
