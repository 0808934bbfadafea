"""Channel exact: the surface's key, or a variant of it, is that of a name."""

from collections.abc import Sequence

import numpy as np

from linkers.index import CatalogIndex, Hits
from linkers.normalization import key_variants


def exact_hits(surfaces: Sequence[str], index: CatalogIndex) -> Hits:
    """Return the alias rows that have the key of a surface, or a variant of it."""
    variants = [key_variants(surface) for surface in surfaces]
    owner = np.repeat(np.arange(len(surfaces)), [len(each) for each in variants])
    hits = index.exact([key for each in variants for key in each])
    return Hits(owner[hits.query].astype(np.int32), hits.target, hits.score)
