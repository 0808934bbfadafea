"""Seeded damage: a valid file becomes one that a careless program, a broken disk or an attacker would hand over."""

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from tests.hostile.samples import Row, Sample, json_lines, parquet

SPLICES: tuple[bytes, ...] = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\r", b"\r\r\n",
    b"\n\n\n", b"\x1b[2J", b"\x07\x08\x7f", "\u202egnp.\u2066\u2069".encode(), "\u2028\u2029\u0085".encode(),
    "\U000e0041".encode(), b'"', b'""', b"'", b"\\", b'\\ud800', b"\\u0000", b"\\UD8000000", b'"\\ud800\\u0061"', b",",
    b"\t", b"|", b",," * 500,
    b"{", b"}", b"[", b"]", b"[" * 3000, b'{"a":' * 3000, b'{"id":{"id":', b"null", b"true", b"NaN", b"Infinity",
    b"1e999", b"-1e999", b"-0.0", b"9" * 40, b"-9223372036854775809", b"18446744073709551616", b"9" * 5000,
    b"0.1e-400",
    b'"id":"x","id":"y",', b"WEBVTT", b"-->", b"00:00:01.000 --> 00:00:02.000\n", b"99999999:59:59.999 --> ",
    b"00:00:05,000 --> 00:00:01,000\n", b"<v ", b"<v.x>" * 300, b"<" * 2000, b"&#xD800;&#0;&#1114112;&#x110000;",
    b"---\n", b"...\n", b"&a [*a]", b"*a", b"!!python/object:os.system x", b'"\\U00110000"', b'"\\uD800": "\\0"\n',
    b"? " * 400, b"> " * 400, b"![" * 400, b"[a](" * 300, b"`" * 401, b"*_" * 400, b"|" * 400, b"- " * 300, b"\t" * 500,
    b"[[[[", b"]]", b"a.b.c = 1\n", b"[a]\n[a]\n", b"x = " + b"[" * 2000, b"1979-05-27T07:32:00Z", b"inf",
    b"0x" + b"f" * 40,
)  # fmt: skip
"""Pieces that are hard for one format or for many."""

_TEXTS = (
    "", " ", "\0", "\ud800", "\udfff", "a\x1b[31m", "\u202egnp", "\ufeff", "\r", "a\nb", "x" * 5000, "|", "|||", "=1+1",
    "../../etc", "nan", "inf", "1e999", "-1", "9" * 30, "2024-02-30", "\U0010ffff", "e\u0301" * 50, "null",
)  # fmt: skip
_NUMBERS = (0, -1, 1, 0.5, -0.0, 1e308, 1e-320, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63) - 1, 10**30, 10**400)
_ODD_NUMBERS = (float("nan"), float("inf"), float("-inf"))


def _value(rng: random.Random, depth: int = 0) -> object:
    """Return a value that hardly belongs where it is put."""
    kind = rng.randrange(9 if depth < 3 else 6)
    if kind <= 1:
        return rng.choice(_TEXTS)
    if kind <= 3:
        return rng.choice(_NUMBERS)
    if kind == 4:
        return rng.choice(_ODD_NUMBERS)
    if kind == 5:
        return rng.choice((None, True, False, [], {}))
    if kind == 6:
        return [_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    if kind == 7:
        return {rng.choice(_TEXTS): _value(rng, depth + 1) for _ in range(rng.randrange(4))}
    nested: object = 1
    for _ in range(rng.choice((5, 200, 300))):
        nested = [nested] if rng.random() < 0.5 else {"a": nested}
    return nested


def _replaced(rng: random.Random, tree: Any, share: float) -> Any:
    """Return a tree in which some values, names and members are others."""
    if rng.random() < share:
        return _value(rng)
    if isinstance(tree, dict):
        kept = {
            rng.choice(_TEXTS) if rng.random() < share / 2 else name: _replaced(rng, value, share)
            for name, value in tree.items()
            if rng.random() > share / 2
        }
        return kept
    if isinstance(tree, list):
        return [_replaced(rng, part, share) for part in tree for _ in range(rng.choice((1, 1, 1, 1, 2, 0)))]
    return tree


def _flipped(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(rng: random.Random, data: bytes) -> bytes:
    begin, end = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    return rng.choice((data[:begin], data[begin:], data[:begin] + data[end:]))


def _repeated(rng: random.Random, data: bytes) -> bytes:
    begin, end = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    return data[:begin] + data[begin:end] * rng.choice((2, 3, 50)) + data[end:]


def _spliced(rng: random.Random, data: bytes) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 4))):
        place, piece = rng.randrange(len(data) + 1), rng.choice(SPLICES)
        data = data[:place] + piece + data[place + rng.choice((0, 0, len(piece))) :]
    return data


