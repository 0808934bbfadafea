"""What extraction asks of the catalog index, and nothing more."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


class Postings(Protocol):
    """Pairs of a query's position and a row that it hit."""

    @property
    def query(self) -> NDArray[np.int32]:
        """Position of the query among those asked, int32."""

    @property
    def target(self) -> NDArray[np.int32]:
        """Row of the alias table, int32."""


class NameIndex(Protocol):
    """Names of the catalog under their keys, and which entities are related."""

    @property
    def version(self) -> str:
        """Content id of the index."""

    @property
    def aliases(self) -> pa.Table:
        """One row a name: alias (verbatim), key, entity (row of `entities`)."""

    @property
    def entities(self) -> pa.Table:
        """One row an entity, among its columns the type."""

    def contains(self, keys: Sequence[str]) -> NDArray[np.bool_]:
        """Return for each key whether a name may have it; True may be wrong, False never."""

    def exact(self, keys: Sequence[str]) -> Postings:
        """Return the alias rows that have one of the keys."""

    def phonetic(self, codes: Sequence[str]) -> Postings:
        """Return the alias rows whose key sounds like one of the codes."""

    def ngram_search(self, keys: Sequence[str], limit: int) -> Postings:
        """Return for each key the alias rows that share most character n-grams with it."""

    def token_frequency(self, tokens: Sequence[str]) -> NDArray[np.int64]:
        """Return for each token how many names hold it."""

    def neighbours(self, entity_rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the related entities of each row as (indptr, rows), either direction."""
