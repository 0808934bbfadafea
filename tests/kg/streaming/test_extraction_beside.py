from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest

from kg import CatalogInput, Home, ingest_catalog
from kg.streaming.extraction_beside import ExtractionBeside
from schemas.document import Document
from tests.homes import embedded
from tests.small_world import write_small_world
from tests.worker_processes import kill_workers, worker_processes, workers_ended, workers_started

TEXT = "Björk met Greta Marlowe in Lisbon, and Prince Royce sang for her. "
DOCUMENTS = [Document(f"d{number:02}", TEXT * (1 + number % 3)) for number in range(24)]
FIRST, SECOND, THIRD = DOCUMENTS[:8], DOCUMENTS[8:16], DOCUMENTS[16:]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setattr("kg.streaming.extraction_beside.BEHIND_DOCUMENTS", 16)
    monkeypatch.setattr("kg.streaming.extraction_beside._PART_DOCUMENTS", 4)
    monkeypatch.setattr("kg.streaming.extraction_beside.usable_cores", lambda: 2)
    with Home(embedded(tmp_path / "home")) as opened:
        ingest_catalog(opened, CatalogInput([str(write_small_world(tmp_path / "world").catalog)], (), "main"))
        yield opened


@pytest.fixture
def beside(home: Home) -> Iterator[ExtractionBeside]:
    with ExtractionBeside(home, 2) as opened:
        yield opened
    assert workers_ended()


@pytest.fixture
def ready(beside: ExtractionBeside) -> ExtractionBeside:
    """Processes whose models are open."""
    while not worker_processes():
        beside.begin(FIRST, whole=True)
    while not beside.ready:
        beside.begin(FIRST, whole=True)  # processes that nobody wants are given up, however long their models take
        wait(beside._opening, timeout=1)
    for task in beside._opening:
        task.result()
    return beside


@pytest.fixture
def here(home: Home, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the documents that are read in this process."""
    ours, read = home.extractor.extract, list[str]()

    def extract(documents: list[Document]) -> object:
        read.extend(each.id for each in documents)
        return ours(documents)

    monkeypatch.setattr(home.extractor, "extract", extract)
    return read


def test_processes_are_opened_only_for_a_stream_that_stays_behind(beside: ExtractionBeside) -> None:
    beside.begin(FIRST, whole=True)
    beside.begin(SECOND[:2], whole=False)
    beside.begin(FIRST, whole=True)
    assert not worker_processes()
    beside.begin(SECOND, whole=True)
    assert workers_started()


def test_one_core_reads_alone(home: Home) -> None:
    with ExtractionBeside(home, 1) as alone:
        for _ in range(9):
            alone.begin(FIRST, whole=True)
        assert not worker_processes()
        assert alone.mentions(FIRST).equals(home.extractor.extract(FIRST))


def test_what_was_foreseen_is_read_elsewhere_and_the_same(ready: ExtractionBeside, home: Home, here: list[str]) -> None:
    ready.begin(FIRST, whole=True)
    found = ready.mentions(FIRST)
    ready.begin(SECOND, whole=True)
    # a batch may end in the middle of what was foreseen, and hold what was not
    mixed = [*SECOND[:3], THIRD[0], *SECOND[5:]]
    mixed_found, again = ready.mentions(mixed), ready.mentions(mixed)
    assert here == []
    assert found.equals(home.extractor.extract(FIRST))
    assert mixed_found.equals(home.extractor.extract(mixed))
    assert again.equals(mixed_found)


def test_another_text_of_the_same_document_is_read_anew(ready: ExtractionBeside, home: Home, here: list[str]) -> None:
    ready.begin(FIRST, whole=True)
    changed = [Document(FIRST[0].id, "Nirvana came."), *FIRST[1:]]
    found = ready.mentions(changed)
    few = ready.mentions(THIRD[:2])
    assert here == [each.id for each in THIRD[:2]]
    assert found.equals(home.extractor.extract(changed))
    assert few.equals(home.extractor.extract(THIRD[:2]))


def test_a_killed_worker_is_done_without(ready: ExtractionBeside, home: Home, here: list[str]) -> None:
    ready.begin(FIRST, whole=True)
    assert kill_workers()
    found = ready.mentions(SECOND)
    ready.begin(THIRD, whole=True)
    late = ready.mentions(THIRD)
    assert not ready.ready
    assert here == [each.id for each in SECOND + THIRD]
    assert found.equals(home.extractor.extract(SECOND))
    assert late.equals(home.extractor.extract(THIRD))


def test_a_new_catalog_ends_the_processes_that_know_the_old_one(
    ready: ExtractionBeside, home: Home, tmp_path: Path, here: list[str]
) -> None:
    ready.begin(FIRST, whole=True)
    more = tmp_path / "more.jsonl"
    more.write_text('{"id": "artist/greta", "name": "Greta Marlowe", "type": "artist"}\n')
    ingest_catalog(home, CatalogInput([str(more)], (), "more"))
    found = ready.mentions(FIRST)
    assert not ready.ready
    assert found.equals(home.extractor.extract(FIRST))
    assert {row["extractor"] for row in found.to_pylist() if row["surface"] == "Greta Marlowe"} == {"spacy+catalog"}
