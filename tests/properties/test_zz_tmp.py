"""What is written in a format that the readers know is read back as it was."""

import csv
import json
import string
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import srt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.readers.catalog import CatalogOptions, read_catalog
from loaders.readers.documents import DocumentOptions, read_documents
from loaders.readers.source import FORMATS, Found
from schemas.document import Document
from schemas.errors import InputError
from schemas.ontology import AUDIO_ONTOLOGY
from schemas.record import Record

OPTIONS = CatalogOptions("test", "", {}, AUDIO_ONTOLOGY)
FEW = settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

characters = st.characters(codec="utf-8", exclude_characters="\0")
texts = st.text(characters, max_size=20)
names = st.text(characters, min_size=1, max_size=20).filter(lambda text: bool(text.strip()))
ids = st.text(string.ascii_letters + string.digits + "/:_-é", min_size=1, max_size=8)
# In CSV a list is one value with "|" between its parts, which are stripped: such parts cannot be told apart there.
cells = texts.filter(lambda text: "|" not in text)
list_cells = names.filter(lambda text: "|" not in text and text == text.strip())
property_names = st.sampled_from(["year", "country", "x y", "wikidata"])


def record_rows(plain: bool) -> st.SearchStrategy[list[Record]]:
    """Records; with `plain` only what a table of texts can say."""
    parts = list_cells if plain else names
    some = st.lists(parts, min_size=2, max_size=3).map(tuple)
    values: st.SearchStrategy[Any] = cells.filter(bool) | some
    if not plain:
        values |= st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
    record = st.builds(
        Record,
        source=st.just("test"),
        record_id=ids,
        name=names,
        type=st.sampled_from(["", "artist", "track", "sea_shanty"]),
        aliases=st.lists(parts, max_size=3, unique=True).map(tuple),
        description=texts,
        popularity=st.none() | st.floats(0, 1e12),
        properties=st.dictionaries(property_names, values, max_size=3),
    ).filter(lambda record: record.name not in record.aliases)
    return st.lists(record, max_size=5, unique_by=lambda record: record.record_id)


def as_row(record: Record) -> dict[str, Any]:
    row = {"id": record.record_id, "name": record.name, "type": record.type, "aliases": list(record.aliases)}
    return {**row, "description": record.description, "popularity": record.popularity, **record.properties}


