"""Files of given and gold spans."""

from pathlib import Path

import pytest

from loaders.readers.spans import read_gold, read_spans
from schemas.errors import FormatError, SpanError
from schemas.span import GoldSpan, Span


def test_spans_of_csv_and_jsonl(tmp_path: Path) -> None:
    csv, jsonl = tmp_path / "s.csv", tmp_path / "s.jsonl"
    csv.write_text("doc_id,start,end,type,surface\nd,0,4,artist,Muse\nd, 10,12,,\n")
    jsonl.write_text(
        '{"doc_id": "d", "start": 0, "end": 4, "type": "artist"}\n{"doc_id": "d", "start": 10, "end": 12}\n'
    )
    wanted = [Span("d", 0, 4, "artist"), Span("d", 10, 12)]
    assert list(read_spans(csv)) == wanted
    assert list(read_spans(jsonl)) == wanted


def test_gold_says_what_is_meant_or_that_the_catalog_has_it_not(tmp_path: Path) -> None:
    wanted = [GoldSpan("d", 0, 4, "a1", "artist", note="ambiguous"), GoldSpan("d", 5, 9, None, cluster="c1")]
    csv, jsonl = tmp_path / "g.csv", tmp_path / "g.jsonl"
    csv.write_text("doc_id,start,end,entity_id,type,cluster,note\nd,0,4,a1,artist,,ambiguous\nd,5,9,,,c1,\n")
    jsonl.write_text(
        '{"doc_id": "d", "start": 0, "end": 4, "entity_id": "a1", "type": "artist", "note": "ambiguous"}\n'
        '{"doc_id": "d", "start": 5, "end": 9, "entity_id": null, "cluster": "c1"}\n'
    )
    assert list(read_gold(csv)) == wanted
    assert list(read_gold(jsonl)) == wanted


@pytest.mark.parametrize(
    ("row", "phrase"),
    [
        ('{"start": 0, "end": 1, "entity_id": null}', "doc_id is missing"),
        ('{"doc_id": "d", "start": -1, "end": 1, "entity_id": null}', "start -1"),
        ('{"doc_id": "d", "start": 1.5, "end": 3, "entity_id": null}', "start 1.5"),
        ('{"doc_id": "d", "start": true, "end": 3, "entity_id": null}', "start True"),
        ('{"doc_id": "d", "start": 3, "end": 3, "entity_id": null}', "end 3 is not behind start 3"),
        ('{"doc_id": "d", "start": 0, "entity_id": null}', "end None"),
        ('{"doc_id": "d", "start": 0, "end": 1}', "entity_id is missing"),
        ("nonsense", "is not JSON"),
    ],
)
def test_bad_spans_are_named(tmp_path: Path, row: str, phrase: str) -> None:
    path = tmp_path / "g.jsonl"
    path.write_text(f'{row}\n{{"doc_id": "d", "start": 0, "end": 1, "entity_id": "x"}}\n')
    error, good = read_gold(path)
    assert isinstance(error, SpanError)
    assert error.line == 1
    assert phrase in error.problem
    assert good == GoldSpan("d", 0, 1, "x")


def test_a_gold_file_needs_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text("doc_id,start,end\nd,0,1\n")
    with pytest.raises(FormatError, match="entity_id"):
        list(read_gold(path))
