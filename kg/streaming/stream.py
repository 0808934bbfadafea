"""The loop of `kg stream`: batch by batch, the stores first, then answers and offsets in one transaction."""

import gc
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from kg.home import Home
from kg.streaming.answers import dead_letter, decision_answers
from kg.streaming.deciding import Decided, decide_documents
from kg.streaming.extraction_beside import ExtractionBeside
from kg.streaming.figures import StreamFigures
from kg.streaming.graph import batch_decisions, write_graph
from kg.streaming.options import StreamOptions, StreamSummary, Tell
from kg.streaming.patience import Patience, Stopped
from kg.streaming.place import StreamPlace, only_stream
from loaders.readers.documents import DocumentOptions
from loaders.readers.message_document import read_message
from loaders.streams.kafka import KafkaStream
from loaders.streams.message import Answer, Message
from schemas.document import Document
from schemas.errors import DocumentError, StoreUnavailable

IDLE_S = 0.5
STATUS_S = 10.0


def stream(
    home: Home, options: StreamOptions, *, stop: threading.Event | None = None, tell: Tell | None = None
) -> StreamSummary:
    """Decide about the documents of a topic as they come, until it is stopped; each takes effect exactly once.

    stop: ends the stream when it is set, after the batch at hand. tell: hears what happens, one sentence at a time.
    While a store or the broker is away the stream waits. Raises ConfigError, IndexMissingError, ModelError,
    StoreRejected, and StoreUnavailable when another stream works on the home.
    """
    stop, tell = stop or threading.Event(), tell or (lambda _: None)
    patience, figures = Patience(stop, tell), StreamFigures()
    with only_stream(home), _waiting_itself(home), figures.served(options.metrics_port):
        place = StreamPlace(home, options, tell)
        with suppress(Stopped):
            # before the group gives this member something to do
            patience.persist(place.prepare)
        with (
            KafkaStream(options.kafka(home.config), patience.wait) as kafka,
            ExtractionBeside(home, home.config.stream.workers) as beside,
            _spared_by_the_collector(),
        ):
            streaming = _Streaming(home, options, _Parts(kafka, place, beside, patience, figures, stop, tell))
            with suppress(Stopped):
                streaming.run()
            return streaming.end()


@contextmanager
def _waiting_itself(home: Home) -> Iterator[None]:
    """Let stores fail at once: the stream waits for them, and keeps its place in the group meanwhile."""
    configured = home.config
    home.config = replace(configured, stores=replace(configured.stores, patience_s=0))
    try:
        yield
    finally:
        home.config = configured


