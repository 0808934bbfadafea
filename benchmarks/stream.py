"""Latency and rate of `kg stream` over a real broker: `python -m benchmarks.stream --out benchmarks/STREAM.md`.

Documents of one paragraph are produced at a steady rate, and the time is taken until a reader of committed transactions has
the decisions of each; then all at once, which gives the highest rate. The home is the demo's catalog with vectors, embedded.
Before either, some thousand documents warm it up: a stream that stays behind opens processes beside it, which takes seconds.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from kg.config import Config, ModelConfig
from kg.home import Home
from kg.ingest import CatalogInput, ingest_catalog
from kg.streaming.options import StreamOptions, StreamSummary
from kg.streaming.stream import stream
from tests.cluster.stream_world import make_topics
from tests.servers.kafka import KafkaServer

PARAGRAPHS = 500
UNKNOWN = ("Greta Marlowe", "Ivo Lindqvist", "Tamsin Okafor", "Ruben Castellan")
SENTENCES = (
    "Last night {person} spoke about {0} and the years before the first record. She said that {1} had changed how a whole "
    "city listened to the radio. Later in the programme they played {2}, which few people had heard in twenty years. "
    "Asked what comes next, {person} named {3} and left the studio for the night train."
)
WARM_UP = 2_000
TARGET_S = 2.0


@dataclass(frozen=True)
class Measured:
    """Seconds from produce to decision, documents a second, and seconds by stage."""

    latency: np.ndarray[tuple[int], np.dtype[np.float64]]
    rate: float
    stages: dict[str, float]


def paragraphs() -> list[str]:
    """Return paragraphs of four sentences about names of the demo's catalog, and some that it has not."""
    catalog = Path(str(files("kg"))) / "demo" / "data" / "catalog-music.jsonl"
    names = [json.loads(line)["name"] for line in catalog.read_text(encoding="utf-8").splitlines()]
    chance = random.Random(7)
    return [SENTENCES.format(*chance.sample(names, 4), person=chance.choice(UNKNOWN)) for _ in range(PARAGRAPHS)]


def documents(number: int, name: str, texts: list[str]) -> list[bytes]:
    rows = ({"id": f"{name}-{place}", "text": texts[place % len(texts)]} for place in range(number))
    return [json.dumps(row).encode() for row in rows]


def produce(server: KafkaServer, topic: str, values: list[bytes], rate: float) -> None:
    from confluent_kafka import Producer

    producer = Producer({"bootstrap.servers": server.url, "linger.ms": 0})
    began = time.perf_counter()
    for place, value in enumerate(values):
        if rate:
            time.sleep(max(began + place / rate - time.perf_counter(), 0))
        producer.produce(topic, value)
        producer.poll(0)
    producer.flush()


def read(server: KafkaServer, topic: str, number: int) -> list[float]:
    """Return when each answer was read, as the clock of the wall tells."""
    from confluent_kafka import Consumer

    own = {
        "group.id": f"reader of {topic}",
        "enable.auto.commit": False,
        "isolation.level": "read_committed",
        "auto.offset.reset": "earliest",
    }
    consumer = Consumer({"bootstrap.servers": server.url, "fetch.wait.max.ms": 10, **own})
    consumer.subscribe([topic])
    seen: list[float] = []
    while len(seen) < number:
        message = consumer.poll(1.0)
        if message is not None and not message.error():
            seen.append(time.time())
    consumer.close()
    return seen


