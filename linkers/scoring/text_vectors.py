"""Vectors of texts, and how near they are to entities."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from linkers.encoding import Encoder
from linkers.index import CatalogIndex

_AT_ONCE = 20_000

Vectors = NDArray[np.float32]


class TextVectors:
    """Vectors of texts, each distinct text encoded once. encoder None: no vectors."""

    def __init__(self, encoder: Encoder | None) -> None:
        self._encoder = encoder
        self._rows: dict[str, int] = {}
        self._vectors: list[Vectors] = []

    @classmethod
    def of_index(cls, encoder: Encoder | None, index: CatalogIndex) -> "TextVectors":
        """Return vectors that can be compared with an index's; none when it holds none."""
        return cls(encoder if index.vectors.shape[1] else None)

    @property
    def available(self) -> bool:
        """Whether there is an encoder."""
        return self._encoder is not None

    def of(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, (len(texts), dimensions)."""
        assert self._encoder is not None
        new = sorted(set(texts) - self._rows.keys())
        if new:
            self._vectors.append(self._encoder.encode(new))
            self._rows |= {text: row for row, text in enumerate(new, start=len(self._rows))}
            self._vectors = [np.vstack(self._vectors)]
        return self._vectors[0][[self._rows[text] for text in texts]]


def unit(vectors: Vectors) -> Vectors:
    """Return vectors at unit length, (n, d); lines of zeros stay."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def cosines(
    rows: NDArray[np.integer], entities: NDArray[np.integer], encoded: Vectors, index: CatalogIndex
) -> NDArray[np.float64]:
    """Return the cosine of each pair of a row of `encoded` and an entity's vector.

    3 decimals: vectors differ by noise with what is encoded together.
    """
    values = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        values[part] = np.einsum("ij,ij->i", encoded[rows[part]], index.vectors[entities[part]].astype(np.float32))
    return np.asarray(np.round(values.astype(np.float64), 3), dtype=np.float64)


def distinct_cosines(
    rows: NDArray[np.integer], entities: NDArray[np.integer], encoded: Vectors, index: CatalogIndex
) -> NDArray[np.float64]:
    """Return what `cosines` does; a pair that stands several times is compared once."""
    pairs, places = np.unique((rows.astype(np.int64) << 32) | entities.astype(np.int64), return_inverse=True)
    return cosines(pairs >> 32, pairs & ((1 << 32) - 1), encoded, index)[places]
