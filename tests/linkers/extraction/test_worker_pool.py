from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from linkers.extraction import ExtractionSettings, Extractor
from linkers.extraction.worker_pool import TASK_CHARS, ExtractionPool
from linkers.index import CatalogIndex
from schemas.document import Document
from schemas.errors import WorkerError
from tests.linkers.extraction.conftest import MODEL
from tests.worker_processes import kill_workers, worker_processes, workers_ended, workers_started

TEXTS = [
    "Adele and Radiohead met Marta Quill in Boston. She had heard OK Computer there.",
    "we talked about radio head and sigur ross and then johnny cash came up",
    "",
    "Nirvana played in Paris. Johnny Cash did not. Cash was in Memphis.\n\nThe 1975 were late.",
]
DOCUMENTS = [Document(f"d{n:02}", TEXTS[n % len(TEXTS)] * (1 + n % 3)) for n in range(24)]
LONG = Document("long", (TEXTS[0] + " ") * (TASK_CHARS // len(TEXTS[0]) + 1))


@pytest.fixture(scope="module")
def pool(index: CatalogIndex) -> Iterator[ExtractionPool]:
    folder: Path = index.folder.parent
    with ExtractionPool(MODEL, folder, index.version, ExtractionSettings(), workers=2) as opened:
        yield opened


@pytest.fixture
def others() -> set[psutil.Process]:
    """Worker processes of other pools."""
    return worker_processes()


def test_processes_find_what_one_process_finds(pool: ExtractionPool, extractor: Extractor) -> None:
    documents = [*DOCUMENTS[:12], LONG, *DOCUMENTS[12:]]
    tasks = pool.submit(documents)
    assert len(tasks) == 3
    assert pool.mentions(tasks).equals(extractor.extract(documents))
    assert pool.mentions(pool.submit([])).num_rows == 0


def test_an_index_that_was_rebuilt_is_refused(index: CatalogIndex) -> None:
    settings: Any = ExtractionSettings()
    with (
        ExtractionPool(MODEL, index.folder.parent, "another", settings, workers=1) as pool,
        pytest.raises(WorkerError),
    ):
        pool.mentions(pool.submit(DOCUMENTS))


def test_a_killed_worker_is_a_named_error_and_leaves_no_process(
    index: CatalogIndex, others: set[psutil.Process]
) -> None:
    with ExtractionPool(MODEL, index.folder.parent, index.version, ExtractionSettings(), workers=2) as pool:
        pool.mentions(pool.submit(DOCUMENTS[:2]))
        tasks = pool.submit([LONG, *(Document(f"l{n}", LONG.text) for n in range(20))])
        assert kill_workers(others)
        with pytest.raises(WorkerError, match="run the command again"):
            pool.mentions(tasks)
    assert workers_ended(others)


def test_an_error_ends_busy_workers_at_once(index: CatalogIndex, others: set[psutil.Process]) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        ExtractionPool(MODEL, index.folder.parent, index.version, ExtractionSettings(), workers=2) as pool,
    ):
        pool.submit([Document(f"l{n}", LONG.text) for n in range(200)])
        assert workers_started(others)
        raise ZeroDivisionError
    assert workers_ended(others)
