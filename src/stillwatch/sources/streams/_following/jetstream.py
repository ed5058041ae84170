"""A durable pull consumer of NATS JetStream, which lives in a thread with an event loop of its own."""

import asyncio
import logging
import secrets
import threading
from collections import deque
from contextlib import suppress
from typing import Any

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig
from nats.js.errors import NotFoundError

from stillwatch.records import StillwatchError, UnreadableInput, UsageError
from stillwatch.sources.streams._following.interface import Delivery
from stillwatch.sources.streams._following.messages import Formats, Message, blocks_of

AHEAD = 16 << 20  # bytes that wait to be polled before the broker is asked for no more
BATCH = 256  # messages asked for at once
PATIENCE = 0.5  # seconds for which the broker holds a request when it has nothing
ACK_WAIT = 300.0  # seconds after which the broker gives a message again; a watch settles within a minute
BACK_OFF = (0.1, 10.0)  # seconds before the broker is tried again: the first time, and the most
# Trying again is left to `_follow`, which says so once and can be ended.
ONE_TRY: dict[str, Any] = {
    "allow_reconnect": False,
    "connect_timeout": 5,
    "max_reconnect_attempts": 1,
    "reconnect_time_wait": 0.05,
}
AWAY = (NatsError, OSError, asyncio.TimeoutError)
_log = logging.getLogger(__name__)


class Handed(msgspec.Struct, frozen=True):
    """A position: how many messages this run of the stream has handed over. The rest the broker knows."""

    run: str
    messages: int


