"""What a stream is to the watch: something that hands over blocks of lines and can go on from a position."""

from typing import Protocol

import msgspec

from stillwatch.records import Rejection
from stillwatch.sources._reading.interface import Block


class Delivery(msgspec.Struct, frozen=True):
    """What a stream handed over at one time, and where it goes on after that.

    `position` is opaque to everyone but the stream and covers everything handed over so far, not only this.
    """

    blocks: list[Block | Rejection]
    position: str


class Stream(Protocol):
    """An open stream. Used from one thread."""

    def poll(self, timeout: float, most_bytes: int) -> Delivery | None:
        """What has arrived, about `most_bytes` at the most; waits up to `timeout` seconds; None if nothing came.

        A source that is gone (a broker that restarts) is waited for and tried again, never an exception.
        """

    @property
    def exhausted(self) -> bool:
        """The last poll reached the end of what there is for now."""

    @property
    def pending(self) -> bool:
        """Something that is known to be there has not been handed over: a backlog, or a file not yet looked into."""

    def settled(self, position: str) -> None:
        """Everything up to `position` is safe on disk: it may be acknowledged, or removed from a spool."""

    def close(self) -> None:
        """Let go of files and connections; what was not settled is handed over again next time."""


class Transport(Protocol):
    """One kind of stream. A file of this folder ends in `TRANSPORT = ...`, which is one of these."""

    @property
    def schemes(self) -> frozenset[str]:
        """The URL schemes it serves; "" stands for a plain path."""

    def open(self, address: str, position: str | None) -> Stream:
        """Begin at a position, or at the beginning where it is None.

        Raises UsageError for an address that cannot be meant, UnreadableInput for one that is not there.
        """
