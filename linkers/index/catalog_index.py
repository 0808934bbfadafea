"""The catalog index: built once per version, opened by mapping its files into memory."""

import json
import os
import shutil
import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkers.encoding import Encoder
from linkers.grouping import ranges
from linkers.index import building
from linkers.index.holding_kernels import most_words
from linkers.index.postings import Hits, Postings
from linkers.index.spelling import SpellingIndex
from schemas.disk import room_in
from schemas.entity import Entity
from schemas.errors import IndexMissingError

CURRENT = "CURRENT"
_VECTORS_AT_ONCE = 1 << 16
_QUESTIONS_AT_ONCE = 128
_LEAST_DESCRIPTION = 3
_SEARCHED = 256
"""So many times as many entities as ids: searching their order costs less than a table of all of them."""


class CatalogIndex:
    """All entities of a catalog and the ways by which a name leads to them. Open it with `open` or `build`.

    version:  content id of entities, relations, encoder and format; equal content has an equal version.
    entities: the Entity nodes, ordered by id; the row number is the entity's number in the index.
    aliases:  alias (verbatim), key, entity (int32 row), is_name; every name and alias of every entity.
    vectors:  float16 (size, d), unit length, of name, type and description; d is 0 without encoder.
    """

    def __init__(self, folder: Path, meta: dict[str, str]) -> None:
        self.folder = folder
        self.version = meta["version"]
        self.encoder_version = meta["encoder"]
        self.entities = _map_table(folder, "entities")
        self.aliases = _map_table(folder, "aliases")
        self.vectors: NDArray[np.float16] = np.load(folder / "vectors.npy", mmap_mode="r")
        self._exact, self._tokens, self._phonetic, self._initials = (
            Postings.open(folder, name) for name in ("exact", "tokens", "phonetic", "initials")
        )
        self._spelling = SpellingIndex.open(folder)
        self._related_starts = np.load(folder / "related.starts.npy", mmap_mode="r")
        self._related_rows = np.load(folder / "related.rows.npy", mmap_mode="r")

    @classmethod
    def open(cls, folder: Path) -> "CatalogIndex":
        """Open the current version; raises IndexMissingError when there is none or it has another format."""
        try:
            version = (folder / CURRENT).read_text(encoding="ascii").strip()
            meta = json.loads((folder / version / "meta.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexMissingError(folder, "has no current version") from error
        if meta.get("format") != building.FORMAT:
            raise IndexMissingError(folder, f"has format {meta.get('format')!r}, not {building.FORMAT!r}")
        try:
            return cls(folder / version, meta)
        except (OSError, ValueError, pa.ArrowException) as error:
            raise IndexMissingError(folder, f"cannot be read: {error}") from error

    @classmethod
    def build(
        cls,
        folder: Path,
        entities: Sequence[Entity],
        relations: Sequence[Sequence[str]],
        *,
        encoder: Encoder | None,
        previous: "CatalogIndex | None" = None,
        progress: building.Progress | None = None,
    ) -> "CatalogIndex":
        """Write the index of `entities` below `folder`, make it current and open it.

        relations: (subject, relation, object, ...) by entity id.
        previous:  an index whose vectors are copied where an entity's text is unchanged.
        A build that is killed leaves the current version as it was, and so does one that finds the disk full, which
        raises DiskFullError. An equal version that is there is only opened.
        """
        rows = [building.entity_row(entity) for entity in sorted(entities, key=lambda entity: entity.id)]
        related = sorted({tuple(relation) for relation in relations})
        version = building.index_version(rows, related, encoder)
        with room_in(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / version / "meta.json").exists():
                known = _known_vectors(previous, encoder)
                with _appearing(folder / version) as unfinished:
                    building.write_names(unfinished, rows)
                    building.write_relations(unfinished, [str(row["id"]) for row in rows], related)
                    building.write_vectors(unfinished, rows, encoder, known, progress)
                    told = {"version": version, "encoder": encoder.version if encoder else "none"}
                    meta = json.dumps({"format": building.FORMAT, **told})
                    (unfinished / "meta.json").write_text(meta, encoding="utf-8")
            _make_current(folder, version)
        opened = cls.open(folder)
        # what answers questions is compiled here, so that the first question of a user does not wait for it
        opened.spelled_alike(["name"], 1)
        opened.most_words(np.zeros(2, np.int64), np.empty(0, np.int64), np.empty(0, np.int64), 1)
        opened.likeness(["name"], opened.heard_alike(["name"], 1)[0])
        return opened

    @property
    def size(self) -> int:
        """How many entities there are."""
        return int(self.entities.num_rows)

    @cached_property
    def name_rows(self) -> NDArray[np.int32]:
        """Row of the alias table that holds the name of each entity row, int32, (size,)."""
        return np.flatnonzero(self.alias_is_name).astype(np.int32)

    @cached_property
    def entity_ids(self) -> pa.StringArray:
        """The ids of the entities as one array."""
        return _whole(self.entities["id"])

    @cached_property
    def entity_names(self) -> pa.StringArray:
        """The names of the entities as one array."""
        return _whole(self.entities["name"])

    @cached_property
    def alias_texts(self) -> pa.StringArray:
        """The aliases as they are written, as one array."""
        return _whole(self.aliases["alias"])

    @cached_property
    def alias_keys(self) -> pa.StringArray:
        """The keys of the aliases as one array."""
        return _whole(self.aliases["key"])

    @cached_property
    def alias_entities(self) -> NDArray[np.int32]:
        """The entity row of each alias row, int32; it never falls."""
        return np.asarray(_whole(self.aliases["entity"]).to_numpy(zero_copy_only=False), dtype=np.int32)

    @cached_property
    def key_lengths(self) -> NDArray[np.int32]:
        """How many signs the key of each alias row has, int32."""
        lengths = pc.utf8_length(self.alias_keys).to_numpy(zero_copy_only=False)
        return np.asarray(lengths, dtype=np.int32)

    @cached_property
    def alias_is_name(self) -> NDArray[np.bool_]:
        """Whether each alias row is the entity's own name."""
        return np.asarray(_whole(self.aliases["is_name"]).to_numpy(zero_copy_only=False), dtype=bool)

    @cached_property
    def entity_types(self) -> tuple[NDArray[np.int32], list[str]]:
        """The type of each entity row as a place in the list of types, int32, and that list."""
        encoded = _whole(self.entities["type"]).dictionary_encode()
        return np.asarray(encoded.indices.to_numpy(), dtype=np.int32), encoded.dictionary.to_pylist()

    @cached_property
    def described(self) -> NDArray[np.bool_]:
        """Whether each entity row has a description, of three signs at least."""
        lengths = pc.utf8_length(_whole(self.entities["description"]))
        return np.asarray(lengths.to_numpy(zero_copy_only=False) >= _LEAST_DESCRIPTION)

    @cached_property
    def popularity(self) -> NDArray[np.float64]:
        """The popularity of each entity row, float64, NaN where it is not known."""
        return np.asarray(_whole(self.entities["popularity"]).to_numpy(zero_copy_only=False), dtype=np.float64)

    def row_of(self, entity_ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each entity id, int64, -1 for one that the index does not hold."""
        if not len(entity_ids) or not self.size:
            return np.full(len(entity_ids), -1, dtype=np.int64)
        if len(entity_ids) * _SEARCHED < self.size:
            return np.array([self._row_of(entity_id) for entity_id in entity_ids], dtype=np.int64)
        found = pc.index_in(pa.array(entity_ids, pa.string()), value_set=self.entities["id"])
        return np.asarray(pc.fill_null(found, -1).to_numpy(zero_copy_only=False), dtype=np.int64)

    def _row_of(self, entity_id: str) -> int:
        row = bisect_left(range(self.size), entity_id, key=lambda row: str(self.entity_ids[row]))
        return row if row < self.size and str(self.entity_ids[row]) == entity_id else -1

    def contains(self, keys: Sequence[str]) -> NDArray[np.bool_]:
        """Return for each key whether a name has it, or has it as a variant (by hash)."""
        return self._exact.contains(keys)

    def exact(self, keys: Sequence[str]) -> Hits:
        """Return the alias rows that have one of the keys, or have it as a variant."""
        return self._exact.lookup(keys)

    def tokens(self, tokens: Sequence[str], limit: int | None = None) -> Hits:
        """Return the alias rows whose key holds a word; with `limit` the first so many of each word."""
        return self._tokens.lookup(tokens, limit)

    def token_frequency(self, tokens: Sequence[str]) -> NDArray[np.int64]:
        """Return for each word how many aliases hold it, int64."""
        return self._tokens.frequency(tokens)

    def word_places(self, words: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the aliases that hold each word begin and end among all postings, the shortest alias first."""
        return self._tokens.places(words)

    def most_words(
        self, word_starts: NDArray[np.int64], begins: NDArray[np.int64], ends: NDArray[np.int64], most: int
    ) -> tuple[Hits, int]:
        """Return for each question the `most` alias rows that hold most of its words, then the shortest.

        word_starts: (n + 1,), the words of each question, at most MOST_WORDS. begins, ends: as `word_places` gives
        them, or shorter. score: share of the words that an alias holds. Besides, how many aliases were left out.
        """
        asked = np.diff(word_starts)
        rows = np.empty((len(asked), most), dtype=np.int32)
        shared = np.empty((len(asked), most), dtype=np.int32)
        counts = np.zeros(len(asked), dtype=np.int64)
        left = most_words(word_starts, begins, ends, self._tokens.rows, self.key_lengths, rows, shared, counts)
        filled = np.arange(most) < counts[:, None]
        query = np.repeat(np.arange(len(asked), dtype=np.int32), counts)
        return Hits(query, rows[filled], (shared[filled] / asked[query]).astype(np.float32)), int(left)

    def phonetic(self, codes: Sequence[str]) -> Hits:
        """Return the alias rows whose `sound_code` is one of the codes."""
        return self._phonetic.lookup(codes)

    def initials(self, keys: Sequence[str]) -> Hits:
        """Return the alias rows whose initials are one of the keys."""
        return self._initials.lookup(keys)

    def ngram_search(self, keys: Sequence[str], limit: int) -> Hits:
        """Return for each key the `limit` alias rows written most alike; score: TF-IDF cosine of 3-grams."""
        return self.spelled_alike(keys, limit)[0]

    def spelled_alike(self, keys: Sequence[str], limit: int) -> tuple[Hits, int]:
        """Return what `ngram_search` does, and how many postings its limits left unread."""
        return self._spelling.search(keys, limit)

    def heard_alike(self, keys: Sequence[str], limit: int) -> tuple[Hits, int]:
        """Return for each key the `limit` alias rows that sound most alike, and how many postings were left unread."""
        return self._spelling.search_by_sound(keys, limit)

    def likeness(self, names: Sequence[str], hits: Hits) -> NDArray[np.float32]:
        """Return in how many ways each name is like the alias rows of its hits, float32 (hits, len(LIKENESS)).

        hits: ordered by query. See `linkers.index.likeness_kernels.LIKENESS`.
        """
        starts = np.searchsorted(hits.query, np.arange(len(names) + 1)).astype(np.int64)
        return self._spelling.likeness(names, starts, self._spelling.keys_of_rows[hits.target])

    def vector_search(self, vectors: NDArray[np.float32], limit: int) -> Hits:
        """Return for each vector (n, d) the `limit` nearest entity rows by cosine, exact, ties by row.

        At most 128 x 65,536 cosines are held at a time.
        """
        parts = [
            self._nearest(vectors[start : start + _QUESTIONS_AT_ONCE], limit)
            for start in range(0, max(len(vectors), 1), _QUESTIONS_AT_ONCE)
        ]
        return Hits(
            np.concatenate(
                [part.query + number * _QUESTIONS_AT_ONCE for number, part in enumerate(parts)], dtype=np.int32
            ),
            np.concatenate([part.target for part in parts]),
            np.concatenate([part.score for part in parts]),
        )

    def _nearest(self, vectors: NDArray[np.float32], limit: int) -> Hits:
        found = np.empty((len(vectors), 0), dtype=np.float32)
        rows = np.empty((len(vectors), 0), dtype=np.int32)
        for start in range(0, self.size if self.vectors.shape[1] else 0, _VECTORS_AT_ONCE):
            block = np.asarray(self.vectors[start : start + _VECTORS_AT_ONCE], dtype=np.float32)
            scores = np.round(vectors @ block.T, 4)
            numbers = np.broadcast_to(np.arange(start, start + len(block), dtype=np.int32), scores.shape)
            found, rows = _best(np.hstack([found, scores]), np.hstack([rows, numbers]), limit)
        query = np.repeat(np.arange(len(vectors), dtype=np.int32), found.shape[1])
        return Hits(query, rows.ravel(), np.clip(found.ravel(), 0.0, 1.0))

    def neighbours(self, entity_rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the related entities of each row, either direction, as (starts (n + 1,), rows)."""
        begins, ends = self._related_starts[entity_rows], self._related_starts[np.asarray(entity_rows) + 1]
        sizes = ends - begins
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return starts, np.asarray(self._related_rows[ranges(begins, sizes)], dtype=np.int64)


def _best(
    scores: NDArray[np.float32], rows: NDArray[np.int32], limit: int
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return the `limit` highest scores of each line with their rows, ties by row."""
    if scores.shape[1] > limit:
        # twice the limit is kept before the exact order is made, so that ties at the edge fall by row and not by chance
        kept = np.argpartition(-scores, min(2 * limit, scores.shape[1] - 1), axis=1)[:, : 2 * limit]
        scores, rows = np.take_along_axis(scores, kept, 1), np.take_along_axis(rows, kept, 1)
    order = np.lexsort((rows, -scores), axis=1)[:, :limit]
    return np.take_along_axis(scores, order, 1), np.take_along_axis(rows, order, 1)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array, without a copy where it lies in one piece."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _map_table(folder: Path, name: str) -> pa.Table:
    with pa.memory_map(str(folder / f"{name}.arrow"), "r") as source:
        return pa.ipc.open_file(source).read_all()


def _known_vectors(previous: CatalogIndex | None, encoder: Encoder | None) -> dict[str, NDArray[np.float16]]:
    if previous is None or encoder is None or previous.encoder_version != encoder.version:
        return {}
    columns = previous.entities.select(["name", "type", "description"]).to_pylist()
    return {building.vector_text(row): previous.vectors[number] for number, row in enumerate(columns)}


def _flush(folder: Path) -> None:
    for path in [*folder.iterdir(), folder]:
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _appearing(folder: Path) -> Iterator[Path]:
    """Give a folder to write to that takes its place when it is whole and on the disk; else it is removed."""
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=folder.parent))
    try:
        yield unfinished
        _flush(unfinished)
        unfinished.replace(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _make_current(folder: Path, version: str) -> None:
    """Switch to a version, then remove the others; whoever has one of them open keeps its mapped files."""
    unfinished = folder / f"{CURRENT}.unfinished"
    unfinished.write_text(version + "\n", encoding="ascii")
    unfinished.replace(folder / CURRENT)
    _sync(folder)
    for path in folder.iterdir():
        if path.is_dir() and path.name != version:
            shutil.rmtree(path, ignore_errors=True)