@contextmanager
def _spared_by_the_collector() -> Iterator[None]:
    """Let the collector not walk again and again what is open now and stays, the models above all."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@dataclass(frozen=True)
class _Parts:
    """What a stream works with."""

    kafka: KafkaStream
    place: StreamPlace
    beside: ExtractionBeside
    patience: Patience
    figures: StreamFigures
    stop: threading.Event
    tell: Tell


class _Streaming:
    """A stream that goes on."""

    def __init__(self, home: Home, options: StreamOptions, parts: "_Parts") -> None:
        self._home, self._options = home, options
        self._kafka, self._place, self._beside = parts.kafka, parts.place, parts.beside
        self._patience, self._figures = parts.patience, parts.figures
        self._stop, self._tell = parts.stop, parts.tell
        self._reading = DocumentOptions()
        self._summary = StreamSummary()

    def run(self) -> None:
        """Take batches until it is stopped, or nothing came for as long as the options say; raises Stopped."""
        self._kafka.open()
        self._patience.keep_place = self._kafka.keep_place
        self._tell(f"reading {self._options.source} as group {self._options.group}")
        settings, last, told = self._home.config.stream, time.monotonic(), time.monotonic()
        while not self._stop.is_set():
            if self._place.others_wait():
                self._kafka.keep_place(0.05)
                continue
            # asked before: what is told of a partition while nothing comes may be the first sign of its messages
            reads = self._kafka.reads
            batch = self._collect(settings.batch_documents, settings.batch_ms / 1000)
            if batch:
                self._foresee(settings.batch_documents)
                self._take(batch)
            if batch or not reads:
                last = time.monotonic()
            if self._is_over(last):
                return
            self._make_way(idle=not batch)
            self._show()
            if time.monotonic() - told > STATUS_S:
                told = time.monotonic()
                self._tell(self._status())

    def end(self) -> StreamSummary:
        """Finish the run and return what was done."""
        self._make_way(idle=False)
        self._place.end()
        self._summary.runs = self._place.run_ids
        return self._summary

    def _collect(self, most: int, linger_s: float) -> list[Message]:
        try:
            batch = self._kafka.collect(most, wait_s=IDLE_S, linger_s=linger_s)
        except StoreUnavailable as problem:
            self._patience.wait(problem)
            return []
        if batch:
            self._patience.over()
        return batch

    def _is_over(self, last: float) -> bool:
        most = self._options.until_idle_s
        return most is not None and time.monotonic() - last >= most

    def _foresee(self, most: int) -> None:
        """Let the documents that wait behind a batch be read while it is taken."""
        waiting, documents = self._kafka.waiting(most), dict[str, Document]()
        for message in waiting:
            with suppress(DocumentError):
                document = self._document(message)
                documents.setdefault(document.id, document)
        self._beside.begin(list(documents.values()), whole=len(waiting) == most)

    def _take(self, batch: list[Message]) -> None:
        """Bring a batch to its end, however often a store or the broker is away meanwhile."""
        batch, documents, problems = self._read(batch)
        while self._kafka.holds(batch):
            try:
                self._attempt(batch, documents, problems)
            except StoreUnavailable as problem:
                self._figures.waiting.set(1)
                self._patience.wait(problem)
            else:
                self._patience.over()
                self._figures.waiting.set(0)
                return

    def _attempt(self, batch: Sequence[Message], documents: dict[int, Document], problems: dict[int, str]) -> None:
        run = self._place.take()
        given = self._options.file_id, list(documents.values())
        decided = decide_documents(self._home, run, *given, extract=self._beside.mentions)
        with run.stage("read back"):
            decisions = batch_decisions(self._home, decided)
        with run.stage("graph"):
            write_graph(self._home, decided, decisions)
        ids = [document.id for document in decided.documents]
        values = decision_answers(decisions, ids, self._home.index.version)
        refused = problems | {place: p for place, each in documents.items() if (p := decided.refused.get(each.id))}
        answers = [
            self._answer(message, documents.get(place), values, refused.get(place))
            for place, message in enumerate(batch)
        ]
        with run.stage("answer"):
            self._kafka.answer(batch, answers)
        dead = sum(answer.topic == self._options.refused_topic for answer in answers)
        fresh = decisions["doc_id"].is_in([each for each in ids if each not in decided.repeated])
        kinds = dict(decisions.filter(fresh)["decision"].value_counts().iter_rows())
        for name, number in {"documents": len(ids) - len(decided.repeated), "dead_letters": dead, **kinds}.items():
            run.count(name, number)
        self._count(batch, decided, kinds, dead)
        self._figures.spent(run.seconds)

    def _read(self, batch: list[Message]) -> tuple[list[Message], dict[int, Document], dict[int, str]]:
        """Return the batch, its documents and its problems by place; it ends before an id comes a second time."""
        documents: dict[int, Document] = {}
        problems: dict[int, str] = {}
        seen = set[str]()
        for place, message in enumerate(batch):
            try:
                document = self._document(message)
            except DocumentError as error:
                problems[place] = error.problem
                continue
            if document.id in seen:
                self._kafka.give_back(batch[place:])
                return batch[:place], documents, problems
            seen.add(document.id)
            documents[place] = document
        return batch, documents, problems

    def _document(self, message: Message) -> Document:
        return read_message(
            message.value,
            place=message.place,
            source=f"kafka:{message.topic}",
            options=self._reading,
            most=self._home.config.stream.message_bytes,
        )

    def _answer(
        self, message: Message, document: Document | None, values: dict[str, bytes], problem: str | None
    ) -> Answer:
        topic = self._options.refused_topic
        if document is None or problem is not None:
            return dead_letter(topic, message, problem or "")
        value, most = values[document.id], self._home.config.stream.answer_bytes
        if len(value) > most:
            problem = f"its decisions are stored, but take {len(value)} bytes; stream.answer_bytes is {most}"
            return dead_letter(topic, message, problem)
        return Answer(self._options.target, document.id.encode(), value)

    def _count(self, batch: Sequence[Message], decided: Decided, kinds: dict[str, int], dead: int) -> None:
        summary, figures = self._summary, self._figures
        repeated, documents = len(decided.repeated), len(decided.documents) - len(decided.repeated)
        summary.messages += len(batch)
        summary.documents += documents
        summary.repeated += repeated
        summary.dead_letters += dead
        figures.documents.labels("decided").inc(documents)
        figures.documents.labels("repeated").inc(repeated)
        figures.dead_letters.inc(dead)
        figures.batch.observe(len(batch))
        figures.answered(batch)
        for kind, number in kinds.items():
            summary.decisions[kind] += number
            figures.decisions.labels(kind).inc(number)

    def _make_way(self, *, idle: bool) -> None:
        try:
            self._place.make_way(idle=idle)
        except StoreUnavailable as problem:
            self._tell(f"could not publish, which is tried again: {problem}")

    def _show(self) -> None:
        self._figures.behind(self._kafka.lag())

    def _status(self) -> str:
        done = self._summary
        behind = sum(self._kafka.lag().values())
        return (
            f"{done.documents:,} documents decided, {done.repeated:,} repeated, {done.dead_letters:,} dead letters; "
            f"{behind:,} messages wait"
        )