def measure(server: KafkaServer, config: Config, name: str, values: list[bytes], rate: float) -> Measured:
    """Run a stream over the values; a rate of 0 produces all before it begins."""
    options = StreamOptions(server.url, name, f"{name}-out", group=name)
    stop, ready, summaries = threading.Event(), threading.Event(), list[StreamSummary]()

    def work() -> None:
        with Home(config) as home:
            tell = lambda text: ready.set() if text.startswith("reading") else None  # noqa: E731
            summaries.append(stream(home, options, stop=stop, tell=tell))

    make_topics(server, [name, f"{name}-out"])
    warm = documents(WARM_UP, f"{name}-warm", paragraphs())
    produce(server, name, warm if rate else warm + values, 0)
    worker = threading.Thread(target=work)
    worker.start()
    ready.wait()
    read(server, f"{name}-out", WARM_UP)
    began = time.time()
    producer = threading.Thread(target=produce, args=(server, name, values if rate else [], rate))
    producer.start()
    seen = read_from(server, name, len(values))
    producer.join()
    stop.set()
    worker.join()
    sent = produced_at(server, name, len(values))
    with Home(config) as home:
        run = next(run for run in home.mentions.runs() if run.run_id == summaries[0].runs[-1])
    elapsed = max(seen) - (min(sent) if rate else began)
    return Measured(np.array(seen) - np.array(sent), len(values) / elapsed, dict(run.seconds))


def read_from(server: KafkaServer, name: str, number: int) -> list[float]:
    return read(server, f"{name}-out", WARM_UP + number)[WARM_UP:]


def produced_at(server: KafkaServer, name: str, number: int) -> list[float]:
    """Return the times that the producer wrote into its messages, in seconds."""
    from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

    consumer = Consumer({"bootstrap.servers": server.url, "group.id": f"times of {name}"})
    consumer.assign([TopicPartition(name, 0, OFFSET_BEGINNING)])
    found: list[float] = []
    while len(found) < WARM_UP + number:
        message = consumer.poll(1.0)
        if message is not None and not message.error():
            found.append(message.timestamp()[1] / 1000)
    consumer.close()
    return found[WARM_UP:]


def report(rate: float, encoder: str, steady: Measured, full: Measured) -> str:
    p50, p90, p99 = np.quantile(steady.latency, (0.5, 0.9, 0.99))
    verdict = "holds" if p99 < TARGET_S else "does not hold"
    lines = [
        "# Streams",
        "",
        "Written by `python -m benchmarks.stream --out benchmarks/STREAM.md`: one paragraph a document, the demo's catalog,",
        f"encoder {encoder}, embedded home, broker on the same machine, {WARM_UP:,} documents before to warm up. Latency is from produce to decision, as a reader of committed transactions sees it.",
        "",
        "| | documents | p50 | p90 | p99 | documents/s |",
        "|---|---|---|---|---|---|",
        f"| {rate:.0f} documents/s | {len(steady.latency):,} | {p50:.2f} s | {p90:.2f} s | {p99:.2f} s | {steady.rate:.0f} |",
        f"| all at once | {len(full.latency):,} | | | | {full.rate:.0f} |",
        "",
        f"p99 under {TARGET_S:.0f} s at {rate:.0f} documents/s: this machine {verdict} it.",
        "",
        "| stage | share of the time, all at once |",
        "|---|---|",
    ]
    total = sum(full.stages.values())
    ordered = sorted(full.stages.items(), key=lambda pair: -pair[1])
    return "\n".join([*lines, *(f"| {stage} | {seconds / total:.0%} |" for stage, seconds in ordered)]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=200.0, help="documents a second")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long they come")
    parser.add_argument("--encoder", default=ModelConfig().encoder, help='"none" does without vectors')
    parser.add_argument("--out", type=Path, help="file of the report, else standard output")
    given = parser.parse_args()
    texts, number = paragraphs(), int(given.rate * given.seconds)
    folder = Path(tempfile.mkdtemp())
    server = KafkaServer(folder / "kafka")
    try:
        server.start()
        config = Config(home=folder / "home", models=ModelConfig(encoder=given.encoder))
        data = Path(str(files("kg"))) / "demo" / "data"
        with Home(config) as home:
            ingest_catalog(home, CatalogInput([str(path) for path in [data / "catalog-music.jsonl"]]))
        steady = measure(server, config, "steady", documents(number, "steady", texts), given.rate)
        full = measure(server, config, "full", documents(min(number, 3_000), "full", texts), 0)
        text = report(given.rate, given.encoder, steady, full)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
