"""Channel vector: the surface means something like an entity's name and description."""

import numpy as np
from numpy.typing import NDArray

from linkers.blocking.settings import BlockingSettings
from linkers.index import CatalogIndex, Hits


def vector_hits(
    vectors: NDArray[np.float32], index: CatalogIndex, settings: BlockingSettings, name_rows: NDArray[np.int32]
) -> Hits:
    """Return the nearest entities of each vector, each by its name's alias row; lines of zeros find nothing.

    name_rows: int32, alias row of the name of each entity row.
    """
    asked = np.flatnonzero(np.any(vectors != 0, axis=1))
    hits = index.vector_search(vectors[asked], settings.vector)
    return Hits(asked[hits.query].astype(np.int32), name_rows[hits.target], hits.score)
