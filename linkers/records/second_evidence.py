"""Whether more than a name speaks for two records being one thing: equal names alone join nothing."""

import re
from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkers.normalization import normalize
from linkers.records.catalog_table import NAMES

COMMON = 0.05
"""A word that a larger share of the records has says nothing about one of them."""
ENOUGH = 0.75
"""So much of what a word says that two records alone share must shared words say together."""
LONG_NAME = 3
"""Names that share so many words, none of them common, speak for themselves."""
NAME_ALONE = 0.7
"""Highest probability of a pair for which the name alone speaks: how many namesakes there are, no table tells."""
_WORD = re.compile(r"\w+")
_KEYS = ("record_id", "source")


class SecondEvidence:
    """Words of the records of a table (see `catalog_table`), asked for pairs.

    Second evidence are words that both records have, that stand outside the name in at least one of them, that are not
    common, and that are rare enough together: what a word says is log(records / records that have it). Or a long name.
    """

    def __init__(self, table: pa.Table) -> None:
        others = [name for name in table.column_names if name not in (*NAMES, *_KEYS)]
        self._names = _words(table, [name for name in NAMES if name in table.column_names])
        self._beside = _words(table, others)
        self._place = {key: place for place, key in enumerate(table["record_id"].to_pylist())}
        held = Counter(word for a, b in zip(self._names, self._beside, strict=True) for word in a | b)
        most = max(len(set(table["source"].to_pylist())), 2, COMMON * table.num_rows)
        self._says = {word: log(table.num_rows / count) for word, count in held.items() if count <= most}
        self._enough = ENOUGH * log(max(table.num_rows, 2) / 2)

    def speaks_for(self, left: Sequence[str], right: Sequence[str]) -> NDArray[np.bool_]:
        """Return whether there is second evidence for each pair of record ids, (n,)."""
        return np.fromiter(map(self._speaks, left, right), np.bool_, len(left))

    def _speaks(self, left: str, right: str) -> bool:
        a, b = self._place[left], self._place[right]
        in_names = self._names[a] & self._names[b]
        shared = (self._names[a] | self._beside[a]) & (self._names[b] | self._beside[b])
        told = [self._says[word] for word in shared - in_names if word in self._says]
        if told and sum(told) >= self._enough:
            return True
        return sum(word in self._says for word in in_names) >= LONG_NAME


def _words(table: pa.Table, columns: Sequence[str]) -> list[frozenset[str]]:
    """Return the words of each record in some columns."""
    cells = zip(*(table[name].to_pylist() for name in columns), strict=True) if columns else [()] * table.num_rows
    return [frozenset(_WORD.findall(normalize(" ".join(filter(None, row))))) for row in cells]
