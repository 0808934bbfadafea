"""Damaged files taken into a home: what a reader can read is there, whole, and nothing else."""

import random
from pathlib import Path

import pytest

from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.resolve import resolve
from schemas.document import Document
from schemas.errors import InputError, KgError
from schemas.record import Record
from tests.homes import embedded
from tests.hostile.mutations import mutated
from tests.hostile.samples import CATALOG, SAMPLES, documents, json_lines

FILES = 6
DOCUMENTS = ("documents.jsonl", "captions.vtt", "captions.srt", "whisper.json", "podcast.json", "notes.md", "text.txt")


def damaged(folder: Path, name: str, number: int) -> Path:
    sample = SAMPLES[name]
    path = folder / f"{name.partition('.')[0]}-{number}{sample.suffix}"
    path.write_bytes(mutated(sample, random.Random(f"ingest/{name}/{number}")))
    return path


def readable(path: Path, name: str) -> list[object]:
    try:
        rows = SAMPLES[name].read(path)
    except KgError:
        return []
    return [row for row in rows if not isinstance(row, InputError)]


@pytest.mark.slow
def test_the_store_holds_what_the_reader_reads(tmp_path: Path) -> None:
    wanted: set[tuple[str, str]] = set()
    with Home(embedded(tmp_path)) as home:
        for name in ("catalog.jsonl", "catalog.csv", "catalog.parquet"):
            for number in range(FILES):
                path, source = damaged(tmp_path, name, number), f"{name.replace('.', '-')}-{number}"
                ingest_catalog(home, CatalogInput([str(path)], (), source))
                rows = [row for row in readable(path, name) if isinstance(row, Record)]
                # the sample's reader calls the source "test" where a row does not say its own
                wanted |= {(source if row.source == "test" else row.source, row.record_id) for row in rows}
        taken = {key for file in home.mentions.files() for key in home.mentions.record_keys(file.file_id)}
        assert taken == wanted
        assert all(file.complete for file in home.mentions.files())


@pytest.mark.slow
def test_documents_are_taken_whole_or_not(tmp_path: Path) -> None:
    catalog, folder = tmp_path / "catalog.jsonl", tmp_path / "documents"
    catalog.write_bytes(json_lines(CATALOG))
    folder.mkdir()
    paths = [damaged(folder, name, number) for name in DOCUMENTS for number in range(FILES)]
    wanted: dict[str, Document] = {}
    for path in sorted(paths):
        try:
            rows = documents(path)
        except KgError:
            continue
        for row in rows:
            if isinstance(row, Document):
                wanted.setdefault(row.id, row)
    with Home(embedded(tmp_path)) as home:
        ingest_catalog(home, CatalogInput([str(catalog)], (), "main"))
        summary = ingest_documents(home, DocumentInput([str(folder)]))
        resolve(home)
        taken = {document.id: document for document in home.mentions.documents(sorted(wanted))}
    assert set(taken) == set(wanted)
    assert {doc_id: document.text for doc_id, document in taken.items()} == {
        doc_id: document.text for doc_id, document in wanted.items()
    }
    assert summary.bad_rows > 0
    assert len(wanted) > FILES
