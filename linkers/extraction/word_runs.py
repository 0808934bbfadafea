"""Runs of words that may be names, of many texts at once: columns instead of a loop, since there are three a word."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkers.extraction.reading import Reading
from linkers.extraction.tokens import CLOSED, PUNCTUATED, gap_kind


@dataclass(frozen=True, slots=True)
class WordRuns:
    """Runs of words, in the order in which they are found; one entry of every array a run.

    first, last: int64, tokens [first, last) of all texts counted through.
    bare:        bool, the last token without its possessive 's.
    punctuated:  bool, punctuation stands between two of its words.
    code:        int64, position of the run's key in `keys`.
    keys:        the distinct keys.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    bare: NDArray[np.bool_]
    punctuated: NDArray[np.bool_]
    code: NDArray[np.int64]
    keys: list[str]

    def of_keys(self, chosen: AbstractSet[str]) -> "WordRuns":
        """Return the runs with one of the keys, ordered by (first, last), a bare one before the whole."""
        wanted = np.fromiter((key in chosen for key in self.keys), dtype=bool, count=len(self.keys))
        kept = np.flatnonzero(wanted[self.code])
        return self._taken(kept[np.lexsort((~self.bare[kept], self.last[kept], self.first[kept]))])

    def between(self, begin: int, end: int) -> "WordRuns":
        """Return the runs at the positions [begin, end)."""
        return self._taken(slice(begin, end))

    def _taken(self, chosen: NDArray[np.int64] | slice) -> "WordRuns":
        return WordRuns(
            self.first[chosen],
            self.last[chosen],
            self.bare[chosen],
            self.punctuated[chosen],
            self.code[chosen],
            self.keys,
        )


def word_runs(
    readings: Sequence[Reading], keys: Mapping[str, str], known: AbstractSet[str], max_words: int
) -> WordRuns:
    """Return every lone word, and every run of at most `max_words` known words that no closed gap parts.

    keys:  the key of each word of the texts, with and without possessive 's.
    known: keys of words that stand in some name.
    """
    texts = [(reading.text, token) for reading in readings for token in reading.tokens]
    whole = [keys[text[t.start : t.end]] for text, t in texts]
    bare = [keys[text[t.start : t.bare_end]] if t.bare_end != t.end else None for text, t in texts]
    gaps = np.fromiter(chain.from_iterable(map(_gaps, readings)), dtype=np.int8, count=len(texts))
    goes_on = np.fromiter((key in known for key in whole), dtype=bool, count=len(texts))
    ends_run = goes_on | np.fromiter((key in known for key in bare), dtype=bool, count=len(texts))
    words = pa.array(whole, pa.string()), pa.array(bare, pa.string())
    parts = list(_grown(words, gaps, goes_on, ends_run, max_words))
    first, last, is_bare, punctuated = (np.concatenate([part[i] for part in parts]) for i in range(4))
    encoded = pa.chunked_array([part[4] for part in parts]).combine_chunks().dictionary_encode()
    return WordRuns(first, last, is_bare, punctuated, encoded.indices.to_numpy(), encoded.dictionary.to_pylist())


def _gaps(reading: Reading) -> list[int]:
    """Return what stands after each token of a text; the last one is closed."""
    if not reading.tokens:
        return []
    text = reading.text
    return [*(gap_kind(text[a.end : b.start]) for a, b in pairwise(reading.tokens)), CLOSED]


_Part = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_], pa.StringArray]


def _grown(
    words: tuple[pa.StringArray, pa.StringArray],
    gaps: NDArray[np.int8],
    goes_on: NDArray[np.bool_],
    ends_run: NDArray[np.bool_],
    max_words: int,
) -> Iterator[_Part]:
    """Yield the runs of one word, of two, and so on: those that can go on, each longer by its next word."""
    whole, bare = words
    has_bare = bare.is_valid().to_numpy(zero_copy_only=False)
    first = last = np.arange(len(whole))
    punctuated = np.zeros(len(whole), dtype=bool)
    prefix: pa.StringArray | None = None
    for _ in range(max_words):
        stems = np.flatnonzero(has_bare[last])
        stem_keys = _joined(prefix, bare, last, stems)
        yield first[stems], last[stems] + 1, np.ones(len(stems), dtype=bool), punctuated[stems], stem_keys
        prefix = _joined(prefix, whole, last, np.arange(len(last)))
        yield first, last + 1, np.zeros(len(last), dtype=bool), punctuated, prefix
        grows = goes_on[last] & (gaps[last] != CLOSED)
        grows[grows] = ends_run[last[grows] + 1]
        first, punctuated = first[grows], punctuated[grows] | (gaps[last[grows]] == PUNCTUATED)
        prefix, last = prefix.filter(pa.array(grows)), last[grows] + 1


def _joined(
    prefix: pa.StringArray | None, words: pa.StringArray, last: NDArray[np.int64], chosen: NDArray[np.int64]
) -> pa.StringArray:
    ends = words.take(pa.array(last[chosen]))
    return ends if prefix is None else pc.binary_join_element_wise(prefix.take(pa.array(chosen)), ends, " ")