def _shuffled(rng: random.Random, data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def _encoded(rng: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return rng.choice(
        (
            text.encode("utf-16"),
            text.encode("utf-16-be"),
            text.encode("utf-32"),
            text.encode("latin-1", "replace"),
            text.replace("\n", "\r").encode(),
            b"\xef\xbb\xbf" * 2 + data,
            data.replace(b"\n", b"\r\n"),
            b"\x1f\x8b\x08\0" + data,
            b"PK\x03\x04" + data,
        )
    )


_BYTES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flipped, _cut, _repeated, _spliced, _spliced, _spliced, _shuffled, _encoded,
)  # fmt: skip


def _column(rng: random.Random, rows: int) -> pa.Array:
    """Return a column of a type that a catalog hardly has."""
    choice: Sequence[Callable[[], pa.Array]] = (
        lambda: pa.array([b"\xff\xfe\0"] * rows, pa.binary()),
        lambda: pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff"], pa.binary()).buffers()).take([0] * rows),
        lambda: pa.array([2**53] * rows, pa.timestamp("ms")),
        lambda: pa.array([2**62] * rows, pa.int64()).cast(pa.timestamp("ns", tz="UTC")),
        lambda: pa.array([2**31 - 1] * rows, pa.date32()),
        lambda: pa.array([2**63 - 1] * rows, pa.duration("ns")),
        lambda: pa.array([2**64 - 1] * rows, pa.uint64()),
        lambda: pa.array([10**37] * rows, pa.decimal128(38, 0)),
        lambda: pa.nulls(rows),
        lambda: pa.array([float("inf")] * rows, pa.float32()),
        lambda: pa.array([{"a": [{"b": "x"}]}] * rows),
        lambda: pa.array([[("k", 1), ("k", 2)]] * rows, pa.map_(pa.string(), pa.int64())),
        lambda: pa.array([[["a", None], None, []]] * rows),
        lambda: pa.array([[b"\xff"]] * rows),
        lambda: pa.array(["a\0b"] * rows).dictionary_encode(),
        lambda: pa.array(["\u202e" * 10] * rows, pa.large_string()),
        lambda: pa.array([True, None, False][:rows] + [True] * max(0, rows - 3)),
        lambda: pa.array([12345] * rows, pa.time64("ns")),
        lambda: pa.array([2.5] * rows),
    )
    return rng.choice(choice)()


def _odd_table(rng: random.Random, rows: Sequence[Row]) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = []
    for name in names:
        kept = pa.array([row.get(name) for row in rows])
        columns.append(_column(rng, len(rows)) if rng.random() < 0.12 else kept)
    if rng.random() < 0.3:
        names.append(rng.choice([*names, "", "\0", "\u202ex", "extra"]))
        columns.append(_column(rng, len(rows)))
    return parquet(pa.Table.from_arrays(columns, names=names))


def mutated(sample: Sample, rng: random.Random) -> bytes:
    """Return the bytes of a sample, damaged: their structure, their bytes, or both."""
    data, structured = sample.content, rng.random() < 0.5
    if structured and sample.suffix == ".parquet" and sample.rows:
        data = _odd_table(rng, sample.rows)
    elif structured and sample.suffix == ".jsonl" and sample.rows:
        data = json_lines([_replaced(rng, row, 0.08) for row in sample.rows]) if rng.random() < 0.9 else _nested(rng)
    elif structured and sample.tree is not None:
        data = json.dumps(_replaced(rng, sample.tree, 0.05)).encode()
    if not structured or rng.random() < 0.2:
        data = rng.choice(_BYTES)(rng, data)
    return data


def _nested(rng: random.Random) -> bytes:
    opened, closed = rng.choice(((b"[", b"]"), (b'{"id":', b"}")))
    depth = rng.choice((10, 1023, 1025, 100_000))
    return opened * depth + b"1" + closed * depth
