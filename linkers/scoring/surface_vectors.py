"""Which surfaces are compared by vector: one rule for linking and for what questions it."""

import numpy as np
from numpy.typing import NDArray

from linkers.index import CatalogIndex
from linkers.scoring.names import Names
from linkers.scoring.text_vectors import TextVectors


def surface_vectors(names: Names, index: CatalogIndex, vectors: TextVectors) -> NDArray[np.float32] | None:
    """Return a vector for each surface that is not exactly a name of several words, (n, d); zeros for the others.

    names: the surfaces. None without vectors.
    """
    if not vectors.available:
        return None
    wanted = np.flatnonzero(~(index.contains(names.keys) & (names.size >= 2)))
    lines = np.zeros((len(names.texts), index.vectors.shape[1]), dtype=np.float32)
    if len(wanted):
        lines[wanted] = vectors.of([names.texts[row] for row in wanted.tolist()])
    return lines
