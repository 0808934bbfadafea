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


def test_a_killed_worker_is_a_named_error_and_leaves_no_process(index: CatalogIndex) -> None:
    before = set(psutil.Process().children(recursive=True))
    with ExtractionPool(MODEL, index.folder.parent, index.version, ExtractionSettings(), workers=2) as pool:
        pool.mentions(pool.submit(DOCUMENTS[:2]))
        started = set(psutil.Process().children(recursive=True)) - before
        tasks = pool.submit([LONG, *(Document(f"l{n}", LONG.text) for n in range(20))])
        for process in started:
            if "loky" in " ".join(process.cmdline()) and "tracker" not in " ".join(process.cmdline()):
                process.kill()
        with pytest.raises(WorkerError, match="run the command again"):
            pool.mentions(tasks)
    workers = [p for p in started if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
    assert [p for p in workers if "tracker" not in " ".join(p.cmdline())] == []


def test_an_error_ends_busy_workers_at_once(index: CatalogIndex) -> None:
    before = set(psutil.Process().children(recursive=True))
    with (
        pytest.raises(ZeroDivisionError),
        ExtractionPool(MODEL, index.folder.parent, index.version, ExtractionSettings(), workers=2) as pool,
    ):
        pool.submit([Document(f"l{n}", LONG.text) for n in range(200)])
        started = set(psutil.Process().children(recursive=True)) - before
        raise ZeroDivisionError
    assert [p for p in started if p.is_running() and "LokyProcess" in " ".join(p.cmdline())] == []
