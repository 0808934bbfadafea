"""Rows of gold files: what is written is what is read."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.gold_rows import locked, put_row
from loaders.readers.spans import read_gold, read_gold_lines
from schemas.span import GoldSpan

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12).map(str.strip)
spans = st.builds(
    GoldSpan,
    st.sampled_from(["d", "ü,d", 'a"b']),
    st.integers(0, 3),
    st.integers(4, 6),
    st.one_of(st.none(), st.sampled_from(["e1", "artist/x|y"])),
    type=words,
    cluster=words,
    note=words,
    surface=words,
)


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".tsv"])
@settings(deadline=None, max_examples=60)
@given(st.lists(spans, min_size=1, max_size=6))
def test_every_row_comes_back_and_the_last_of_a_span_holds(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, rows: list[GoldSpan]
) -> None:
    file = tmp_path_factory.mktemp("rows") / f"gold{suffix}"
    expected: dict[tuple[str, int, int], GoldSpan] = {}
    for row in rows:
        put_row(file, row)
        expected[row.doc_id, row.start, row.end] = row
    assert list(read_gold(file)) == list(expected.values())


def test_nobody_loses_a_row_to_another(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"

    def add(number: int) -> None:
        with locked(file):
            put_row(file, GoldSpan("d", number, number + 1, None))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(100)))
    assert sorted(row.start for row in read_gold(file) if isinstance(row, GoldSpan)) == list(range(100))
    assert [path.name for path in tmp_path.iterdir()] == ["gold.jsonl"]


def test_a_span_that_stood_there_twice_stands_there_once(tmp_path: Path) -> None:
    file = tmp_path / "gold.csv"
    file.write_text("doc_id,start,end,entity_id\nd,0,2,a\nd,5,6,c\n\nd,0,2,b\n", encoding="utf-8")
    put_row(file, GoldSpan("d", 0, 2, None))
    assert list(read_gold_lines(file)) == [(2, GoldSpan("d", 0, 2, None)), (3, GoldSpan("d", 5, 6, "c"))]


def test_a_byte_order_mark_stays_out_of_the_way(tmp_path: Path) -> None:
    texts = {
        "g.csv": "doc_id,start,end,entity_id\nd,0,2,a\n",
        "g.jsonl": '{"doc_id":"d","start":0,"end":2,"entity_id":"a"}\n',
    }
    for name, text in texts.items():
        file = tmp_path / name
        file.write_text("\ufeff" + text, encoding="utf-8")
        put_row(file, GoldSpan("d", 0, 2, "b"))
        put_row(file, GoldSpan("d", 3, 4, "c"))
        assert list(read_gold(file)) == [GoldSpan("d", 0, 2, "b"), GoldSpan("d", 3, 4, "c")]
