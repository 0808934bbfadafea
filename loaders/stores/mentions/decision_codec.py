"""How decisions become the bytes that both stores keep, and back: some at a time, for a document may have very many."""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice, pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.stores.mentions.codec import float_lists, pack, unpack
from schemas.batches import CANDIDATE, STORED_DECISIONS

ROWS_AT_ONCE = 2_000
"""Decisions that are objects of Python together: with all candidates one takes tens of kilobytes as objects."""

_HEX = 8  # digits of one feature

PackedDecision = tuple[dict[str, Any], bytes]
"""A STORED_DECISIONS row without its candidates, and the row whole."""


def packed_decisions(decisions: pa.Table) -> Iterator[list[PackedDecision]]:
    """Yield STORED_DECISIONS in bounded parts; features are bytes of single precision, so that they come back equal."""
    for batch in decisions.to_batches(max_chunksize=ROWS_AT_ONCE):
        rows = batch.drop_columns(["candidates"]).to_pylist()
        candidates = _told(batch.column("candidates"))
        yield [(row, pack({**row, "candidates": own})) for row, own in zip(rows, candidates, strict=True)]


def _told(candidates: pa.ListArray) -> list[list[dict[str, Any]]]:
    """Return the candidates of each row, their features as hexadecimal digits."""
    values = candidates.flatten()
    features = values.field("features")
    digits = features.flatten().to_numpy(zero_copy_only=False).astype(np.dtype("<f4")).tobytes().hex()
    ends = [_HEX * end for end in accumulate(pc.list_value_length(features).to_pylist(), initial=0)]
    columns = {field.name: values.field(field.name) for field in CANDIDATE if field.name != "features"}
    columns = {name: column.to_pylist() for name, column in columns.items()}
    columns["features"] = [digits[begin:end] for begin, end in pairwise(ends)]
    told = iter([dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)])
    return [list(islice(told, size)) for size in pc.list_value_length(candidates).to_pylist()]


def unpacked_decision(body: bytes) -> dict[str, Any]:
    """Return the STORED_DECISIONS row that was packed."""
    row: dict[str, Any] = unpack(body)
    for candidate in row["candidates"]:
        raw = bytes.fromhex(candidate["features"])
        candidate["features"] = list(struct.unpack(f"<{len(raw) // 4}f", raw))
    return row


def decisions_table(bodies: Iterable[bytes], columns: Sequence[str] | None = None) -> pa.Table:
    """Return STORED_DECISIONS of packed decisions; of their columns those that are named, in that order."""
    names = STORED_DECISIONS.names if columns is None else columns
    schema = pa.schema([STORED_DECISIONS.field(name) for name in names])
    waiting, parts = iter(bodies), list[pa.Table]()
    while some := list(islice(waiting, ROWS_AT_ONCE)):
        rows = [unpack(body) for body in some]
        parts.append(pa.table([_column(rows, field) for field in schema], schema=schema))
    return pa.concat_tables(parts or [schema.empty_table()])


def _column(rows: Sequence[Mapping[str, Any]], field: pa.Field) -> pa.Array:
    values = [row[field.name] for row in rows]
    return _candidates(values) if field.name == "candidates" else pa.array(values, field.type)


def _candidates(rows: Sequence[Sequence[Mapping[str, Any]]]) -> pa.ListArray:
    every = [candidate for row in rows for candidate in row]
    columns = [
        float_lists([bytes.fromhex(candidate["features"]) for candidate in every])
        if field.name == "features"
        else pa.array([candidate[field.name] for candidate in every], field.type)
        for field in CANDIDATE
    ]
    ends = pa.array(accumulate(map(len, rows), initial=0), pa.int32())
    return pa.ListArray.from_arrays(ends, pa.StructArray.from_arrays(columns, fields=list(CANDIDATE)))
