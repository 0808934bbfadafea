"""Catalog files of every format, good rows and bad."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders.readers.catalog import CatalogOptions, read_catalog
from loaders.readers.lines import MAX_BYTES
from schemas.errors import ConfigError, FormatError, NotFoundError, RecordError
from schemas.ontology import AUDIO_ONTOLOGY
from schemas.record import Record

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def put(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


def options(mapping: dict[str, str] | None = None, **given: str) -> CatalogOptions:
    return CatalogOptions(given.get("source", "test"), given.get("type", ""), mapping or {}, AUDIO_ONTOLOGY)


def read(path: Path, how: CatalogOptions | None = None) -> tuple[list[Record], list[RecordError]]:
    rows = list(read_catalog(path, how or options()))
    good = [row for row in rows if isinstance(row, Record)]
    return good, [row for row in rows if isinstance(row, RecordError)]


def only_error(path: Path, how: CatalogOptions | None = None) -> RecordError:
    _, errors = read(path, how)
    assert len(errors) == 1
    return errors[0]


NIRVANA = Record(
    "test",
    "a1",
    "Nirvana",
    "artist",
    ("Nirvana (US)", "ニルヴァーナ"),
    "Trio from Aberdeen",
    0.9,
    {"country": "US", "genres": ("grunge", "rock")},
)


def test_the_same_record_in_every_format(write: Write, tmp_path: Path) -> None:
    jsonl = write(
        "c.jsonl",
        '{"id": "a1", "name": "Nirvana", "type": "Band", "aliases": ["Nirvana (US)", "ニルヴァーナ", "Nirvana"], '
        '"description": "Trio from Aberdeen", "popularity": 0.9, "country": "US", "genres": ["grunge", "rock"]}\n',
    )
    header = ["id", "name", "type", "aliases", "description", "popularity", "country", "genres"]
    cells = [
        "a1", "Nirvana", "band", "Nirvana (US)| ニルヴァーナ|", "Trio from Aberdeen", "0.9", "US", "grunge|rock",
    ]  # fmt: skip
    csv = write("c.csv", f"\ufeff{','.join(header)}\r\n{','.join(cells)}\r\n")
    tsv = write("c.TSV", "\t".join(header) + "\n" + "\t".join(cells) + "\n")
    values: list[Any] = [
        "a1", "Nirvana", "band", ["Nirvana (US)", "ニルヴァーナ"], "Trio from Aberdeen", 0.9, "US", ["grunge", "rock"],
    ]  # fmt: skip
    parquet = tmp_path / "c.parquet"
    pq.write_table(pa.table({name: [value] for name, value in zip(header, values, strict=True)}), parquet)
    for path in (jsonl, csv, tsv, parquet):
        assert read(path) == ([NIRVANA], []), path


def test_good_rows_go_on_past_bad_ones(write: Write) -> None:
    path = write(
        "c.jsonl",
        b'{"id": "1", "name": "A"}\n'
        b"\n"
        b'{"id": "2"}\n'
        b'{"id": "", "name": "B"}\n'
        b'{"id": "3", "name": "C", "popularity": -1}\n'
        b'{"id": "4", "name": "D"\n'
        b'["id", "name"]\n'
        b'{"id": "1", "name": "E"}\n'
        b'{"id": "5", "name": "\xff"}\n'
        b'{"id": "6", "name": "a\\u0000b"}\n'
        b'{"id": "7", "name": "G", "source": "no:colon"}\n'
        b'{"id": "8", "name": "H", "type": "!!!"}\n'
        b'{"id": "9", "name": {"first": "I"}}\n' + b'{"id": "10", "name": "J", "x": ' + b"[" * 3000 + b"}\n"
        b'{"id": "11", "name": "K"}\n',
    )
    good, errors = read(path)
    assert [record.record_id for record in good] == ["1", "11"]
    found = {error.line: error.problem for error in errors}
    phrases = {
        3: "name is missing",
        4: "id is missing",
        5: "popularity -1 is not a number >= 0",
        6: "is not JSON",
        7: "each line must be an object",
        8: "'1' stands in line 1 already",
        9: "byte 0xff is not UTF-8",
        10: "NUL",
        11: "source 'no:colon'",
        12: "type '!!!'",
        13: "name of type dict is not a text",
        14: "depth limit exceeded",
    }
    assert found.keys() == phrases.keys()
    for line, phrase in phrases.items():
        assert phrase in found[line], (line, found[line])
    assert all(error.path == str(path) for error in errors)


def test_csv_errors_have_the_first_line_of_the_row(write: Write) -> None:
    path = write(
        "c.csv",
        b"id,name,note\n"
        b'1,A,"two\nlines"\n'
        b"2,B\n"
        b"\n"
        b'3,"C\nC",x,too,many\n'
        b"4,\xff,x\n"
        b"5,E\x00,x\n"
        b'6,"F" g,x\n'
        b"7,G,x\n"
        b'8,"never closed,x\n',
    )
    good, errors = read(path)
    assert [(record.record_id, record.properties) for record in good] == [
        ("1", {"note": "two\nlines"}),
        ("7", {"note": "x"}),
    ]
    assert [error.line for error in errors] == [4, 6, 8, 9, 10, 12]
    problems = [error.problem for error in errors]
    assert problems[0] == "has 2 columns, and the header has 3"
    assert problems[1] == "has 5 columns, and the header has 3"
    assert "0xff" in problems[2]
    assert "NUL" in problems[3]
    assert "cannot be parsed" in problems[4]
    assert "never closed" in problems[5]


@pytest.mark.parametrize(
    ("header", "phrase"),
    [("id,id,name", "'id' twice"), ("key,name", "no column 'id'; columns: key, name"), ("", "is empty")],
)
def test_headers_that_cannot_be(write: Write, header: str, phrase: str) -> None:
    with pytest.raises(FormatError, match=phrase):
        read(write("c.csv", header))


def test_columns_without_a_name_are_kept_by_their_place(write: Write) -> None:
    good, _ = read(write("c.csv", ",id,name\n0,a,A\n"))
    assert good[0].properties == {"column_1": "0"}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_in_quotes_are_verbatim(write: Write, line_end: str) -> None:
    text = f'id,name,description{line_end}1,A,"a\r\nb\nc\rd"{line_end}2,B,{line_end}'
    good, errors = read(write("c.csv", text))
    assert [record.description for record in good] == ["a\r\nb\nc\rd", ""]
    assert not errors


def test_long_fields_of_csv_are_read(write: Write) -> None:
    good, errors = read(write("c.csv", "id,name,description\n1,A," + "x" * 300_000 + "\n"))
    assert not errors
    assert len(good[0].description) == 300_000


@pytest.mark.parametrize("name", ["c.jsonl", "c.csv"])
def test_a_line_without_end_is_an_error_and_passed_over(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    row = {"c.jsonl": b'{"id": "%d", "name": "A"}\n', "c.csv": b"%d,A\n"}[name]
    with path.open("wb") as stream:
        stream.write(b"id,name\n" if name == "c.csv" else b"\n")
        stream.write(row % 1)
        stream.write(b"x" * (MAX_BYTES + 2_000_000) + b"\n")
        stream.write(row % 2)
    good, errors = read(path)
    assert [record.record_id for record in good] == ["1", "2"]
    assert [(error.line, f"longer than {MAX_BYTES} bytes" in error.problem) for error in errors] == [(3, True)]


def test_mapping_renames_fields_and_properties(write: Write) -> None:
    mapping = {"id": "key", "name": "artist_name", "wikidata": "qid", "description": "about"}
    text = "key,artist_name,qid,about,name,country\n1,A,Q1,who,other,US\n"
    good, _ = read(write("c.csv", text), options(mapping))
    assert good == [
        Record("test", "1", "A", description="who", properties={"wikidata": "Q1", "name": "other", "country": "US"})
    ]


@pytest.mark.parametrize("name", ["c.csv", "c.jsonl", "c.parquet"])
def test_a_mapped_column_that_is_nowhere(write: Write, tmp_path: Path, name: str) -> None:
    if name == "c.parquet":
        path = tmp_path / name
        pq.write_table(pa.table({"id": ["1"], "name": ["A"]}), path)
    else:
        path = write(name, "id,name\n1,A\n" if name == "c.csv" else '{"id": "1", "name": "A"}\n')
    with pytest.raises(FormatError, match="no column 'tagline'; columns: id, name"):
        read(path, options({"description": "tagline"}))


def test_one_column_may_be_two_fields(write: Write) -> None:
    good, _ = read(write("c.csv", "title\nA\n"), options({"id": "title", "name": "title"}))
    assert (good[0].record_id, good[0].name, good[0].properties) == ("A", "A", {})


def test_source_column_wins_and_ids_are_unique_in_their_source(write: Write) -> None:
    path = write("c.csv", "id,name,source\n1,A,x\n1,A,y\n1,A,\n1,B,x\n")
    good, errors = read(path)
    assert [record.key for record in good] == ["x:1", "y:1", "test:1"]
    assert [error.line for error in errors] == [5]


def test_types_are_those_of_the_ontology(write: Write) -> None:
    text = "id,name,type\n1,A,Song\n2,B,\n3,C,Sea Shanty\n"
    good, _ = read(write("c.csv", text), options(type="band"))
    assert [record.type for record in good] == ["track", "artist", "sea_shanty"]


def test_values_of_properties_keep_their_kind(write: Write) -> None:
    path = write(
        "c.jsonl",
        '{"id": 7, "name": 1975, "year": 1991, "score": 1.5, "live": false, "none": null, "empty": "", "no": [], '
        '"tags": ["a", 2, null, {"b": 1}], "nested": {"z": 1, "a": [true]}}\n',
    )
    good, errors = read(path)
    assert not errors
    assert (good[0].record_id, good[0].name) == ("7", "1975")
    assert good[0].properties == {
        "year": 1991,
        "score": 1.5,
        "live": False,
        "tags": ("a", "2", '{"b":1}'),
        "nested": '{"a":[true],"z":1}',
    }


@pytest.mark.parametrize("said", ["nan", "inf", "1_000", "many", "-0.1", "٣"])
def test_popularity_that_is_no_number(write: Write, said: str) -> None:
    assert "popularity" in only_error(write("c.csv", f"id,name,popularity\n1,A,{said}\n")).problem


@pytest.mark.parametrize("said", ['"aliases": {"a": 1}', '"aliases": [["a"]]', '"popularity": true', '"type": ["a"]'])
def test_fields_of_another_kind(write: Write, said: str) -> None:
    field = said.split('"')[1]
    assert only_error(write("c.jsonl", f'{{"id": "1", "name": "A", {said}}}\n')).problem.startswith(field)


def test_parquet_types_become_plain_values(tmp_path: Path) -> None:
    path = tmp_path / "c.parquet"
    table = pa.table(
        {
            "id": pa.array([1.0, 2.0, None]),
            "name": pa.array(["A", "B", "C"]).dictionary_encode(),
            "popularity": [float("nan"), 2, 3],
            "released": pa.array([0, None, None], pa.date32()),
            "blob": pa.array([None, b"\x00", None]),
        }
    )
    pq.write_table(table, path)
    good, errors = read(path)
    assert good == [Record("test", "1", "A", properties={"released": "1970-01-01"})]
    assert [(error.line, error.problem.split()[0]) for error in errors] == [(2, "blob"), (3, "id")]


def test_a_file_that_is_not_parquet(write: Write) -> None:
    with pytest.raises(FormatError, match="is not a Parquet file"):
        read(write("c.parquet", "id,name\n"))


def test_a_parquet_file_that_breaks_off(write: Write, tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"id": [str(n) for n in range(5000)], "name": ["A"] * 5000}), whole, compression="none")
    data = bytearray(whole.read_bytes())
    data[4:2000] = b"\xff" * 1996
    with pytest.raises(FormatError):
        read(write("c.parquet", bytes(data)))


def test_files_that_cannot_be_a_catalog(write: Write, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"'.xlsx' is not a format of a catalog; valid: .jsonl"):
        read(write("c.xlsx", b"PK"))
    with pytest.raises(FormatError, match="UTF-16"):
        read(write("c.csv", "id,name\n".encode("utf-16")))
    with pytest.raises(NotFoundError):
        read(tmp_path / "none.jsonl")
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    with pytest.raises(FormatError, match="cannot be opened"):
        read(folder)


def test_options_that_cannot_be() -> None:
    with pytest.raises(ConfigError, match="source"):
        options(source="a b")
    with pytest.raises(ConfigError, match="type"):
        options(type="???")
    with pytest.raises(ConfigError, match="map"):
        _ = options({"id": ""}).layout


def test_an_empty_jsonl_holds_no_records(write: Write) -> None:
    assert read(write("c.jsonl", "\ufeff\n")) == ([], [])
