"""The demo's texts cut into some hundred documents, as a cluster's storage holds them."""

import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kg.config import Config
from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.resolve import resolve
from loaders.readers.documents import DocumentOptions, read_documents
from loaders.readers.source import discover
from schemas.document import Document
from tests.homes import digest, embedded

DATA = Path(__file__).parents[2] / "kg" / "demo" / "data"
_CHARS = 500


@dataclass(frozen=True)
class SparkWorld:
    """Where the files lie: documents to be read, and documents whose mentions are given in `spans`."""

    documents: Path
    noted: Path
    spans: Path


@dataclass(frozen=True)
class Expected:
    """What the local engine makes of the world: a hash of all exports, decisions, runs and files.

    rows: every current decision with its candidates. errors: what could not be read.
    """

    digest: str
    rows: pa.Table
    runs: list[str]
    files: list[object]
    errors: list[str]


def write_spark_world(folder: Path) -> SparkWorld:
    """Write the files below `folder`."""
    world = SparkWorld(folder / "documents", folder / "noted", folder / "spans.parquet")
    world.documents.mkdir()
    world.noted.mkdir()
    rows = [row for document in _demo_documents() for row in _cut(document)]
    read, noted = rows[::2], rows[1::2]
    third = len(read) // 3
    lines = [json.dumps(row, ensure_ascii=False) for row in read[:third]]
    lines[5:5] = ["", "no json", json.dumps({"text": "without an id"}), lines[0]]
    (world.documents / "a first.jsonl").write_text("\n".join(lines), encoding="utf-8")
    again = read[third - 2 : 2 * third]  # the first two stand in the file before, too
    (world.documents / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in again), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(read[2 * third :]), world.documents / "c.parquet")
    pq.write_table(pa.Table.from_pylist(noted), world.noted / "d.parquet")
    spans = [span for row in noted for span in _spans(row)]
    pq.write_table(pa.Table.from_pylist(spans), world.spans)
    return world


def take_catalog(config: Config) -> None:
    """Take the demo's catalog into a home."""
    with Home(config) as home:
        ingest_catalog(
            home, CatalogInput([str(DATA / "catalog-music.jsonl")], [str(DATA / "relations.jsonl")], "music")
        )


def expected_of(world: SparkWorld, folder: Path) -> Expected:
    """Run the local engine."""
    config = embedded(folder)
    take_catalog(config)
    with Home(config) as home:
        summary = ingest_documents(home, DocumentInput([str(world.documents)]))
        resolve(home)
        ingest_documents(home, DocumentInput([str(world.noted)], str(world.spans)))
        resolve(home)
        found = kept(home)
    return Expected(digest(config), *found, summary.errors)


def kept(home: Home) -> tuple[pa.Table, list[str], list[object]]:
    """Return decisions, ids of runs and files of a home."""
    rows = pa.concat_tables(home.mentions.decisions()).sort_by([("doc_id", "ascending"), ("start", "ascending")])
    return rows, [run.run_id for run in home.mentions.runs()], list(home.mentions.files())


def _demo_documents() -> list[Document]:
    found = (each for file in discover([str(DATA / "documents")]) for each in read_documents(file, DocumentOptions()))
    return [document for document in found if isinstance(document, Document)]


def _cut(document: Document) -> list[dict[str, str]]:
    parts = [document.text[start : start + _CHARS].strip() for start in range(0, len(document.text), _CHARS)]
    return [
        {"id": f"{document.id}/{number}", "title": document.title, "text": part}
        for number, part in enumerate(parts)
        if part
    ]


def _spans(row: dict[str, str]) -> list[dict[str, object]]:
    """Take the words with a capital as given mentions, some with a type."""
    found, start = [], 0
    for number, word in enumerate(row["text"].split(" ")):
        if len(word) > 3 and word[0].isupper() and word.isalpha():
            kind = ("", "person", "artist")[number % 3]
            found.append({"doc_id": row["id"], "start": start, "end": start + len(word), "type": kind})
        start += len(word) + 1
    return found
