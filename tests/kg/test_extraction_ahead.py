import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from kg import CatalogInput, DocumentInput, Home, ingest_catalog, ingest_documents, load_config
from kg.extraction_ahead import ExtractionAhead
from schemas.document import Document
from schemas.errors import WorkerError
from tests.worker_processes import kill_workers

NAMES = ["Radiohead", "Sigur Rós", "Johnny Cash", "OK Computer"]
DOCUMENTS = 306
TEXT = "Radiohead met Marta Quill in Boston. Johnny Cash heard OK Computer there, and Cash liked it. "


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[str], Home]:
    catalog = tmp_path / "catalog.jsonl"
    rows = [{"id": f"a/{n}", "name": name, "type": "artist"} for n, name in enumerate(NAMES)]
    catalog.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "kg.toml").write_text('[models]\nencoder = "none"\n')

    def open_home(name: str) -> Home:
        home = Home(load_config(home=str(tmp_path / name), path=tmp_path / "kg.toml"))
        ingest_catalog(home, CatalogInput([str(catalog)]))
        return home

    return open_home


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for n in range(6):
        (folder / f"text-{n}.txt").write_text(TEXT * (n + 1))
    rows = [{"id": f"row-{n:03}", "text": TEXT * (n % 4 + 1)} for n in range(300)]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def stored(home: Home) -> list[object]:
    ids = sorted(home.mentions.document_rows()["id"].to_pylist())
    return [home.mentions.document_rows().sort_by("id").to_pylist(), home.mentions.mentions(ids).to_pylist()]


def test_an_ingest_by_processes_stores_what_one_process_stores(
    opened: Callable[[str], Home], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened("alone") as alone, opened("together") as together:
        ingest_documents(alone, DocumentInput([str(folder)]))
        monkeypatch.setattr("kg.extraction_ahead.LARGE_CHARS", 1000)
        monkeypatch.setattr("kg.extraction_ahead.usable_cores", lambda: 2)
        summary = ingest_documents(together, DocumentInput([str(folder)]))
        assert summary.rows["documents"] == DOCUMENTS
        assert summary.rows["mentions"] > 1000
        assert stored(alone) == stored(together)


def test_batches_that_were_not_foreseen_are_read_here(
    opened: Callable[[str], Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.extraction_ahead.LARGE_CHARS", 1)
    monkeypatch.setattr("kg.extraction_ahead.usable_cores", lambda: 2)
    first, dropped, last, other = ([Document(name, TEXT)] for name in ("a", "b", "c", "x"))

    def upcoming() -> Iterator[Sequence[Document]]:
        yield from (first, dropped, last)

    with opened("home") as home, ExtractionAhead(home, upcoming) as ahead:
        for batch in (first, other, last):
            assert ahead.mentions(batch).equals(home.extractor.extract(batch))


def test_a_killed_worker_stops_the_ingest_and_the_next_one_mends_it(
    opened: Callable[[str], Home], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.extraction_ahead.LARGE_CHARS", 1000)
    monkeypatch.setattr("kg.extraction_ahead.usable_cores", lambda: 2)
    with opened("home") as home:
        ours = ExtractionAhead.mentions

        def killing(self: ExtractionAhead, documents: Sequence[Document]) -> object:
            table = ours(self, documents)
            kill_workers()
            return table

        with monkeypatch.context() as patched, pytest.raises(WorkerError):
            patched.setattr(ExtractionAhead, "mentions", killing)
            ingest_documents(home, DocumentInput([str(folder)]))
        monkeypatch.setattr("kg.extraction_ahead.LARGE_CHARS", 1 << 40)
        ingest_documents(home, DocumentInput([str(folder)]))
        documents = home.mentions.document_rows()
        assert documents.num_rows == DOCUMENTS
        found = home.mentions.mentions(documents["id"].to_pylist())
        assert set(found["doc_id"].to_pylist()) == set(documents["id"].to_pylist())
