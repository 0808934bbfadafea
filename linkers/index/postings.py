"""Hashed postings: which rows a key leads to, in three memory-mapped arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from linkers.grouping import Groups
from linkers.normalization import key_hashes


@dataclass(frozen=True, slots=True)
class Hits:
    """Pairs of a query and a row that it found, ordered by query, best first.

    query:  int32, position of the query among those asked.
    target: int32, row of the alias table, or of the entity table where said so.
    score:  float32 in [0, 1].
    """

    query: NDArray[np.int32]
    target: NDArray[np.int32]
    score: NDArray[np.float32]

    @classmethod
    def found(cls, query: NDArray[np.int64], target: NDArray[np.int32]) -> "Hits":
        """Return hits of score 1."""
        return cls(query.astype(np.int32), target.astype(np.int32), np.ones(len(query), dtype=np.float32))

    def first(self, limit: int) -> "Hits":
        """Return the first so many of each query."""
        kept = Groups.of(self.query).places < limit
        return Hits(self.query[kept], self.target[kept], self.score[kept])


class Postings:
    """Sorted 64-bit keys, each with a list of rows, best first.

    keys: uint64 (k,), ascending, distinct. starts: int64 (k + 1,). rows: int32, rows of key i at [starts[i],
          starts[i + 1]).
    Two different keys of the same hash (1 in 10^7 for a million keys) would share their rows.
    """

    def __init__(self, keys: NDArray[np.uint64], starts: NDArray[np.int64], rows: NDArray[np.int32]) -> None:
        self._keys, self._starts, self.rows = keys, starts, rows

    @staticmethod
    def write(
        folder: Path, name: str, keys: NDArray[np.uint64], rows: NDArray[np.int32], rank: NDArray[np.int32]
    ) -> None:
        """Write the postings of pairs (key, row); a pair that stands twice counts once.

        rank: int32, of every row there is; rows of a key are ordered by it, low first, then by number.
        """
        order = np.lexsort((rows, rank[rows], keys)) if len(rows) else np.empty(0, np.int64)
        keys, rows = keys[order], rows[order]
        first = np.ones(len(keys), dtype=bool)
        first[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
        keys, rows = keys[first], rows[first]
        distinct, begins = np.unique(keys, return_index=True)
        starts = np.append(begins, len(keys)).astype(np.int64)
        for part, values in (("keys", distinct), ("starts", starts), ("rows", rows.astype(np.int32))):
            np.save(folder / f"{name}.{part}.npy", values)

    @classmethod
    def open(cls, folder: Path, name: str) -> "Postings":
        """Map the arrays into memory; nothing is read before it is asked for."""
        # copy-on-write: to compiled code a read-only array would be another type, compiled once more
        arrays = (np.load(folder / f"{name}.{part}.npy", mmap_mode="c") for part in ("keys", "starts", "rows"))
        return cls(*(np.asarray(array) for array in arrays))

    def _find(self, keys: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        place = np.searchsorted(self._keys, keys)
        place[place == len(self._keys)] = 0
        there = self._keys[place] == keys if len(self._keys) else np.zeros(len(keys), dtype=bool)
        return place, there

    def contains(self, keys: Sequence[str]) -> NDArray[np.bool_]:
        """Return for each key whether it leads to any row."""
        return self._find(key_hashes(keys))[1]

    def frequency(self, keys: Sequence[str]) -> NDArray[np.int64]:
        """Return for each key how many rows it leads to, int64."""
        begins, ends = self.places(keys)
        return ends - begins

    def places(self, keys: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the rows of each key begin and end in `rows`, int64; equal for a key that leads nowhere."""
        if not len(self._keys):
            return np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
        place, there = self._find(key_hashes(keys))
        begins = self._starts[place]
        return begins, np.where(there, self._starts[place + 1], begins)

    def lookup(self, keys: Sequence[str], limit: int | None = None) -> Hits:
        """Return the rows of each key; with `limit` only the first so many of a key."""
        begins, ends = self.places(keys)
        sizes = ends - begins if limit is None else np.minimum(ends - begins, limit)
        query = np.repeat(np.arange(len(sizes)), sizes)
        within = np.arange(len(query)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return Hits.found(query, self.rows[np.repeat(begins, sizes) + within])