class JetStream:
    """A stream of one consumer's messages."""

    def __init__(
        self, shown: str, stream: str, durable: str, subject: str | None, connection: dict[str, Any]
    ) -> None:
        self._shown, self._stream, self._durable, self._subject = shown, stream, durable, subject
        self._connection = connection
        self._formats = Formats()
        self._run = secrets.token_hex(8)
        self._handed = 0
        self._unsettled: deque[tuple[int, int]] = deque()  # (how many were handed over, stream sequence)
        self._changed = threading.Condition()  # guards all that follows
        self._waiting: deque[Message] = deque()
        self._waiting_bytes = 0
        self._replies: dict[int, str] = {}  # stream sequence -> where to acknowledge it, if not yet settled
        self._to_acknowledge: dict[int, str] = {}
        self._drained = False
        self._opened: bool | StillwatchError = False
        self._closing = self._away = False
        self._ending: tuple[asyncio.AbstractEventLoop, asyncio.Event]
        self._thread = threading.Thread(target=self._live, name=f"nats {stream}", daemon=True)
        self._thread.start()
        with self._changed:
            self._changed.wait_for(lambda: self._opened)
            failure = self._opened
        if isinstance(failure, StillwatchError):
            self._thread.join()
            raise failure

    # In the caller's thread

    def poll(self, timeout: float, most_bytes: int) -> Delivery | None:
        taken: list[Message] = []
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._opened is not True, timeout)
            size = 0
            while self._waiting and size < most_bytes:
                message = self._waiting.popleft()
                size += len(message.data)
                taken.append(message)
            self._waiting_bytes -= size
        if not taken:
            if isinstance(self._opened, StillwatchError):
                raise self._opened
            return None
        for message in taken:
            self._handed += 1
            self._unsettled.append((self._handed, message.number))
        found = list(blocks_of(self._shown, taken, self._formats))
        return Delivery(found, msgspec.json.encode(Handed(self._run, self._handed)).decode())

    @property
    def exhausted(self) -> bool:
        with self._changed:
            return self._drained and not self._waiting

    @property
    def pending(self) -> bool:
        return not self.exhausted

    def settled(self, position: str) -> None:
        """Acknowledge what was handed over up to there; a position of an earlier run says nothing here."""
        reached = msgspec.json.decode(position, type=Handed)
        if reached.run != self._run:
            return
        with self._changed:
            while self._unsettled and self._unsettled[0][0] <= reached.messages:
                sequence = self._unsettled.popleft()[1]
                self._to_acknowledge[sequence] = self._replies.pop(sequence)

    @property
    def waiting_bytes(self) -> int:
        """What has arrived and was not polled yet."""
        return self._waiting_bytes

    def close(self) -> None:
        with self._changed:
            self._closing = True
        loop, ending = self._ending
        with suppress(RuntimeError):  # the loop has failed, and said so
            loop.call_soon_threadsafe(ending.set)
        self._thread.join()

    # In the thread of the event loop

    def _live(self) -> None:
        try:
            asyncio.run(self._follow())
        except Exception as error:  # noqa: BLE001 - whatever the client fails with, the caller has to learn
            self._open(result=StillwatchError(f"{self._shown}: the client of NATS failed: {error!r}"))

    async def _follow(self) -> None:
        """Connect and fetch until told to end; a broker that is away is told once and tried again."""
        ending = asyncio.Event()
        self._ending = asyncio.get_running_loop(), ending
        pause = BACK_OFF[0]
        while not self._closing:
            client = Client()
            try:
                await client.connect(**self._connection, **ONE_TRY, error_cb=_in_silence)
                consumer = await self._consumer(client)
                pause = BACK_OFF[0]
                self._here()
                await self._fetch_all(client, consumer)
            except (*AWAY, UsageError) as error:
                if not self._gone(error):
                    return
                with suppress(TimeoutError):
                    await asyncio.wait_for(ending.wait(), pause)
                pause = min(2 * pause, BACK_OFF[1])
            finally:
                await client.close()

    def _here(self) -> None:
        if self._away:
            _log.warning("%s: the broker is back", self._shown)
        self._away = False
        self._open(result=True)

    def _gone(self, error: Exception) -> bool:
        """Say so once; False where waiting cannot help, which ends the opening of the stream."""
        failure = self._failure(error)
        if failure is not None and not self._opened:
            self._open(result=failure)
            return False
        if not self._away:
            _log.warning("%s: %s; waiting", self._shown, failure or f"the broker is away: {_reason(error)}")
        self._away, self._drained = True, False
        self._open(result=True)
        return True

    def _failure(self, error: Exception) -> StillwatchError | None:
        if isinstance(error, UsageError):
            return error
        if isinstance(error, NotFoundError):
            return UnreadableInput(f"{self._shown}: the broker has no stream {self._stream}")
        if "authorization" in str(error).lower():
            return UnreadableInput(f"{self._shown}: the broker refuses the credentials, or their absence")
        return None

    def _open(self, *, result: bool | StillwatchError) -> None:
        with self._changed:
            self._opened = result
            self._changed.notify_all()

    async def _consumer(self, client: Client) -> JetStreamContext.PullSubscription:
        manager = client.jsm()
        await manager.stream_info(self._stream)
        try:
            info = await manager.consumer_info(self._stream, self._durable)
        except NotFoundError:
            config = ConsumerConfig(
                durable_name=self._durable,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=ACK_WAIT,
                max_ack_pending=-1,
                filter_subject=self._subject,
            )
            await manager.add_consumer(self._stream, config)
        else:
            if self._subject is not None and info.config.filter_subject != self._subject:
                raise UsageError(
                    f"{self._shown}: the consumer {self._durable} is there, with the subject"
                    f" {info.config.filter_subject or '(all)'}; give another durable name"
                )
        return await client.jetstream().pull_subscribe_bind(consumer=self._durable, stream=self._stream)

    async def _fetch_all(self, client: Client, consumer: JetStreamContext.PullSubscription) -> None:
        while True:
            await self._acknowledge(client)
            if self._closing:
                await self._give_back(client)
                return
            if self._waiting_bytes >= AHEAD:
                await asyncio.sleep(0.01)
                continue
            try:
                self._take(await consumer.fetch(BATCH, timeout=PATIENCE))
            except (TimeoutError, NatsError):
                if client.is_closed or not client.is_connected:
                    raise
                with self._changed:
                    self._drained = True

    def _take(self, messages: list[Msg]) -> None:
        """Queue what is new; what comes again within this run keeps its latest address for acknowledging."""
        with self._changed:
            for message in messages:
                about = message.metadata
                sequence = about.sequence.stream
                self._drained = about.num_pending == 0
                if sequence in self._to_acknowledge:
                    self._to_acknowledge[sequence] = message.reply
                    continue
                known = sequence in self._replies
                self._replies[sequence] = message.reply
                if not known:
                    self._waiting.append(Message(message.subject, sequence, message.data))
                    self._waiting_bytes += len(message.data)
            self._changed.notify_all()

    async def _give_back(self, client: Client) -> None:
        """Have what was not settled sent again at once, and not when the broker's patience is at an end."""
        with self._changed:
            unsettled = list(self._replies.values())
        for reply in unsettled:
            await client.publish(reply, b"-NAK")
        await client.flush()

    async def _acknowledge(self, client: Client) -> None:
        """Acknowledge what is settled; kept until the broker has answered after it."""
        with self._changed:
            settled = dict(self._to_acknowledge)
        if not settled:
            return
        for reply in settled.values():
            await client.publish(reply, b"+ACK")
        await client.flush()
        with self._changed:
            for sequence in settled:
                del self._to_acknowledge[sequence]


async def _in_silence(error: Exception) -> None:
    """The client's own report of a lost connection; `_follow` tells it once."""


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