def cell(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "|".join(map(str, value))
    return "" if value is None else str(value)


@FEW
@given(records=record_rows(plain=False))
def test_records_through_jsonl(tmp_path: Path, records: list[Record]) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text("".join(json.dumps(as_row(record)) + "\n" for record in records))
    assert list(read_catalog(path, OPTIONS)) == records


@FEW
@given(records=record_rows(plain=True), suffix=st.sampled_from([".csv", ".tsv"]))
def test_records_through_csv(tmp_path: Path, records: list[Record], suffix: str) -> None:
    path = tmp_path / f"c{suffix}"
    columns = list(dict.fromkeys(["id", "name", *(name for record in records for name in as_row(record))]))
    with path.open("w", encoding="utf-8", newline="") as stream:
        # Everything quoted: a lone carriage return is kept by a quoted value only.
        writer = csv.writer(stream, delimiter="," if suffix == ".csv" else "\t", quoting=csv.QUOTE_ALL)
        writer.writerow(columns)
        writer.writerows([cell(as_row(record).get(column)) for column in columns] for record in records)
    assert list(read_catalog(path, OPTIONS)) == records


@FEW
@given(records=record_rows(plain=False).filter(bool))
def test_records_through_parquet(tmp_path: Path, records: list[Record]) -> None:
    path = tmp_path / "c.parquet"
    # A column has one type, so of the properties only a list of texts is written.
    records = [replace(record, properties={"tags": (record.name,)}) for record in records]
    pq.write_table(pa.Table.from_pylist([as_row(record) for record in records]), path)
    assert list(read_catalog(path, OPTIONS)) == records


@FEW
@given(data=st.binary(max_size=200), suffix=st.sampled_from([".jsonl", ".csv", ".tsv", ".parquet"]))
def test_no_bytes_surprise_the_catalog_reader(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"c{suffix}"
    path.write_bytes(data if suffix == ".parquet" else b"id,name\n" + data)
    try:
        rows = list(read_catalog(path, OPTIONS))
    except InputError:
        return
    assert all(isinstance(row, (Record, InputError)) for row in rows)


STARTS = {
    ".vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\n",
    ".srt": b"1\n00:00:01,000 --> 00:00:02,000\n",
    ".json": b'{"segments": [{"start": 0, "end": 1, "text": "a"}',
    ".jsonl": b'{"id": "a", "text": "b"}\n',
    ".md": b"---\n",
    ".txt": b"",
}


@FEW
@given(data=st.binary(max_size=100) | texts.map(str.encode), suffix=st.sampled_from(sorted(STARTS)))
def test_no_bytes_surprise_the_document_readers(tmp_path: Path, data: bytes, suffix: str) -> None:
    path = tmp_path / f"d{suffix}"
    path.write_bytes(STARTS[suffix] + data)
    for row in documents(path):
        assert isinstance(row, (Document, InputError))
        if isinstance(row, Document):
            check_cues(row)


def documents(path: Path) -> Sequence[Document | InputError]:
    return list(read_documents(Found(path, path.name, FORMATS[path.suffix]), DocumentOptions()))


def check_cues(document: Document) -> None:
    position = 0
    for cue in document.cues:
        assert position <= cue.start < cue.end <= len(document.text)
        assert cue.start_ms <= cue.end_ms
        position = cue.end


Spoken = tuple[str, int, int, str | None]


@st.composite
def speech(draw: st.DrawFn) -> list[Spoken]:
    """Cues in the order of time, some with a speaker, at least one with words."""
    words = st.text(string.ascii_letters + "éЯ坂&.;?'", min_size=1, max_size=6)
    cues: list[Spoken] = []
    start = 0
    for _ in range(draw(st.integers(1, 6))):
        start += draw(st.integers(0, 5_000_000))
        end = start + draw(st.integers(0, 10_000))
        text = " ".join(draw(st.lists(words, min_size=1, max_size=5)))
        cues.append((text, start, end, draw(st.sampled_from([None, "Ann", "Bob Lee"]))))
    return cues


def time_code(ms: int, point: str) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{rest:03d}"


def marked_up(text: str, speaker: str | None) -> str:
    escaped = text.replace("&", "&amp;").replace(" ", "\n", 1)
    return f"<v {speaker}>{escaped}</v>" if speaker else escaped


def expect(path: Path, cues: list[Spoken]) -> None:
    (document,) = documents(path)
    assert isinstance(document, Document), document
    check_cues(document)
    found = [(document.text[cue.start : cue.end], cue.start_ms, cue.end_ms, cue.speaker) for cue in document.cues]
    assert found == cues
    joined = cues[0][0]
    for before, cue in pairwise(cues):
        joined += (" " if before[3] == cue[3] else "\n") + cue[0]
    assert document.text == joined


@FEW
@given(cues=speech())
def test_cues_through_webvtt(tmp_path: Path, cues: list[Spoken]) -> None:
    blocks = [
        f"{time_code(start, '.')} --> {time_code(end, '.')}\n{marked_up(text, who)}\n" for text, start, end, who in cues
    ]
    path = tmp_path / "d.vtt"
    path.write_text("\n".join(["WEBVTT\n", *blocks]), encoding="utf-8")
    expect(path, cues)


@FEW
@given(cues=speech())
def test_cues_through_srt(tmp_path: Path, cues: list[Spoken]) -> None:
    subtitles = [
        srt.Subtitle(
            number,
            timedelta(milliseconds=start),
            timedelta(milliseconds=end),
            marked_up(text, who),
        )
        for number, (text, start, end, who) in enumerate(cues, start=1)
    ]
    path = tmp_path / "d.srt"
    path.write_text(srt.compose(subtitles, reindex=False), encoding="utf-8")
    expect(path, cues)


@FEW
@given(cues=speech(), podcast=st.booleans())
def test_cues_through_json(tmp_path: Path, cues: list[Spoken], podcast: bool) -> None:
    start_name, end_name, text_name = ("startTime", "endTime", "body") if podcast else ("start", "end", "text")
    segments = [
        {
            start_name: start / 1000,
            end_name: end / 1000,
            text_name: f" {text.replace('&', '&amp;') if podcast else text}",
            **({"speaker": who} if who else {}),
        }
        for text, start, end, who in cues
    ]
    path = tmp_path / "d.json"
    path.write_text(json.dumps({"segments": segments}))
    expect(path, cues)


@FEW
@given(text=texts.filter(lambda text: bool(text.strip())))
def test_text_through_jsonl_and_plain_text(tmp_path: Path, text: str) -> None:
    wanted = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    plain, jsonl = tmp_path / "d.txt", tmp_path / "d.jsonl"
    plain.write_bytes(b"\xef\xbb\xbf" + text.encode())
    jsonl.write_text(json.dumps({"id": "d", "text": text}) + "\n")
    for path in (plain, jsonl):
        (document,) = documents(path)
        if wanted.strip():
            assert isinstance(document, Document)
            assert document.text == wanted


@pytest.mark.parametrize("name", ["a.txt", "sub/a.txt"])
def test_ids_do_not_depend_on_where_the_file_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    (document,) = read_documents(Found(path, name, "text"), DocumentOptions())
    assert isinstance(document, Document)
    assert document.id == name.removesuffix(".txt")
