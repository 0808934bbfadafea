"""Names that are written nearly alike: found by shared segments, words and grams, scored exactly."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkers.index import spelling_tables
from linkers.index.bucketing import bucketed
from linkers.index.likeness_kernels import LIKENESS, liken
from linkers.index.phonemes import spoken
from linkers.index.postings import Hits
from linkers.index.sounding import said, sounding_parts
from linkers.index.sounding_kernels import Sounding, sound_range
from linkers.index.spelling_kernels import LEVELS, Limits, Scratch, Tables, search_range
from linkers.index.text_kernels import BAG_BITS, DELETION_BITS, GRAM_BITS, LONGEST, RARITY_BITS, SEGMENT_BITS
from linkers.normalization import latin, normalize
from linkers.packed_text import packed

BUCKET, BAG, GRAMS, BY_GRAM = 4_000, 100, 5_000, 44
SOUND_GRAMS, BY_SOUND = 8_000, 300
_MOST_FOUND = 4_096
_ASKED_AT_ONCE = 512
_LIKENED_AT_ONCE = 128


class SpellingIndex:
    """The keys of all aliases in Latin letters, each distinct one once, and the tables that lead to them.

    tables:     see `Tables`. row_starts, rows: the alias rows of each key.
    A question reads four tables: segments of the key (two edits), the key less one or two letters (short names), its
    words in any order less one (lost and swapped words), its rarest 4-grams. What is found is scored by the cosine of
    TF-IDF-weighed 3-grams within words, plus a share of equal letters.
    """

    def __init__(
        self, tables: Tables, sounding: Sounding, row_starts: NDArray[np.int64], rows: NDArray[np.int32]
    ) -> None:
        self._tables, self._sounding, self._row_starts, self._rows = tables, sounding, row_starts, rows
        self._idle: SimpleQueue[Scratch] = SimpleQueue()

    @staticmethod
    def write(folder: Path, keys: Sequence[str], names: Sequence[str] | None = None) -> None:
        """Write the tables of keys, one row of the alias table each; names: as written, the keys without them."""
        frame = pl.DataFrame({"key": [latin(key) for key in keys], "name": keys if names is None else names})
        frame = frame.cast(pl.String).with_row_index("row").group_by("key").agg("row", "name")
        frame = frame.with_columns(size=pl.col("key").str.len_bytes()).sort("size", "key")
        text, starts = packed(frame["key"].to_list())
        starts = starts.astype(np.uint32)
        rarity = _rarity(spelling_tables.gram_frequency(text, starts), frame.height)
        parts = {
            "text": text,
            "starts": starts,
            "sizes": np.minimum(np.diff(starts), LONGEST).astype(np.uint8),
            "signatures": spelling_tables.signatures(text, starts),
            "rarity": rarity,
            "word_rarity": _rarity(spelling_tables.word_frequency(text, starts), frame.height),
            "lengths": spelling_tables.lengths(text, starts, rarity),
        }
        for name, pairs, bits in (
            ("segment", spelling_tables.segments, SEGMENT_BITS),
            ("deletion", spelling_tables.deletion_pairs, DELETION_BITS),
            ("bag", spelling_tables.bags, BAG_BITS),
            ("gram", spelling_tables.long_grams, GRAM_BITS),
        ):
            of_part = partial(_of_part, pairs, text, starts)
            parts[f"{name}_starts"], parts[f"{name}_keys"] = bucketed(of_part, len(starts) - 1, bits)
        _save(folder, "spelling", parts)
        parts.clear()
        own = frame.with_row_index("place").select("name", key="place").explode("name")
        _save(folder, "sounding", sounding_parts(frame["key"], own))
        np.save(
            folder / "spelling.row_starts.npy",
            np.concatenate([[0], frame["row"].list.len().cum_sum()]).astype(np.int64),
        )
        np.save(folder / "spelling.rows.npy", frame["row"].explode(empty_as_null=False).to_numpy().astype(np.int32))

    @classmethod
    def open(cls, folder: Path) -> "SpellingIndex":
        """Map the tables into memory."""

        def mapped(part: str, table: str = "spelling") -> NDArray[Any]:
            # copy-on-write: to compiled code a read-only array would be another type, compiled once more
            return np.asarray(np.load(folder / f"{table}.{part}.npy", mmap_mode="c"))

        tables = Tables(*(mapped(part) for part in Tables._fields))
        sounding = Sounding(*(mapped(part, "sounding") for part in Sounding._fields))
        return cls(tables, sounding, mapped("row_starts"), mapped("rows"))

    @property
    def size(self) -> int:
        """How many distinct keys there are."""
        return len(self._tables.starts) - 1

    def search(self, keys: Sequence[str], limit: int) -> tuple[Hits, int]:
        """Return for each key the `limit` aliases written most alike, best first, and how many rows limits left unread.

        Ties go by length, text and row. score: cosine of TF-IDF vectors of 3-grams within words; the order counts equal
        letters too.
        """
        limits = Limits(BUCKET, BAG, GRAMS, max(BY_GRAM, limit + 4), limit)
        return self._ask(packed([latin(key) for key in keys]), search_range, self._tables, limits)

    def search_by_sound(self, names: Sequence[str], limit: int) -> tuple[Hits, int]:
        """Return for each name the `limit` aliases that sound most alike, best first, and the rows left unread.

        score: evidence of the best alignment of their sounds, as a share of what the two have for themselves.
        """
        limits = Limits(0, 0, SOUND_GRAMS, BY_SOUND, limit)
        return self._ask(said([spoken(name) for name in names]), sound_range, self._sounding, limits)

    @cached_property
    def keys_of_rows(self) -> NDArray[np.int32]:
        """The key of each alias row, int32."""
        keys = np.empty(len(self._rows), dtype=np.int32)
        keys[self._rows] = np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self._row_starts))
        return keys

    def likeness(self, names: Sequence[str], starts: NDArray[np.int64], keys: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return how alike each name and each of its keys are, float32 (pairs, len(LIKENESS)); see `liken`.

        starts: int64 (names + 1,), where the pairs of each name begin. keys: int32, numbers of keys.
        """
        found = np.zeros((len(keys), len(LIKENESS)), dtype=np.float32)
        asked = (*packed([latin(normalize(name)) for name in names]), *said([spoken(name) for name in names]))

        def answer(first: int) -> None:
            scratch = self._scratch()
            last = min(first + _LIKENED_AT_ONCE, len(names))
            liken(first, last, *asked, starts, keys, self._tables, self._sounding, scratch, found)
            self._idle.put(scratch)

        begins = range(0, len(names), _LIKENED_AT_ONCE)
        if len(begins) <= 1:
            for first in begins:
                answer(first)
        else:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(answer, begins))
        return found

    def _ask(
        self, asked: Sequence[NDArray[Any]], ask: Callable[..., None], tables: Tables | Sounding, limits: Limits
    ) -> tuple[Hits, int]:
        """Ask in as many threads as there are processors; they share no state, so the answer is always the same."""
        count = len(asked[-1]) - 1
        if not count or not self.size:
            return Hits.found(np.empty(0, np.int64), np.empty(0, np.int32)), 0
        found = np.empty((count, limits.answers), dtype=np.int32)
        scores = np.empty((count, limits.answers), dtype=np.float32)
        counts = np.zeros(count, dtype=np.int64)

        def answer(first: int) -> NDArray[np.int64]:
            cut = np.zeros(4, dtype=np.int64)
            scratch = self._scratch()
            last = min(first + _ASKED_AT_ONCE, count)
            ask(first, last, *asked, tables, scratch, limits, found, scores, counts, cut)
            self._idle.put(scratch)
            return cut

        begins = range(0, count, _ASKED_AT_ONCE)
        if len(begins) == 1:
            cut = answer(0)
        else:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                cut = np.sum(list(pool.map(answer, begins)), axis=0)
        return self._by_row(found, scores, counts, limits.answers), int(cut.sum())

    def _scratch(self) -> Scratch:
        """Take the scratch of an idle thread, or make one; it goes back cleared."""
        with suppress(Empty):  # another thread may take the last one between a look and the taking
            return self._idle.get_nowait()
        return Scratch(
            np.zeros(256, np.uint64),
            np.zeros(1 << RARITY_BITS, np.float32),
            np.zeros(self.size, np.uint8),
            np.zeros(self.size, np.uint16),
            np.zeros(max(GRAMS, SOUND_GRAMS) + 1, np.int32),
            np.zeros(max(GRAMS, SOUND_GRAMS) + 1, np.int32),
            np.zeros(_MOST_FOUND, np.int32),
            np.zeros(LEVELS, np.int32),
        )

    def _by_row(
        self, found: NDArray[np.int32], cosines: NDArray[np.float32], counts: NDArray[np.int64], limit: int
    ) -> Hits:
        filled = np.arange(limit) < counts[:, None]
        key, query = found[filled], np.repeat(np.arange(len(found)), counts)
        begins = self._row_starts[key]
        sizes = self._row_starts[key + 1] - begins
        place = np.repeat(begins - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        query, score = np.repeat(query, sizes), np.repeat(cosines[filled], sizes)
        first = np.searchsorted(query, np.arange(len(found)))
        kept = np.arange(len(query)) - first[query] < limit
        return Hits(query[kept].astype(np.int32), self._rows[place[kept]], score[kept])


def _of_part(pairs: Any, text: NDArray[Any], starts: NDArray[Any], first: int, last: int) -> Any:  # noqa: ANN401 - compiled
    return pairs(text, starts[first : last + 1])


def _rarity(frequency: NDArray[np.int64], keys: int) -> NDArray[np.float32]:
    # a bucket of two words, or a word twice in a key, may count more than there are keys
    return (np.log((1 + keys) / (1 + np.minimum(frequency, keys))) + 1).astype(np.float32)


def _save(folder: Path, table: str, parts: dict[str, NDArray[Any]]) -> None:
    for part, values in parts.items():
        np.save(folder / f"{table}.{part}.npy", values)
