"""Writes the files of a catalog index."""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from linkers.encoding import Encoder
from linkers.index.postings import Postings
from linkers.index.sounds import initials, sound_code
from linkers.index.spelling import SpellingIndex
from linkers.normalization import NORMALIZATION_VERSION, key_hashes, key_variants, normalize
from schemas.batches import NODES
from schemas.entity import Entity
from schemas.identity import content_id

FORMAT = "4"
_TEXT_LENGTH = 300
_ROWS_AT_ONCE = 1 << 16
_VAGUE_TYPES = frozenset({"", "entity", "misc", "miscellaneous", "other", "thing", "unknown"})
ALIASES = pa.schema(
    [
        pa.field("alias", pa.string(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("entity", pa.int32(), nullable=False),
        pa.field("is_name", pa.bool_(), nullable=False),
    ]
)
Progress = Callable[[str, int, int | None], None]


def entity_row(entity: Entity) -> dict[str, object]:
    """Return the Entity node of an entity."""
    return {
        "id": entity.id,
        "name": entity.name,
        "type": entity.type,
        "aliases": list(entity.aliases),
        "description": entity.description,
        "popularity": entity.popularity,
        "status": entity.status,
        "properties": orjson.dumps(dict(entity.properties), option=orjson.OPT_SORT_KEYS).decode(),
    }


def index_version(
    rows: Sequence[dict[str, object]], relations: Sequence[Sequence[str]], encoder: Encoder | None
) -> str:
    """Return the content id of an index over sorted entity rows and sorted relations."""
    content = [orjson.dumps(row, option=orjson.OPT_SORT_KEYS).decode() for row in rows]
    model = encoder.version if encoder else "none"
    related = [orjson.dumps(list(relation)).decode() for relation in relations]
    return content_id("index", FORMAT, NORMALIZATION_VERSION, model, str(len(content)), *content, *related)


def vector_text(row: dict[str, object]) -> str:
    """Return the text whose vector stands for an entity."""
    parts = [
        str(row["name"]),
        f"({row['type']})" if str(row["type"]).lower() not in _VAGUE_TYPES else "",
        f": {row['description']}" if row["description"] else "",
    ]
    return " ".join(part for part in parts if part)[:_TEXT_LENGTH]


def write_table(folder: Path, name: str, table: pa.Table) -> None:
    """Write a table as an Arrow file that can be mapped into memory."""
    with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def write_names(folder: Path, rows: Sequence[dict[str, object]]) -> None:
    """Write entities, aliases and everything by which a name is found."""
    write_table(folder, "entities", pa.Table.from_pylist(list(rows), schema=NODES["Entity"]))
    names, owners, is_name = _names(rows)
    keys = [normalize(name) for name in names]
    table = pa.table([names, keys, owners, is_name], schema=ALIASES)
    write_table(folder, "aliases", table)
    # the shortest name of a hot key comes first, for there the asked word is most of the name
    lengths = np.fromiter(map(len, keys), dtype=np.int32, count=len(keys))
    _write_postings(folder, "exact", (key_variants(name) for name in names), lengths)
    _write_postings(folder, "tokens", (set(key.split()) for key in keys), lengths)
    _write_postings(folder, "phonetic", ([code] if (code := sound_code(key)) else [] for key in keys), lengths)
    _write_postings(folder, "initials", ([short] if (short := initials(key)) else [] for key in keys), lengths)
    SpellingIndex.write(folder, keys, names)


def _names(rows: Sequence[dict[str, object]]) -> tuple[list[str], list[int], list[bool]]:
    names: list[str] = []
    owners: list[int] = []
    is_name: list[bool] = []
    for owner, row in enumerate(rows):
        aliases = row["aliases"]
        own = dict.fromkeys([str(row["name"]), *(aliases if isinstance(aliases, list) else [])])
        names.extend(own)
        owners.extend([owner] * len(own))
        is_name.extend([True] + [False] * (len(own) - 1))
    return names, owners, is_name


def _write_postings(folder: Path, name: str, keys_of_rows: Iterable[Collection[str]], rank: NDArray[np.int32]) -> None:
    hashes, rows = [np.empty(0, np.uint64)], [np.empty(0, np.int32)]
    each = enumerate(keys_of_rows)
    while part := list(islice(each, _ROWS_AT_ONCE)):
        hashes.append(key_hashes([key for _, keys in part for key in keys]))
        rows.append(np.array([row for row, keys in part for _ in keys], dtype=np.int32))
    Postings.write(folder, name, np.concatenate(hashes), np.concatenate(rows), rank)


def write_relations(folder: Path, ids: Sequence[str], relations: Sequence[Sequence[str]]) -> None:
    """Write which entity rows are related, either direction, as (starts, rows)."""
    row_of = {entity_id: row for row, entity_id in enumerate(ids)}
    pairs = {(row_of[r[0]], row_of[r[2]]) for r in relations if r[0] in row_of and r[2] in row_of}
    both = np.array(sorted({*pairs, *((b, a) for a, b in pairs)}), dtype=np.int64).reshape(-1, 2)
    starts = np.searchsorted(both[:, 0], np.arange(len(ids) + 1))
    np.save(folder / "related.starts.npy", starts.astype(np.int64))
    np.save(folder / "related.rows.npy", both[:, 1].astype(np.int32))


def write_vectors(
    folder: Path,
    rows: Sequence[dict[str, object]],
    encoder: Encoder | None,
    known: dict[str, NDArray[np.float16]],
    progress: Progress | None,
) -> None:
    """Write a unit vector per entity, float16 (n, d); those in `known` (by text) are copied, (n, 0) without encoder."""
    if encoder is None:
        np.save(folder / "vectors.npy", np.zeros((len(rows), 0), dtype=np.float16))
        return
    texts = [vector_text(row) for row in rows]
    new = sorted({text for text in texts if text not in known})
    encoded = dict(zip(new, encoder.encode(new, progress).astype(np.float16), strict=True))
    vectors = np.zeros((len(rows), encoder.dimensions), dtype=np.float16)
    for row, text in enumerate(texts):
        vectors[row] = encoded[text] if text in encoded else known[text]
    np.save(folder / "vectors.npy", vectors)
