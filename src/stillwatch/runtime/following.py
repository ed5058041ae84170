"""The live clock: streams are polled, what they hand over is committed, ticks that are over are closed and told.

A full disk stops nothing for good: the watch lets go of everything, waits, and goes on from its last commit.
"""

import errno
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import msgspec

from stillwatch.records import Alarm, StillwatchError
from stillwatch.runtime.decoding import Decoding
from stillwatch.runtime.ingest import Settings
from stillwatch.runtime.watch import KEPT, Watch
from stillwatch.sources.streams import Stream, open_stream

POLL = 0.2  # seconds a poll of all streams may take when nothing comes
MOST_BYTES = 8 << 20  # handed over by one poll of one stream
COMMIT_EVERY = 0.5  # seconds between commits at the most, while records come
ROOM_AGAIN = 5.0  # seconds between tries after the disk was full
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class Orders(msgspec.Struct, frozen=True):
    """What is to be watched, and how."""

    addresses: Sequence[str]
    home: Path  # where the state is kept
    settings: Settings
    fdr: float = 0.01
    lateness: float = 120.0  # seconds
    until_end: bool = False
    kept: int = KEPT  # ticks that sketches stay on disk
    weighs_signups: bool = False  # for the levels that accounts are asked to prove


class Hooks(msgspec.Struct, frozen=True):
    """Who is told what. A hook may take time; an OSError for want of room is waited out as the watch's own."""

    closed: Callable[[Watch, int, list[Alarm], float], None]
    """A tick was closed in so many seconds, with the alarms it raised."""
    round: Callable[[Watch], None]
    """A round is over."""
    warned: Callable[[str], None]


def follow(orders: Orders, hooks: Hooks, stop: Event) -> Watch:
    """Watch until `stop` is set, or until every stream is at its end where `until_end` is ordered.

    Raises UsageError and UnreadableInput for addresses that cannot be followed, StillwatchError where the
    state cannot be trusted.
    """
    said = ""
    while True:
        try:
            return _session(orders, hooks, stop)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            told, said = said, f"{error.filename or orders.home}: {error.strerror}"
            if said != told:
                hooks.warned(f"{said}; trying again")
            if stop.wait(ROOM_AGAIN):
                raise StillwatchError(f"{said}; what was committed is kept") from error


def _session(orders: Orders, hooks: Hooks, stop: Event) -> Watch:
    watch = _opened(orders)
    with ExitStack() as stack:
        decoding = stack.enter_context(Decoding(orders.settings))
        streams: dict[str, Stream] = {}
        for address in orders.addresses:
            streams[address] = open_stream(address, watch.positions.get(address))
            stack.callback(streams[address].close)
        ended = False
        while not (stop.is_set() or ended):
            came = _round(watch, streams, decoding)
            pending = any(stream.pending for stream in streams.values())
            for tick in watch.over(time.time(), pending=pending):
                if stop.is_set():
                    break
                _close(watch, tick, hooks)
                hooks.round(watch)
            watch.ahead(time.time(), pending=pending)
            hooks.round(watch)
            ended = orders.until_end and not came and all(stream.exhausted for stream in streams.values())
        if ended:
            for tick in sorted(watch.arrivals.waiting):
                _close(watch, tick, hooks)
                hooks.round(watch)
        watch.save()
    return watch


def _opened(orders: Orders) -> Watch:
    return Watch(
        orders.home,
        orders.settings,
        orders.fdr,
        orders.lateness,
        orders.kept,
        weighs_signups=orders.weighs_signups,
    )


def _round(watch: Watch, streams: Mapping[str, Stream], decoding: Decoding) -> bool:
    """Take what the streams hand over for a while, and commit it; false where nothing came."""
    positions: dict[str, str] = {}
    until = time.monotonic() + COMMIT_EVERY
    waits = POLL / max(len(streams), 1)
    while True:
        came = False
        for address, stream in streams.items():
            delivery = stream.poll(0.0 if positions else waits, MOST_BYTES)
            if delivery is None:
                continue
            came = True
            for block, piece in decoding.read(delivery.blocks):
                watch.take(block, piece, time.time())
            positions[address] = delivery.position
        if not came or time.monotonic() > until:
            break
    if positions:
        watch.commit(positions)
        for address, position in positions.items():
            streams[address].settled(position)
    return bool(positions)


def _close(watch: Watch, tick: int, hooks: Hooks) -> None:
    begun = time.monotonic()
    alarms = watch.close(tick)
    hooks.closed(watch, tick, alarms, time.monotonic() - begun)
