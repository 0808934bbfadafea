"""Channel exact: the surface's key, or a variant of it, is that of a name."""

from collections.abc import Sequence

import numpy as np

from linkers.index import CatalogIndex, Hits
from linkers.normalization import key_variants, normalize

_HONORIFICS = frozenset(
    (
        *("mr", "mrs", "ms", "miss", "mister", "sir", "dame", "lady", "lord", "dr", "doctor", "prof", "professor"),
        *("madame", "mme", "mlle", "mademoiselle", "monsieur", "herr", "frau", "signor", "signora", "rev", "reverend"),
    )
)


def _without_honorific(surface: str) -> list[str]:
    title, _, name = normalize(surface).partition(" ")
    return [name] if name and title in _HONORIFICS else []


def exact_hits(surfaces: Sequence[str], index: CatalogIndex) -> Hits:
    """Return the alias rows that have the key of a surface, a variant of it, or the key without an honorific."""
    variants = [(*key_variants(surface), *_without_honorific(surface)) for surface in surfaces]
    owner = np.repeat(np.arange(len(surfaces)), [len(each) for each in variants])
    hits = index.exact([key for each in variants for key in each])
    return Hits(owner[hits.query].astype(np.int32), hits.target, hits.score)
