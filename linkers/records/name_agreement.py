"""Whether two records can bear one name: likeness in everything else makes tracks of one album no one track."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from linkers.clustering.same_name import bare, same_name
from linkers.normalization import normalize
from linkers.records.catalog_table import LIST

SURE = 0.7
"""Names are writings of one from this `same_name` on."""
HELD_OF_SHORTER = 0.75
HELD_OF_LONGER = 0.7
"""So much of the words of the shorter and the longer name must stand somewhere in the other record."""
_WORD = re.compile(r"\w+")
_KEYS = ("record_id", "source")


class NameAgreement:
    """Names and words of the records of a table (see `catalog_table`), asked for pairs.

    Names agree when a name or alias of one is a writing of a name or alias of the other; or when they share a word, and
    most words of both names stand in the other record, wherever ("Artist - Title" in one cell), and all numbers do.
    Slips of typing are passed over.
    """

    def __init__(self, table: pa.Table) -> None:
        self._place = {key: place for place, key in enumerate(table["record_id"].to_pylist())}
        self._main = [normalize(name or "") for name in table["name"].to_pylist()]
        aliases = table["aliases"].to_pylist() if "aliases" in table.column_names else [None] * table.num_rows
        self._names = [
            [bare(key), *(bare(normalize(alias)) for alias in (other or "").split(LIST) if alias)]
            for key, other in zip(self._main, aliases, strict=True)
        ]
        others = [name for name in table.column_names if name not in _KEYS]
        cells = zip(*(table[name].to_pylist() for name in others), strict=True)
        self._cells = [" ".join(filter(None, row)) for row in cells]
        self._words: dict[int, frozenset[str]] = {}

    def agree(self, left: Sequence[str], right: Sequence[str]) -> NDArray[np.bool_]:
        """Return whether the names of each pair of record ids agree, (n,)."""
        return np.fromiter(map(self._agrees, left, right), np.bool_, len(left))

    def _agrees(self, left: str, right: str) -> bool:
        a, b = self._place[left], self._place[right]
        if any(same_name(one, other) >= SURE for one in self._names[a] for other in self._names[b] if one and other):
            return True
        shorter, longer = sorted((a, b), key=lambda place: (len(self._main[place].split()), place))
        words, beside = (frozenset(map(_plain, self._main[place].split())) for place in (shorter, longer))
        if not any(word in beside or _slipped(word, beside) for word in words):
            return False  # "Leeds" stands in what is said of England, and "England" in what is said of Leeds
        return self._held(shorter, longer, HELD_OF_SHORTER) and self._held(longer, shorter, HELD_OF_LONGER)

    def _held(self, place: int, other: int, least: float) -> bool:
        """Say whether enough words of a record's name, and all numbers, stand in another record."""
        words = [_plain(word) for word in self._main[place].split()]
        text = self._text(other)
        held = [word in text or _slipped(word, text) for word in words]
        if not words or not all(found for word, found in zip(words, held, strict=True) if word.isdigit()):
            return False
        return sum(held) >= least * len(words)

    def _text(self, place: int) -> frozenset[str]:
        if place not in self._words:
            self._words[place] = frozenset(map(_plain, _WORD.findall(normalize(self._cells[place]))))
        return self._words[place]


def _plain(word: str) -> str:
    return (word.lstrip("0") or "0") if word.isdigit() else word


def _slipped(word: str, text: frozenset[str]) -> bool:
    """Say whether a slip of typing away from a word there is one in a text."""
    if word.isdigit() or len(word) < 4:
        return False
    most = 2 if len(word) >= 8 else 1
    return any(OSA.distance(word, other, score_cutoff=most) <= most for other in text if len(other) >= 3)
