from pathlib import Path

import pytest

from loaders.readers.record_gold import read_record_gold
from schemas.errors import GoldRecordError
from schemas.record_gold import GoldMember, GoldPair


def rows(path: Path, text: str) -> list[object]:
    path.write_text(text, encoding="utf-8")
    return list(read_record_gold(path))


def test_clusters_and_pairs_are_read_from_every_format(tmp_path: Path) -> None:
    assert rows(tmp_path / "c.csv", "record_id,cluster_id,source\n1, x,s\n2,x,\n") == [
        GoldMember("1", "x", "s"),
        GoldMember("2", "x"),
    ]
    assert rows(tmp_path / "p.jsonl", '{"left_id": 1, "right_id": "b:2"}\n') == [GoldPair("1", "b:2")]
    assert rows(tmp_path / "p.tsv", "left_id\tright_id\tleft_source\n1\t2\ts\n") == [GoldPair("1", "2", "s")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id,thing\n1,2\n", "neither record_id"),
        ("record_id,cluster_id\n1,\n", "cluster_id is missing"),
        ("left_id,other\n1,2\n", "right_id is missing"),
    ],
)
def test_a_row_that_is_no_gold_is_named_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    (error,) = rows(tmp_path / "g.csv", text)
    assert isinstance(error, GoldRecordError)
    assert error.line == 2
    assert problem in error.problem
