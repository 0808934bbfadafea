"""How nouns become the bytes that both stores keep, and back; the same for both."""

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import accumulate
from typing import Any

import orjson
import pyarrow as pa

from schemas.batches import MENTIONS, PAIR_DECISIONS
from schemas.document import Cue, Document
from schemas.record import Record
from schemas.run import Run

_LEVEL = 1


def pack(value: object) -> bytes:
    """Return a JSON value as compressed bytes, the same for the same value."""
    return zlib.compress(orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS), _LEVEL)


def unpack(body: bytes) -> Any:  # noqa: ANN401 - whatever was packed
    """Return the value that `pack` was given."""
    return orjson.loads(zlib.decompress(body))


def pack_record(record: Record) -> bytes:
    """Return everything of a record but its key."""
    body = asdict(record)
    del body["source"], body["record_id"]
    return pack(body)


def unpack_record(source: str, record_id: str, body: bytes) -> Record:
    """Return the record that was packed."""
    values = unpack(body)
    values["aliases"] = tuple(values["aliases"])
    values["properties"] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values["properties"].items()
    }
    return Record(source=source, record_id=record_id, **values)


def pack_document(document: Document) -> bytes:
    """Return the text and the cues of a document."""
    cues = [(c.start, c.end, c.start_ms, c.end_ms, c.speaker) for c in document.cues]
    return pack({"text": document.text, "cues": cues})


def unpack_document(row: Mapping[str, Any], body: bytes) -> Document:
    """Return the document whose columns are in `row`."""
    values = unpack(body)
    named = {name: row[name] for name in ("id", "title", "kind", "published", "uri", "language")}
    return Document(text=values["text"], cues=tuple(Cue(*cue) for cue in values["cues"]), **named)


_MENTION_KEY = ("doc_id", "start", "end", "mention_id")


def packed_mentions(mentions: pa.Table) -> Iterator[tuple[str, int, int, str, bytes]]:
    """Yield (doc_id, start, end, mention_id, body); the body holds everything of a mention but its place and id."""
    keys = [mentions[name].to_pylist() for name in _MENTION_KEY]
    bodies = map(pack, mentions.drop_columns(list(_MENTION_KEY)).to_pylist())
    return zip(*keys, bodies, strict=True)


def mentions_table(rows: Iterable[tuple[str, int, int, str, bytes]]) -> pa.Table:
    """Return MENTIONS of rows (doc_id, start, end, mention_id, body)."""
    return pa.Table.from_pylist(
        [dict(zip(_MENTION_KEY, row[:4], strict=True)) | unpack(row[4]) for row in rows], schema=MENTIONS
    )


def float_lists(raw: Sequence[bytes]) -> pa.ListArray:
    """Return lists of single-precision numbers of their bytes."""
    ends = pa.array(accumulate((len(body) // 4 for body in raw), initial=0), pa.int32())
    values = pa.Array.from_buffers(pa.float32(), ends[-1].as_py(), [None, pa.py_buffer(b"".join(raw))])
    return pa.ListArray.from_arrays(ends, values)


PAIR_COLUMNS = tuple(PAIR_DECISIONS.names)
_FEATURES = PAIR_COLUMNS.index("features")


def pair_rows(pairs: pa.Table) -> list[tuple[Any, ...]]:
    """Return the rows of PAIR_DECISIONS in the order of PAIR_COLUMNS, features as bytes of single precision."""
    columns = [pairs[name].to_pylist() for name in PAIR_COLUMNS]
    columns[_FEATURES] = [struct.pack(f"<{len(values)}f", *values) for values in columns[_FEATURES]]
    return list(zip(*columns, strict=True))


def pairs_table(rows: Iterable[tuple[Any, ...]]) -> pa.Table:
    """Return PAIR_DECISIONS of rows in the order of PAIR_COLUMNS."""
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in PAIR_COLUMNS]
    columns[_FEATURES] = float_lists(columns[_FEATURES])
    arrays = [
        pa.array(column, field.type) if isinstance(column, list) else column
        for column, field in zip(columns, PAIR_DECISIONS, strict=True)
    ]
    return pa.table(arrays, schema=PAIR_DECISIONS)


def pair_history(rows: Iterable[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Return decisions about a pair of rows in the order of PAIR_COLUMNS with `until` behind."""
    given = list(rows)
    tables = pairs_table(row[:-1] for row in given).to_pylist()
    return [{**row, "until": full[-1]} for row, full in zip(tables, given, strict=True)]


def place(row: Mapping[str, Any]) -> tuple[str, int, int, str]:
    """Return where a mention is: (doc_id, start, end, mention_id)."""
    return row["doc_id"], row["start"], row["end"], row["mention_id"]


def asserted_entity(row: Mapping[str, Any]) -> str | None:
    """Return the entity that a decision asserts: the linked one, or the provisional one of a NIL."""
    value = row["entity_id"] if row["decision"] == "link" else row["provisional_id"]
    return str(value) if value else None


def review_doubt(row: Mapping[str, Any]) -> float | None:
    """Return how far a review's probability is from one half, in [0, 0.5]; None for other decisions."""
    return abs(row["probability"] - 0.5) if row["decision"] == "review" else None


def pack_run(run: Run) -> bytes:
    """Return a run whole."""
    return pack(asdict(run))


def unpack_run(body: bytes) -> Run:
    """Return the run that was packed."""
    return Run(**unpack(body))


def page_token(*parts: str | int) -> str:
    """Return an opaque text for the place where a page ended."""
    return orjson.dumps(parts).hex()


def page_place(token: str) -> list[Any] | None:
    """Return the place in a page token; None when it is not one."""
    try:
        place = orjson.loads(bytes.fromhex(token))
    except ValueError:
        return None
    return place if isinstance(place, list) and len(place) == 3 else None
