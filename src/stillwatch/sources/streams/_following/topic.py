"""All partitions of a Kafka topic, read by one consumer."""

import logging
import time
from collections import defaultdict
from collections.abc import Iterator

import msgspec
from confluent_kafka import (
    OFFSET_STORED,
    Consumer,
    KafkaError,
    KafkaException,
    TopicPartition,
)
from confluent_kafka import Message as Received

from stillwatch.records import InvalidConfiguration, Rejection, UnreadableInput, UsageError
from stillwatch.sources._reading.interface import Block
from stillwatch.sources.streams._following.interface import Delivery
from stillwatch.sources.streams._following.messages import Formats, Message, blocks_of

AHEAD = "16384"  # kilobytes that the client fetches ahead
AT_ONCE = 500  # messages taken from the client together
PATIENCE = 5.0  # seconds for which a broker's answer is awaited
REFRESH = 60.0  # seconds between two looks for partitions that were added
TRY_AGAIN = 1.0  # seconds between two looks for a broker that is away
ABSENT = {KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC}  # noqa: SLF001 - so named by librdkafka
REFUSED = {KafkaError._AUTHENTICATION, KafkaError.TOPIC_AUTHORIZATION_FAILED}  # noqa: SLF001 - as above
AT_END = KafkaError._PARTITION_EOF  # noqa: SLF001 - as above
_log = logging.getLogger(__name__)


class Reached(msgspec.Struct, frozen=True):
    """A position: the offset of the next message of each partition."""

    topic: str
    offsets: dict[int, int]


class Topic:
    """A stream of a topic's messages."""

    def __init__(self, shown: str, topic: str, settings: dict[str, str], position: str | None) -> None:
        self._shown, self._topic = shown, topic
        self._next = _offsets(shown, topic, position)
        self._formats = Formats()
        self._at_end: set[int] = set()
        self._assigned: set[int] = set()
        self._trouble: KafkaError | None = None
        self._told = False
        self._next_look = 0.0
        ours = {
            "enable.auto.commit": "false",
            "auto.offset.reset": "earliest",
            "enable.partition.eof": "true",
            "log_level": "2",  # what fails comes through the callback too, and is told once
        }
        try:
            self._consumer = Consumer(
                {"queued.max.messages.kbytes": AHEAD, **settings, **ours, "error_cb": self._fail}
            )
        except KafkaException as error:
            raise InvalidConfiguration(f"{shown}: {error.args[0].str()}") from error
        try:
            self._look(PATIENCE)
        except UnreadableInput:
            self._consumer.close()
            raise

    def poll(self, timeout: float, most_bytes: int) -> Delivery | None:
        if time.monotonic() >= self._next_look:
            self._look(min(timeout, PATIENCE))
        taken: dict[int, list[Message]] = defaultdict(list)
        size, wait = 0, timeout
        while size < most_bytes:
            first = self._consumer.poll(wait)
            if first is None:
                break
            wait = 0
            for received in [first, *self._consumer.consume(AT_ONCE, 0)]:
                size += self._sort(received, taken)
        blocks = list(self._blocks(taken))
        if not blocks:
            return None
        return Delivery(blocks, msgspec.json.encode(Reached(self._topic, self._next)).decode())

    @property
    def exhausted(self) -> bool:
        return self._trouble is None and bool(self._assigned) and self._at_end >= self._assigned

    @property
    def pending(self) -> bool:
        return not self.exhausted

    def settled(self, position: str) -> None:
        reached = _offsets(self._shown, self._topic, position)
        offsets = [TopicPartition(self._topic, partition, offset) for partition, offset in reached.items()]
        if offsets:  # not waited for: the position is what counts, and the next settle commits again
            self._consumer.commit(offsets=offsets, asynchronous=True)

    def close(self) -> None:
        self._consumer.close()

    def _sort(self, received: Received, taken: dict[int, list[Message]]) -> int:
        """Put a message to those of its partition; its size."""
        error, partition = received.error(), received.partition() or 0
        if error is not None:
            if error.code() == AT_END:
                self._at_end.add(partition)
            else:
                self._fail(error)
            return 0
        self._at_end.discard(partition)
        data = received.value() or b""  # a message without a value says that a key is void: no record
        taken[partition].append(Message(self._topic, received.offset() or 0, data))
        return len(data)

    def _blocks(self, taken: dict[int, list[Message]]) -> Iterator[Block | Rejection]:
        for partition, messages in taken.items():
            label = f"{self._shown}/{partition}"
            expected = self._next.get(partition, messages[0].number)
            for message in messages:
                if message.number > expected:
                    yield from self._gap(label, partition, expected)
                    break
                expected = message.number + 1
            yield from blocks_of(label, messages, self._formats)
            self._next[partition] = messages[-1].number + 1

    def _gap(self, label: str, partition: int, expected: int) -> Iterator[Rejection]:
        """What the broker dropped before it was read; a gap may also be a transaction's or a compaction's."""
        asked = TopicPartition(self._topic, partition)
        try:
            held, _ = self._consumer.get_watermark_offsets(asked, timeout=PATIENCE)
        except KafkaException:
            held = expected
        if held > expected:
            yield Rejection(label, None, f"offsets {expected} to {held - 1} are no longer held by the broker")

    # The broker

    def _look(self, patience: float) -> None:
        """Assign what partitions there are. Raises UnreadableInput where none were found before."""
        begun = not self._assigned
        try:
            found = self._consumer.list_topics(self._topic, timeout=max(patience, 0.1)).topics[self._topic]
        except KafkaException as error:
            self._fail(error.args[0])
            if begun and self._trouble is not None and self._trouble.code() in REFUSED:
                raise UnreadableInput(f"{self._shown}: the broker refuses: {self._trouble.str()}") from error
            return
        if found.error is not None:
            if begun and found.error.code() in ABSENT | REFUSED:
                raise UnreadableInput(f"{self._shown}: {found.error.str()}")
            self._fail(found.error)
            return
        if self._trouble is not None and self._told:
            _log.warning("%s: the broker is back", self._shown)
        self._trouble, self._told = None, False
        self._next_look = time.monotonic() + REFRESH
        new = sorted(set(found.partitions) - self._assigned)
        self._assigned.update(new)
        self._consumer.incremental_assign(
            [TopicPartition(self._topic, one, self._next.get(one, OFFSET_STORED)) for one in new]
        )

    def _fail(self, error: KafkaError) -> None:
        """The client could not reach a broker, or was refused: said once, and looked at again."""
        if self._trouble is None or self._trouble.code() not in REFUSED:
            self._trouble = error
        self._next_look = time.monotonic() + TRY_AGAIN
        if not self._told:
            _log.warning("%s: the broker is away (%s); waiting", self._shown, error.str())
        self._told = True


def _offsets(shown: str, topic: str, position: str | None) -> dict[int, int]:
    if position is None:
        return {}
    try:
        reached = msgspec.json.decode(position, type=Reached)
    except msgspec.MsgspecError as error:
        raise UsageError(f"{shown}: this is no position in a topic: {error}") from error
    if reached.topic != topic:
        raise UsageError(f"{shown}: this is a position in the topic {reached.topic}")
    return dict(reached.offsets)
