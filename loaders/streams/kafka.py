"""A member of a consumer group whose answers and offsets are written in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from loaders.streams.bounded_call import within
from loaders.streams.failures import KafkaFailures
from loaders.streams.message import Answer, Message
from loaders.streams.settings import KafkaSettings
from schemas.errors import ConfigError, StoreUnavailable

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError, Producer

Waiting = Callable[[StoreUnavailable], None]
_CALL_S = 15.0
_BEGIN_S = 5.0  # then what the client was told meanwhile is looked at


class KafkaStream:
    """Reads messages, and answers them exactly once: `answer` writes answers and offsets, or nothing.

    waiting: called when the broker does not answer, before the call is repeated; raises to give up. It waits.
    Raises ConfigError when confluent-kafka is not installed or a setting is refused, StoreRejected when another member
    of this name has started, the broker refuses for good (a login, say) or is not trusted. Use as a context manager.
    """

    def __init__(self, settings: KafkaSettings, waiting: Waiting) -> None:
        self._settings, self._waiting = settings, waiting
        self._kafka = _library()
        self._errors = KafkaFailures(settings, self._kafka.KafkaError)
        self._assigned: set[int] = set()
        self._kept: list[Message] = []  # read, and not yet given out or given back
        self._paused = self._joined = False
        self._trouble: KafkaError | None = None
        with self._failures():
            self._producer: Producer | None = None
            self._consumer: Consumer = self._kafka.Consumer(settings.consumer() | {"error_cb": self._note})

    def open(self) -> None:
        """End what a forerunner of this name left undone, then join the group."""
        self._new_producer()
        with self._failures():
            self._consumer.subscribe(
                [self._settings.source], on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_revoke
            )

    def collect(self, most: int, *, wait_s: float, linger_s: float) -> list[Message]:
        """Return up to `most` messages: waits `wait_s` for the first and `linger_s` more for others."""
        self._resume()
        if not self._kept:
            self._consume(1, wait_s)
        if self._kept and len(self._kept) < most:
            self._consume(most - len(self._kept), linger_s)
        given, self._kept = self._kept[:most], self._kept[most:]
        return given

    def waiting(self, most: int) -> list[Message]:
        """Return up to `most` messages that are here already; `collect` will give them next. Waits for nothing."""
        if len(self._kept) < most:
            with suppress(StoreUnavailable):
                self._consume(most - len(self._kept), 0)
        return self._kept[:most]

    def give_back(self, messages: Sequence[Message]) -> None:
        """Take back the last messages of a batch; the next one begins with them."""
        self._kept = [*messages, *self._kept]

    def keep_place(self, seconds: float = 0.0) -> None:
        """Tell the group that this member lives while it has no time for messages; takes `seconds`."""
        self._pause()
        # what comes all the same belongs to partitions that were assigned just now
        with suppress(StoreUnavailable):
            self._consume(1, seconds)

    def holds(self, batch: Iterable[Message]) -> bool:
        """Whether the partitions of a batch are still this member's; else another one will have its messages."""
        return {message.partition for message in batch} <= self._assigned

    @property
    def reads(self) -> bool:
        """Whether the group has given this member its partitions, and the broker has told what is in each of them."""
        ends = (self._consumer.get_watermark_offsets(each, cached=True)[1] for each in self._consumer.assignment())
        return self._joined and all(end >= 0 for end in ends)

    def answer(self, batch: Sequence[Message], answers: Iterable[Answer]) -> None:
        """Write answers and the offsets behind a batch in one transaction; nothing when that was done already.

        Raises StoreUnavailable when it is not known whether it was written: then ask `holds`, and repeat it.
        """
        behind = _behind(batch)
        if self._producer is None:
            self._new_producer()
            if self._is_committed(behind):
                return
        try:
            with self._failures():
                self._transact(behind, answers)
        except StoreUnavailable:
            # a new producer of the same name ends the transaction of this one, whatever has become of it
            self._drop_producer()
            raise

    def lag(self) -> dict[int, int]:
        """Return how many messages each partition of this member holds beyond the last that was read."""
        found = {}
        for place in self._consumer.position(self._consumer.assignment()):
            _, high = self._consumer.get_watermark_offsets(place, cached=True)
            if place.offset >= 0 and high >= 0:
                found[place.partition] = max(high - place.offset, 0)
        for message in self._kept:
            found[message.partition] = found.get(message.partition, 0) + 1
        return found

    def close(self) -> None:
        """Leave; nothing that is not answered is committed."""
        with suppress(self._kafka.KafkaException):
            self._consumer.close()
        self._kept, self._assigned = [], set()

    def __enter__(self) -> "KafkaStream":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _transact(self, behind: Mapping[int, int], answers: Iterable[Answer]) -> None:
        producer, source = self._made_producer(), self._settings.source
        producer.begin_transaction()
        for each in answers:
            _produce(producer, each)
        offsets = [self._kafka.TopicPartition(source, partition, offset) for partition, offset in behind.items()]
        place = self._consumer.consumer_group_metadata()
        # the client waits without end where the group's coordinator went away since it was last asked for
        if not within(_CALL_S, lambda: producer.send_offsets_to_transaction(offsets, place, _CALL_S)):
            problem = f"the group's coordinator took no offsets within {_CALL_S:g} s"
            raise StoreUnavailable(self._settings.url, problem)
        producer.commit_transaction(_CALL_S)

    def _is_committed(self, behind: Mapping[int, int]) -> bool:
        """Whether the group is behind a batch, because the transaction that seemed to fail was written after all."""
        places = [self._kafka.TopicPartition(self._settings.source, partition) for partition in behind]
        with self._failures():
            found = self._consumer.committed(places, _CALL_S)
        return all(each.offset >= behind[each.partition] for each in found)

    def _made_producer(self) -> "Producer":
        if self._producer is None:
            self._new_producer()
        return cast("Producer", self._producer)

    def _new_producer(self) -> None:
        """Make a producer, which ends what another one of this name has begun; waits for the broker."""
        with self._failures():
            producer: Producer = self._kafka.Producer(self._settings.producer() | {"error_cb": self._note})
        while True:
            try:
                with self._failures():
                    producer.init_transactions(_BEGIN_S)
            except StoreUnavailable as problem:
                producer.poll(0)
                if self._trouble is not None and self._errors.is_refusal(self._trouble):
                    self._raise_trouble()
                self._waiting(problem)
            else:
                self._producer, self._trouble = producer, None
                return

    def _drop_producer(self) -> None:
        if self._producer is not None:
            self._producer.purge()
            self._producer = None

    def _consume(self, most: int, seconds: float) -> None:
        """Keep what comes; raises when an error came, or when nothing did and the broker is in trouble."""
        with self._failures():
            found = self._consumer.consume(most, seconds)
        messages = [_message(each) for each in found if each.error() is None]
        self._kept.extend(message for message in messages if message.partition in self._assigned)
        errors = [error for each in found if (error := each.error()) is not None]
        if messages:
            self._trouble = None
        self._raise_trouble(errors[0] if errors else None)

    def _raise_trouble(self, error: "KafkaError | None" = None) -> None:
        trouble, self._trouble = error or self._trouble, None
        if trouble is not None:
            # it may wait for a coordinator that it knew before, and its successor asks who it is
            self._drop_producer()
            raise self._errors.named(trouble)

    def _note(self, error: "KafkaError") -> None:
        """Keep what a client says of its brokers, unless it mends it by itself; a refusal stays until it is raised."""
        kept = self._trouble is not None and self._errors.is_refusal(self._trouble)
        if not kept and self._errors.is_serious(error):
            self._trouble = error

    def _on_assign(self, consumer: "Consumer", partitions: list[Any]) -> None:
        self._assigned = {each.partition for each in partitions}
        # a partition that was paused here before is so still when it comes back
        self._joined = self._paused = True

    def _on_revoke(self, consumer: "Consumer", partitions: list[Any]) -> None:
        gone = {each.partition for each in partitions}
        self._assigned -= gone
        self._joined = False
        # they were not answered: whoever has the partition now reads them again
        self._kept = [message for message in self._kept if message.partition not in gone]

    def _pause(self) -> None:
        # each time anew: partitions that were assigned since are not paused, and those that came back still are
        self._consumer.pause(self._consumer.assignment())
        self._paused = True

    def _resume(self) -> None:
        if self._paused:
            self._consumer.resume(self._consumer.assignment())
            self._paused = False

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except self._kafka.KafkaException as failure:
            raise self._errors.named(failure.args[0]) from failure


def _produce(producer: "Producer", answer: Answer) -> None:
    headers: dict[str, str | bytes | None] = dict(answer.headers)
    while True:
        try:
            producer.produce(answer.topic, answer.value, answer.key, headers=headers)
        except BufferError:
            producer.poll(0.1)
        else:
            return


def _library() -> Any:  # noqa: ANN401 - a module of an extra, which has no types
    try:
        import confluent_kafka
    except ImportError as missing:
        raise ConfigError("stream", "needs confluent-kafka: pip install audiokg[kafka]") from missing
    return confluent_kafka


def _message(found: Any) -> Message:  # noqa: ANN401 - the library's own message
    kind, timestamp = found.timestamp()
    return Message(
        found.topic(), found.partition(), found.offset(), found.key(), found.value(), timestamp if kind else 0
    )


def _behind(batch: Iterable[Message]) -> dict[int, int]:
    """Return for each partition of a batch the offset behind its last message."""
    behind: dict[int, int] = {}
    for message in batch:
        behind[message.partition] = max(behind.get(message.partition, 0), message.offset + 1)
    return behind
