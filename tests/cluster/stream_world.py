"""Documents for a topic, and what came out of another."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kg.config import Config
from kg.home import Home
from kg.ingest import CatalogInput, ingest_catalog
from kg.stream_config import StreamConfig
from tests.homes import embedded
from tests.servers.kafka import KafkaServer
from tests.small_world import write_small_world

PEOPLE = ("Greta Marlowe", "Ivo Lindqvist", "Tamsin Okafor", "Ruben Castellan", "Marlowe")
KNOWN = ("Björk", "Prince Royce", "P!nk", "Prince", "Nevermind", "BTS", "Homogenic", "Nirvana")
PLACES = ("Seattle", "Lisbon", "Glass Harbour", "Minneapolis")
LONGEST_S = 90.0


def document(number: int, *, version: int = 1) -> dict[str, str]:
    """Return a document of one paragraph; another version has another text."""
    person, place = PEOPLE[(number * version) % len(PEOPLE)], PLACES[(number + version) % len(PLACES)]
    first, second = KNOWN[number % len(KNOWN)], KNOWN[(number // 3 + version) % len(KNOWN)]
    text = f"{first} met {person} in {place}. Later {second} sang for {person}, and the album Nevermind was played."
    return {"id": f"d{number:04}", "title": f"Evening {number}", "text": text, "uri": f"u{number}"}


def small_home(folder: Path, stream: StreamConfig | None = None, mentions: str = "embedded") -> Config:
    """Return a home with the catalog of the small world; its graph is embedded."""
    config = replace(embedded(folder), stream=stream or StreamConfig(), mentions=mentions)
    world = write_small_world(folder / "world")
    with Home(config) as home:
        ingest_catalog(home, CatalogInput([str(world.catalog)], (), "main"))
    return config


def produce(server: KafkaServer, topic: str, values: Iterable[object], partition: int = -1) -> None:
    """Write messages: bytes as they are, anything else as JSON."""
    from confluent_kafka import Producer

    producer = Producer(server.client)
    for value in values:
        data = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
        key = value["id"] if isinstance(value, dict) and isinstance(value.get("id"), str) else None
        producer.produce(topic, data, key, partition=partition)
    assert producer.flush(30) == 0


def make_topics(server: KafkaServer, names: Sequence[str], partitions: int = 1) -> None:
    from confluent_kafka.admin import AdminClient
    from confluent_kafka.cimpl import NewTopic

    admin = AdminClient(server.client)
    for each in admin.create_topics([NewTopic(name, partitions, 1) for name in names]).values():
        each.result(30)


def committed(server: KafkaServer, topic: str) -> list[Any]:
    """Return the messages of a topic that a reader of committed transactions sees, by partition and offset."""
    from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition

    settings = server.client | {"group.id": "reader", "enable.partition.eof": True}
    consumer = Consumer(settings | {"isolation.level": "read_committed", "enable.auto.commit": False})
    found, ended, deadline = [], set[int | None](), time.monotonic() + LONGEST_S
    try:
        partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
        while len(ended) < len(partitions):
            assert time.monotonic() < deadline, f"{topic} does not end: a transaction is open"
            message = consumer.poll(0.5)
            if message is None:
                continue
            error = message.error()
            if error is None:
                found.append(message)
            elif error.code() == KafkaError._PARTITION_EOF:  # of any other the client recovers by itself
                ended.add(message.partition())
    finally:
        consumer.close()
    return sorted(found, key=lambda message: (message.partition(), message.offset()))


def answers(server: KafkaServer, topic: str) -> list[dict[str, Any]]:
    """Return the values of a topic of decisions, in their order."""
    return [json.loads(message.value()) for message in committed(server, topic)]
