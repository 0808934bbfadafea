"""Two streams of one group, each with a home of its own, on the same stores."""

import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kg.export.rows import decision_rows
from kg.home import Home
from kg.resolve import ResolveOptions, resolve
from kg.stream_config import StreamConfig
from loaders.stores.mentions.cassandra_lease import LEASE_S
from schemas.errors import StoreHeld
from tests.cluster.stream_process import started
from tests.cluster.stream_world import answers, document, make_topics, produce, small_home
from tests.cluster.test_stream import in_batch
from tests.homes import embedded
from tests.servers.kafka import KafkaServer
from tests.servers.session import Access

PART = 40
SETTINGS = StreamConfig(batch_documents=4, session_s=3.0)

pytestmark = pytest.mark.cluster


@pytest.mark.timeout(600)
def test_partitions_change_hands_without_loss_or_repetition(
    kafka: KafkaServer, cassandra_server: Access, cassandra_keyspace: str, tmp_path: Path
) -> None:
    """One stream works, a second joins it, the first is killed: every document is answered once."""
    documents = [document(number) for number in range(3 * PART)]
    mentions = f"{cassandra_server.url}/{cassandra_keyspace}"
    first = small_home(tmp_path / "first", SETTINGS, mentions=mentions)
    # without an index: it is built from the store that both share
    second = replace(embedded(tmp_path / "second"), mentions=mentions, stream=SETTINGS)
    make_topics(kafka, ["shared", "shared-out", "shared.dead-letters"], partitions=4)
    produce(kafka, "shared", documents[:PART])
    second.home.mkdir(parents=True)
    with started(first, kafka, "shared") as one:
        one.until(lambda: bool(answers(kafka, "shared-out")), "first decision")
        with started(second, kafka, "shared") as two:
            produce(kafka, "shared", documents[PART : 2 * PART])
            two.until(lambda: len(answers(kafka, "shared-out")) >= PART + PART // 2, "decisions of two streams")
            one.end(signal.SIGKILL)
            produce(kafka, "shared", documents[2 * PART :])
            two.until(lambda: len(answers(kafka, "shared-out")) >= 3 * PART, "decision of each document")
            assert two.end() == 0
            assert "decided 0 documents" not in two.said
    written = answers(kafka, "shared-out")
    assert sorted(answer["doc_id"] for answer in written) == [each["id"] for each in documents]
    with Home(second) as home:
        assert home.mentions.counts()["documents"] == 3 * PART
        by_document = {answer["doc_id"]: answer["decisions"] for answer in written}
        assert [row for each in documents for row in by_document[each["id"]]] == list(decision_rows(home))
        _resolve_when_the_killed_one_is_forgotten(home)
        resolved = list(decision_rows(home))
    filed = small_home(tmp_path / "filed")
    in_batch(filed, documents, tmp_path)
    with Home(filed) as home:
        assert resolved == list(decision_rows(home))


def _resolve_when_the_killed_one_is_forgotten(home: Home) -> None:
    """Resolve, when the store no longer waits for the stream that was killed; that takes half a minute."""
    deadline = time.monotonic() + 2 * LEASE_S
    while True:
        try:
            resolve(home, ResolveOptions(records=False))
        except StoreHeld:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
        else:
            return
