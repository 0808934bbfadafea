"""How many words of an entity's description stand in the text around a mention."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linkers.columns import Columns
from linkers.extraction.common_words import is_common
from linkers.grouping import found_at, paired, ranges
from linkers.index import CatalogIndex

_WORD = re.compile(r"[^\W_]{3,}")
_COMMON_WORTH, _RARE_WORTH = 0.25, 1.0
_ENOUGH = 3.0


def description_feature(pairs: Columns, mentions: Columns, index: CatalogIndex) -> NDArray[np.float64]:
    """Return how many words of the description stand in the context, the surface's own left out, in [0, 1].

    pairs: row (of mentions), entity. mentions: surface, context.
    """
    found = np.zeros(pairs.height)
    rows = np.flatnonzero(index.described[pairs["entity"]])
    if not len(rows):
        return found
    entities, described = np.unique(pairs["entity"][rows], return_inverse=True)
    number: dict[str, int] = {}
    texts = index.entities["description"].take(pa.array(entities)).to_pylist()
    told = _numbered([set(_words(text)) for text in texts], lambda word: number.setdefault(word, len(number)))
    places, place = _distinct(mentions, pairs["row"][rows])
    spoken = [set(_words(context)).difference(_words(surface)) for surface, context in places]
    # words that no description has are no evidence
    said = _numbered(spoken, lambda word: number.get(word, -1))
    worth = np.array([_COMMON_WORTH if is_common(word) else _RARE_WORTH for word in number])
    keys = np.sort(paired(said[0], said[1])[said[1] >= 0])
    starts = np.searchsorted(told[0], np.arange(len(entities) + 1))
    pair, where = np.unique(paired(place, described), return_inverse=True)
    sizes = np.diff(starts)[pair & _LOW]
    word = told[1][ranges(starts[:-1][pair & _LOW], sizes)]
    owner = np.repeat(np.arange(len(pair)), sizes)
    shared = found_at(paired((pair >> 32)[owner], word), keys) >= 0
    sums = np.bincount(owner[shared], weights=worth[word[shared]], minlength=len(pair))
    found[rows] = np.round(np.clip(sums / _ENOUGH, 0.0, 1.0), 4)[where]
    return found


_LOW = (1 << 32) - 1


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _numbered(texts: Sequence[set[str]], number: Callable[[str], int]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the text and the number of each word of some texts, ordered by text."""
    sizes = [len(words) for words in texts]
    numbers = np.fromiter((number(word) for words in texts for word in words), dtype=np.int64, count=sum(sizes))
    return np.repeat(np.arange(len(texts)), sizes), numbers


def _distinct(mentions: Columns, rows: NDArray[Any]) -> tuple[list[tuple[str, str]], NDArray[np.int64]]:
    """Return the different surfaces with their context among some mentions, and which of them each row has."""
    wanted, where = np.unique(rows, return_inverse=True)
    texts = list(zip(mentions["surface"][wanted].tolist(), mentions["context"][wanted].tolist(), strict=True))
    number = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return list(number), np.array([number[text] for text in texts], dtype=np.int64)[where]
