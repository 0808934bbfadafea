import struct
from itertools import chain

import pyarrow as pa
import pytest

from loaders.stores.mentions import codec
from loaders.stores.mentions.decision_codec import decisions_table, packed_decisions
from schemas.batches import MENTIONS, STORED_DECISIONS


def decision(number: int, candidates: int) -> dict[str, object]:
    features = [struct.unpack("<f", struct.pack("<f", 0.1 * n))[0] for n in range(number % 3)]
    found = {"alias": "Ä", "channels": ["exact"], "features": features, "score": -1.5, "probability": 0.3}
    empty = {field.name: None if field.nullable else "" for field in STORED_DECISIONS}
    return empty | {
        "mention_id": f"m{number}",
        "start": number,
        "end": number + 1,
        "probability": 0.5,
        "candidates": [found | {"entity_id": f"e{n}"} for n in range(candidates)],
        "sequence": 7,
    }


ROWS = [decision(n, n % 4) for n in range(9)]
TABLE = pa.Table.from_pylist(ROWS, schema=STORED_DECISIONS)


@pytest.mark.parametrize(
    "table",
    [TABLE, TABLE.slice(2, 5), TABLE.slice(3, 0), pa.concat_tables([TABLE.slice(5), TABLE.slice(1, 3)])],
    ids=["whole", "slice", "none", "chunks"],
)
def test_decisions_come_back_bit_for_bit(table: pa.Table) -> None:
    packed = list(chain.from_iterable(packed_decisions(table)))
    assert decisions_table(body for _, body in packed).equals(table)
    assert [row["mention_id"] for row, _ in packed] == table["mention_id"].to_pylist()


def test_a_body_is_what_older_homes_hold() -> None:
    [[(_, body)]] = packed_decisions(TABLE.slice(5, 1))
    features = struct.pack("<2f", *ROWS[5]["candidates"][0]["features"]).hex()  # type: ignore[index]
    expected = ROWS[5] | {"candidates": [ROWS[5]["candidates"][0] | {"features": features}]}  # type: ignore[index]
    assert body == codec.pack(expected)


def test_mentions_come_back() -> None:
    empty = {field.name: None if field.nullable else "" for field in MENTIONS}
    numbers = {"start": 1, "end": 2, "sentence_start": 0}
    rows = [empty | numbers | {"mention_id": f"m{n}", "surface": "é", "start_ms": n} for n in range(4)]
    table = pa.Table.from_pylist(rows, schema=MENTIONS)
    for part in (table, table.slice(1, 2), table.slice(0, 0)):
        assert codec.mentions_table(codec.packed_mentions(part)).equals(part)
