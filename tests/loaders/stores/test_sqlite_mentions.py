"""What is particular to the mention store in SQLite."""

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from loaders.stores.mentions.embedded import EmbeddedMentions
from schemas.errors import StoreRejected, StoreUnavailable

WRITER = """
import sys
from pathlib import Path
from loaders.stores.mentions.embedded import EmbeddedMentions
from schemas.document import Document
store = EmbeddedMentions(Path(sys.argv[1]))
store.prepare()
for round in range(100_000):
    store.put_documents("f", [Document(f"{round}-{n}", "x" * 500) for n in range(10)])
    print(round, flush=True)
"""


@pytest.mark.parametrize("wait_s", [0.05, 0.21, 0.33])
def test_a_killed_write_leaves_whole_batches(tmp_path: Path, wait_s: float) -> None:
    path = tmp_path / "m.sqlite"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout
    writer.stdout.readline()
    time.sleep(wait_s)
    writer.send_signal(signal.SIGKILL)
    told = len(writer.stdout.readlines()) + 1
    writer.stdout.close()
    writer.wait()
    store = EmbeddedMentions(path)
    documents = store.counts()["documents"]
    store.close()
    assert documents % 10 == 0
    assert documents >= told * 10


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT body FROM mentions WHERE doc_id = 'd' ORDER BY start", "PRIMARY KEY"),
        ("SELECT body FROM mentions WHERE mention_id = 'm'", "mentions_by_id"),
        ("SELECT body FROM decisions WHERE doc_id = 'd' ORDER BY start", "sqlite_autoindex_decisions_1 (doc_id=?)"),
        (
            "SELECT body FROM decision_log WHERE mention_id = 'm' ORDER BY sequence DESC",
            "sqlite_autoindex_decision_log_1 (mention_id=?)",
        ),
        ("SELECT body FROM decisions WHERE doubt IS NOT NULL ORDER BY doubt, mention_id LIMIT 5", "review_queue"),
        (
            "SELECT body FROM decisions WHERE asserted = 'e' AND (doc_id, start, mention_id) > ('', -1, '') "
            "ORDER BY doc_id, start, mention_id LIMIT 5",
            "decisions_of_entity",
        ),
        ("SELECT record_id FROM records WHERE file_id = 'f'", "records_of_file"),
    ],
)
def test_questions_are_answered_by_an_index(tmp_path: Path, query: str, index: str) -> None:
    store = EmbeddedMentions(tmp_path / "m.sqlite")
    store.prepare()
    store.close()
    with sqlite3.connect(tmp_path / "m.sqlite") as db:
        plan = " ".join(str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {query}"))
    db.close()
    assert index in plan
    assert "TEMP B-TREE" not in plan


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreRejected, match="not a database"):
        EmbeddedMentions(path)


def test_a_locked_file_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loaders.stores.mentions.embedded_session.BUSY_TIMEOUT_S", 0.1)
    path = tmp_path / "m.sqlite"
    first, second = EmbeddedMentions(path), EmbeddedMentions(path)
    first.prepare()
    with first._transaction(), pytest.raises(StoreUnavailable, match="locked"):
        second.set_state("key", "value")
    first.close()
    second.close()
