"""Character 3-grams weighed by how rare they are: names that are written nearly alike."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

from linkers.index.postings import Hits
from linkers.normalization import latin

GRAM_BUCKETS = 1 << 18
_ROWS_AT_ONCE = 256


def _vectorizer() -> HashingVectorizer:
    return HashingVectorizer(
        analyzer="char_wb",
        ngram_range=(3, 3),
        n_features=GRAM_BUCKETS,
        norm=None,
        alternate_sign=False,
        lowercase=False,
    )


def _counts(keys: Sequence[str]) -> sparse.csr_matrix:
    # the vectorizer refuses an empty list, and an empty catalog is a catalog; the extra row is cut off again
    return sparse.csr_matrix(_vectorizer().transform([*map(latin, keys), ""]), dtype=np.float32)[: len(keys)]


def _unit(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags_array(1.0 / np.maximum(norms, 1e-9)).astype(np.float32) @ matrix)


class NgramIndex:
    """TF-IDF vectors of all alias keys over hashed character 3-grams, stored gram by gram."""

    def __init__(self, grams: sparse.csr_matrix, rarity: NDArray[np.float32]) -> None:
        self._grams, self._rarity = grams, rarity

    @staticmethod
    def write(folder: Path, keys: Sequence[str]) -> None:
        """Write the vectors of keys, one row of the alias table each."""
        counts = _counts(keys)
        frequency = np.bincount(counts.indices, minlength=GRAM_BUCKETS)
        rarity = (np.log((1 + len(keys)) / (1 + frequency)) + 1).astype(np.float32)
        weighed = _unit(sparse.csr_matrix(counts.multiply(rarity[None, :]), dtype=np.float32))
        by_gram = sparse.csr_matrix(weighed.T)
        by_gram.sort_indices()
        np.save(folder / "ngrams.rarity.npy", rarity)
        for part in ("data", "indices", "indptr"):
            np.save(folder / f"ngrams.{part}.npy", getattr(by_gram, part))

    @classmethod
    def open(cls, folder: Path, size: int) -> "NgramIndex":
        """Map the vectors of `size` aliases into memory."""
        parts = [np.load(folder / f"ngrams.{part}.npy", mmap_mode="r") for part in ("data", "indices", "indptr")]
        empty: Any = sparse.csr_matrix
        grams = empty((GRAM_BUCKETS, size), dtype=np.float32)
        # assigned, not passed: the constructor would read every index to check it
        grams.data, grams.indices, grams.indptr = parts
        return cls(grams, np.load(folder / "ngrams.rarity.npy", mmap_mode="r"))

    def search(self, keys: Sequence[str], limit: int) -> Hits:
        """Return for each key the `limit` aliases of highest cosine, ties by row."""
        if not keys or not self._grams.shape[1]:
            return Hits.found(np.empty(0, np.int64), np.empty(0, np.int32))
        queries = _unit(sparse.csr_matrix(_counts(keys).multiply(np.asarray(self._rarity)[None, :]), dtype=np.float32))
        parts = [
            self._search(queries[start : start + _ROWS_AT_ONCE], limit) for start in range(0, len(keys), _ROWS_AT_ONCE)
        ]
        query = np.concatenate([part.query + number * _ROWS_AT_ONCE for number, part in enumerate(parts)])
        return Hits(
            query.astype(np.int32),
            np.concatenate([part.target for part in parts]),
            np.concatenate([part.score for part in parts]),
        )

    def _search(self, queries: sparse.csr_matrix, limit: int) -> Hits:
        product = sparse.csr_matrix(queries @ self._grams)
        query, target, score = [], [], []
        for row in range(product.shape[0]):
            begin, end = product.indptr[row], product.indptr[row + 1]
            # rounded so that the order of additions cannot decide between equal names
            values, names = np.round(product.data[begin:end], 5), product.indices[begin:end]
            if len(values) > limit:
                edge = np.partition(values, -limit)[-limit]
                kept = values >= edge
                values, names = values[kept], names[kept]
            order = np.lexsort((names, -values))[:limit]
            query.append(np.full(len(order), row, dtype=np.int32))
            target.append(names[order].astype(np.int32))
            score.append(np.minimum(values[order], 1.0).astype(np.float32))
        return Hits(np.concatenate(query), np.concatenate(target), np.concatenate(score))
