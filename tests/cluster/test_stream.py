"""`kg stream` as a process: what it decides, what it cannot read, and what changes under it."""

import json
import signal
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import wait
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import pytest

from kg.config import Config
from kg.export.rows import decision_rows
from kg.home import Home
from kg.ingest import CatalogInput, DocumentInput, ingest_catalog, ingest_documents
from kg.resolve import ResolveOptions, resolve
from kg.stream_config import StreamConfig
from kg.streaming.extraction_beside import ExtractionBeside
from kg.streaming.options import StreamOptions
from kg.streaming.stream import stream
from linkers.extraction.worker_pool import ExtractionPool
from schemas.document import Document
from tests.cluster.stream_process import started
from tests.cluster.stream_world import answers, committed, document, make_topics, produce, small_home
from tests.homes import exported
from tests.servers.kafka import KafkaServer
from tests.servers.ports import take_port

DOCUMENTS = 40

pytestmark = pytest.mark.cluster


def ready(kafka: KafkaServer, topic: str, partitions: int = 1) -> None:
    make_topics(kafka, [topic, f"{topic}-out", f"{topic}.dead-letters"], partitions)


def drained(config: Config, kafka: KafkaServer, topic: str) -> None:
    """Run a stream in this process until its topic is empty."""
    options = StreamOptions(kafka.url, topic, f"{topic}-out", group=topic, until_idle_s=0.5)
    with Home(config) as home:
        stream(home, options)


def in_batch(config: Config, documents: list[dict[str, str]], folder: Path) -> None:
    """Take in documents by the commands for files."""
    rows = folder / "documents.jsonl"
    rows.write_text("".join(json.dumps(each) + "\n" for each in documents), encoding="utf-8")
    with Home(config) as home:
        ingest_documents(home, DocumentInput([str(rows)]))
        resolve(home, ResolveOptions(records=False))


def test_a_stream_decides_as_the_commands_for_files_do(kafka: KafkaServer, tmp_path: Path) -> None:
    documents: list[dict[str, str]] = [document(number) for number in range(DOCUMENTS)]
    streamed, filed = small_home(tmp_path / "streamed"), small_home(tmp_path / "filed")
    in_batch(filed, documents, tmp_path)
    ready(kafka, "equal")
    produce(kafka, "equal", documents)
    with started(streamed, kafka, "equal") as process:
        process.until(lambda: len(answers(kafka, "equal-out")) == DOCUMENTS, "decision of each document")
        with Home(streamed) as home:
            in_store = list(decision_rows(home))
        assert process.end() == 0
        assert "decided 40 documents" in process.said
    written = [row for answer in answers(kafka, "equal-out") for row in answer["decisions"]]
    assert written == in_store
    with Home(filed) as home:
        expected = list(decision_rows(home))
    # what unknown things are called across documents is decided by `kg resolve`
    assert [without_unknown(row) for row in written] == [without_unknown(row) for row in expected]
    with Home(streamed) as home:
        assert home.mentions.runs()[0].status == "finished"
        assert home.mentions.runs()[0].counts["documents"] == DOCUMENTS
        resolve(home, ResolveOptions(records=False))
    for what in ("graph", "decisions"):
        assert exported(streamed, what) == exported(filed, what)


