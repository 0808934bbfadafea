"""One valid file of every format that is read, and the reader that reads it."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kg.config import load_config, read_alert_rules
from kg.record_plans import read_plans
from kg.toml_file import read_toml
from linkers.records.plan import Plan
from linkers.scoring.model import MODELS, LinkerModel
from loaders.readers.catalog import CatalogOptions, read_catalog
from loaders.readers.documents import DocumentOptions, read_documents
from loaders.readers.record_gold import read_record_gold
from loaders.readers.relations import RelationOptions, read_relations
from loaders.readers.source import FORMATS, Found
from loaders.readers.spans import read_gold, read_spans
from loaders.readers.table import read_table
from schemas.ontology import AUDIO_ONTOLOGY

Row = dict[str, Any]

CATALOG: list[Row] = [
    {"id": "a1", "name": "Nirvana", "type": "band", "aliases": ["The Band"], "popularity": 0.9, "formed": 1987},
    {"id": "a2", "name": "Björk", "type": "singer", "aliases": ["Bjork", "ビョーク"], "description": "singer, Iceland"},
    {"id": "b1", "name": 'Never "mind"', "type": "album", "popularity": 12, "tags": ["rock", "1991"]},
]
RELATIONS: list[Row] = [
    {"subject": "b1", "relation": "PERFORMED_BY", "object": "a1"},
    {"subject": "b1", "relation": "performed by", "object": "a2", "source": "other"},
]
DOCUMENTS: list[Row] = [
    {"id": "d1", "text": "Björk met Nirvana.\nThey sang.", "title": "A meeting", "published": "2024-05-31"},
    {"id": "d2", "cues": [{"start_ms": 0, "end_ms": 900, "text": "Hello", "speaker": "Ada"}], "language": "en"},
    {
        "id": "d3",
        "text": "One two three",
        "cues": [
            {"start_ms": 0, "end_ms": 5, "start": 0, "end": 3},
            {"start_ms": 7, "end_ms": 9, "text": "two"},
        ],
    },
]
SPANS: list[Row] = [
    {"doc_id": "d1", "start": 0, "end": 5, "type": "artist"},
    {"doc_id": "d1", "start": 10, "end": 17},
]
GOLD: list[Row] = [
    {"doc_id": "d1", "start": 0, "end": 5, "entity_id": "a2", "note": "sure"},
    {"doc_id": "d1", "start": 10, "end": 17, "entity_id": None, "cluster": "x", "surface": "Nirvana"},
]
RECORD_GOLD: list[Row] = [{"record_id": "r1", "cluster_id": "c1"}, {"record_id": "r2", "cluster_id": "c1"}]
VTT = """WEBVTT - On air
Language: en

NOTE a comment

1
00:00:01.000 --> 00:00:05.000 align:start
<v Ada>Welcome &amp; hello <b>Björk</b>.

00:00:05.500 --> 01:00:09.000
<v Ben>And later, Nirvana.</v> <00:00:06.000>Yes.
"""
SRT = "1\n00:00:01,000 --> 00:00:02,500\n<i>Welcome</i> Björk\n\n2\n00:00:03,000 --> 00:00:04,000\n{\\an8}And Nirvana\n"
WHISPER = {
    "language": "en",
    "segments": [
        {
            "start": 0.0,
            "end": 1.5,
            "text": " Hello Björk",
            "words": [{"word": "Hello", "start": 0.0, "end": 0.4}, {"word": "Björk", "start": 0.5, "end": 1.5}],
        },
        {"start": 1.5, "end": 3, "text": "and Nirvana", "speaker": "Ada"},
    ],
}
PODCAST = {
    "version": "1.0.0",
    "segments": [
        {"speaker": "Ada", "startTime": 0.5, "endTime": 2.25, "body": "Hello &amp; welcome"},
        {"startTime": 2.25, "endTime": 3.0, "body": "Björk"},
    ],
}
MARKDOWN = """---
title: "Show notes"
published: 2024-05-31
tags: [a, {b: c}]
---
# Show *notes*