def test_messages_that_wait_are_read_beside_and_decided_the_same(
    kafka: KafkaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.streaming.extraction_beside.BEHIND_DOCUMENTS", 8)
    monkeypatch.setattr("kg.streaming.extraction_beside.usable_cores", lambda: 2)
    # a topic this short would be at its end before the processes have opened their models: it waits for them, however
    # long that takes a busy machine, and must not count that as time in which they were not wanted
    monkeypatch.setattr("kg.streaming.extraction_beside.IDLE_S", 3_600)
    monkeypatch.setattr(ExtractionBeside, "ready", property(lambda self: self._pool and bool(wait(self._opening))))
    submitted, submit = list[str](), ExtractionPool.submit

    def noted(pool: ExtractionPool, documents: Sequence[Document]) -> object:
        submitted.extend(each.id for each in documents)
        return submit(pool, documents)

    monkeypatch.setattr(ExtractionPool, "submit", noted)
    exports = []
    for workers in (1, 2):
        config = small_home(tmp_path / str(workers), StreamConfig(batch_documents=4, workers=workers))
        topic = f"beside-{workers}"
        ready(kafka, topic)
        produce(kafka, topic, [document(number) for number in range(DOCUMENTS)])
        drained(config, kafka, topic)
        assert len(answers(kafka, f"{topic}-out")) == DOCUMENTS
        exports.append([exported(config, what) for what in ("graph", "decisions")])
        assert (len(set(submitted)) > DOCUMENTS / 2) == (workers == 2)
    assert exports[0] == exports[1]


def without_unknown(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "provisional_id"}


def test_what_cannot_be_read_goes_aside_with_its_error(kafka: KafkaServer, tmp_path: Path) -> None:
    config = small_home(tmp_path, StreamConfig(message_bytes=3_000))
    with Home(config) as home:
        home.mentions.put_documents("another", [])
    in_batch(config, [document(7)], tmp_path)
    wrong: dict[bytes, str] = {
        b"{": "is not JSON",
        b'{"id": "x", "text": "\xff"}': "UTF-8",
        b"[1]": "must be an object",
        b'{"text": "no id"}': "id is missing",
        b'{"id": "x", "text": " "}': "no text",
        b'{"id": "x", "text": 1.5}': "is not a text",
        b'{"id": "x", "text": "' + b"a" * 4_000 + b'"}': "at most 3000 are read",
        b"[" * 2_000: "is not JSON",
        json.dumps(document(7)).encode(): "from another file or topic",
        b"": "empty",
    }
    ready(kafka, "wrong")
    produce(kafka, "wrong", [document(1), *wrong, document(2)])
    drained(config, kafka, "wrong")
    assert [answer["doc_id"] for answer in answers(kafka, "wrong-out")] == ["d0001", "d0002"]
    letters = committed(kafka, "wrong.dead-letters")
    assert [letter.value() or b"" for letter in letters] == list(wrong)
    for place, (letter, problem) in enumerate(zip(letters, wrong.values(), strict=True), start=1):
        headers = dict(letter.headers())
        assert problem in headers["error"].decode()
        assert (headers["topic"], headers["partition"], headers["offset"]) == (b"wrong", b"0", str(place).encode())


def test_decisions_too_large_for_a_message_are_told_and_stored(kafka: KafkaServer, tmp_path: Path) -> None:
    config = small_home(tmp_path, StreamConfig(answer_bytes=600))
    ready(kafka, "large")
    produce(
        kafka, "large", [{"id": "long", "text": "Björk met Prince Royce. " * 5}, {"id": "short", "text": "Björk sang."}]
    )
    drained(config, kafka, "large")
    assert [answer["doc_id"] for answer in answers(kafka, "large-out")] == ["short"]
    assert b"stream.answer_bytes" in dict(committed(kafka, "large.dead-letters")[0].headers())["error"]
    with Home(config) as home:
        assert len(list(decision_rows(home, "long"))) == 10


def test_a_document_that_changed_takes_its_old_mentions_from_the_graph(kafka: KafkaServer, tmp_path: Path) -> None:
    config = small_home(tmp_path)
    ready(kafka, "changed")
    first, second = "Björk met Greta Marlowe.", "Prince Royce sang."
    produce(kafka, "changed", [{"id": "d", "text": first}, {"id": "d", "text": second}, {"id": "d", "text": second}])
    drained(config, kafka, "changed")
    said = [[row["surface"] for row in answer["decisions"]] for answer in answers(kafka, "changed-out")]
    assert said == [["Björk", "Greta Marlowe"], ["Prince Royce"], ["Prince Royce"]]
    with Home(config) as home:
        found = home.graph.query("MATCH (:Document)-[:MENTIONS]->(e:Entity) RETURN e.name").rows
        unknown = home.graph.query("MATCH (e:Entity) WHERE e.status = 'provisional' RETURN e.name").rows
    assert (found, unknown) == ([("Prince Royce",)], [])


def test_figures_are_there_while_the_stream_runs(kafka: KafkaServer, tmp_path: Path) -> None:
    config = small_home(tmp_path)
    ready(kafka, "figures")
    port = take_port().number
    with started(config, kafka, "figures", {"--metrics-port": str(port)}) as process:
        assert figures(port)["kg_stream_messages_total"] == 0
        same = document(3)
        produce(kafka, "figures", [document(1), document(2), same, same, b"{"])
        process.until(lambda: figures(port)["kg_stream_messages_total"] == 5, "figure of each message")
        process.until(lambda: figures(port).get('kg_stream_lag{partition="0"}') == 0, "figure of the lag")
        found = figures(port)
        assert process.end() == 0
    decided = Counter(row["decision"] for answer in answers(kafka, "figures-out")[:3] for row in answer["decisions"])
    assert {kind: found[f'kg_stream_decisions_total{{decision="{kind}"}}'] for kind in decided} == decided
    assert found['kg_stream_documents_total{outcome="decided"}'] == 3
    assert found['kg_stream_documents_total{outcome="repeated"}'] == 1
    assert found["kg_stream_dead_letters_total"] == 1
    assert found["kg_stream_latency_seconds_count"] == found["kg_stream_batch_messages_sum"] == 5
    assert found['kg_stream_stage_seconds_total{stage="answer"}'] > 0
    assert found["kg_stream_waiting"] == 0
    with pytest.raises(OSError, match="refused"):
        figures(port)


def figures(port: int) -> dict[str, float]:
    """Return what Prometheus would read, by name and labels."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {name: float(value) for name, _, value in (x.rpartition(" ") for x in lines if not x.startswith("#"))}


def test_a_new_catalog_is_used_without_a_restart(kafka: KafkaServer, tmp_path: Path) -> None:
    config = small_home(tmp_path)
    ready(kafka, "catalog")
    with started(config, kafka, "catalog") as process:
        produce(kafka, "catalog", [{"id": "before", "text": "Greta Marlowe sang in Lisbon."}])
        process.until(lambda: len(answers(kafka, "catalog-out")) == 1, "decision by the first catalog")
        more = tmp_path / "more.jsonl"
        row = {"id": "g1", "name": "Greta Marlowe", "type": "artist", "description": "American songwriter"}
        more.write_text(json.dumps(row) + "\n", encoding="utf-8")
        with Home(config) as home:
            ingest_catalog(home, CatalogInput([str(more)], (), "more"))
        produce(kafka, "catalog", [{"id": "after", "text": "Greta Marlowe sang in Lisbon."}])
        process.until(lambda: len(answers(kafka, "catalog-out")) == 2, "decision by the second catalog")
        assert process.end(signal.SIGINT) == 0
        assert "deciding by catalog index" in process.said
    before, after = answers(kafka, "catalog-out")
    assert before["decisions"][0]["decision"] == "nil"
    assert after["decisions"][0]["best_entity_id"] == "g1"
    assert before["index_version"] != after["index_version"]
    with Home(config) as home:
        kinds = [(run.kind, run.status) for run in home.mentions.runs()]
    assert kinds == [("stream", "finished"), ("catalog", "finished"), ("stream", "finished"), ("catalog", "finished")]


@pytest.mark.timeout(300)
def test_a_broker_that_comes_back_finds_the_stream_waiting(tmp_path: Path) -> None:
    broker = KafkaServer(tmp_path / "broker")
    config = replace(small_home(tmp_path), stream=StreamConfig(batch_documents=5))
    try:
        broker.start()
        ready(broker, "again")
        produce(broker, "again", [document(number) for number in range(60)])
        with started(config, broker, "again") as process:
            process.until(lambda: len(answers(broker, "again-out")) > 5, "first decisions")
            broker.stop()
            process.until(lambda: "waiting: kafka://" in process.said, "word of the broker that is away")
            broker.start()
            produce(broker, "again", [document(number) for number in range(60, 80)])
            process.until(lambda: len(answers(broker, "again-out")) == 80, "decision of each document")
            assert "answers again after" in process.said
            assert process.end() == 0
        ids = [answer["doc_id"] for answer in answers(broker, "again-out")]
        assert ids == [document(number)["id"] for number in range(80)]
        assert not committed(broker, "again.dead-letters")
    finally:
        broker.stop()