- **Björk** opened for [Nirvana](https://example.org "N") &amp; friends
  1. ![cover](a.png) `code`

> quoted <b>html</b>

| a | b |
|---|---|
| 1 | ~~2~~ |
"""
CONFIG = """home = "here"
graph = "embedded"

[resolve]
precision = 0.95
batch_documents = 64
identifiers = ["isrc", "wikidata"]

[serve]
rate = 5.5

[sources.shop]
type = "album"
columns = {name = "title", id = "key"}

[[ontology.entity_types]]
name = "studio"
family = "place"
also = ["recording studio"]
"""


ALERTS = """[alerts]
fewest_mentions = 50
link_share = 0.08
probability_psi = 0.2
recall_fall = 0.05
new_surfaces = inf  # off
"""
PLAN = """procedure = "clusters"
why = "one source"

[[column]]
name = "title"
kind = "name"
comparator = "words"
key = false
why = "short texts"

[[source]]
name = "shop"
records = 12
duplicate_free = true
why = "declared"
"""
PLANS = PLAN.replace("[[", "[[kind.album.").replace("procedure", "[kind.album]\nprocedure", 1)
MODEL: Row = json.loads((MODELS / "default.json").read_text(encoding="utf-8"))


def json_lines(rows: Iterable[Row]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _delimited(rows: Sequence[Row], delimiter: str) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([_cell(row.get(name)) for name in names] for row in rows)]
    return "\n".join(delimiter.join(line) for line in lines).encode() + b"\n"


def _cell(value: object) -> str:
    text = "|".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if set('",\n\t') & set(text) else text


def parquet(table: pa.Table) -> bytes:
    out = BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def _parquet_rows(rows: Sequence[Row]) -> bytes:
    names = dict.fromkeys(name for row in rows for name in row)
    return parquet(pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows]))


@dataclass(frozen=True)
class Sample:
    """A valid file: its suffix, its bytes, and what reads it to the end.

    rows: what a file of rows holds, so that values can be changed in it; None for other formats.
    tree: the same for a file of JSON.
    """

    suffix: str
    content: bytes
    read: Callable[[Path], Sequence[object]]
    rows: Sequence[Row] | None = None
    tree: Row | None = None


def _records(path: Path) -> Sequence[object]:
    return list(read_catalog(path, CatalogOptions("test", "", {}, AUDIO_ONTOLOGY)))


def _relations(path: Path) -> Sequence[object]:
    return list(read_relations(path, RelationOptions("test", {}, AUDIO_ONTOLOGY)))


def documents(path: Path) -> Sequence[object]:
    return list(read_documents(Found(path, path.name, FORMATS[path.suffix]), DocumentOptions()))


def _table(path: Path) -> Sequence[object]:
    return [tuple(row.values()) for row in read_table(path).to_pylist()]


def _plans(path: Path) -> Sequence[object]:
    return list(read_plans(path))


def _plan(path: Path) -> Sequence[object]:
    return [Plan.from_tables(read_toml(path))]


def _model(path: Path) -> Sequence[object]:
    return [LinkerModel.load(str(path))]


def _of_rows(what: str, rows: Sequence[Row], read: Callable[[Path], Sequence[object]]) -> dict[str, Sample]:
    written = {
        "jsonl": json_lines(rows),
        "csv": _delimited(rows, ","),
        "tsv": _delimited(rows, "\t"),
        "parquet": _parquet_rows(rows),
    }
    return {f"{what}.{suffix}": Sample(f".{suffix}", data, read, rows) for suffix, data in written.items()}


def _listed(read: Callable[[Path], Iterable[object]]) -> Callable[[Path], Sequence[object]]:
    return lambda path: list(read(path))


SAMPLES: dict[str, Sample] = {
    **_of_rows("catalog", CATALOG, _records),
    **_of_rows("relations", RELATIONS, _relations),
    **_of_rows("spans", SPANS, _listed(read_spans)),
    **_of_rows("gold", GOLD, _listed(read_gold)),
    **_of_rows("record-gold", RECORD_GOLD, _listed(read_record_gold)),
    **_of_rows("table", CATALOG, _table),
    "documents.jsonl": Sample(".jsonl", json_lines(DOCUMENTS), documents, DOCUMENTS),
    "captions.vtt": Sample(".vtt", VTT.encode(), documents),
    "captions.srt": Sample(".srt", SRT.encode(), documents),
    "whisper.json": Sample(".json", json.dumps(WHISPER).encode(), documents, tree=WHISPER),
    "podcast.json": Sample(".json", json.dumps(PODCAST).encode(), documents, tree=PODCAST),
    "notes.md": Sample(".md", MARKDOWN.encode(), documents),
    "text.txt": Sample(".txt", "Björk met Nirvana.\r\nThey sang.\n".encode(), documents),
    "kg.toml": Sample(".toml", CONFIG.encode(), lambda path: [load_config(path)]),
    "alerts.toml": Sample(".toml", ALERTS.encode(), lambda path: [read_alert_rules(path)]),
    "plan.toml": Sample(".toml", PLAN.encode(), _plan),
    "plans.toml": Sample(".toml", PLANS.encode(), _plans),
    "model.json": Sample(".json", json.dumps(MODEL).encode(), _model, tree=MODEL),
}
"""Every format by a name that tells what is in it and how it is written."""
