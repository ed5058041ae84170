"""Blocks to sketches, in this process while there are few of them and in others when there are many."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import TYPE_CHECKING, Self

from stillwatch.records import Rejection, StillwatchError
from stillwatch.runtime.ingest import Piece, Settings, let_go, read_block, readers, submit
from stillwatch.sources import Block

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

ALONE_BELOW = 256 << 10  # bytes of one delivery under which other processes cost more than they save


class Decoding:
    """Decodes deliveries; other processes are started when the first large one comes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: ProcessPoolExecutor | None = None

    def read(self, blocks: Sequence[Block | Rejection]) -> Iterator[tuple[Block | Rejection, Piece | None]]:
        """Each block with what was decoded from it, in order. Raises StillwatchError where a process was lost."""
        size = sum(len(block.data or b"") for block in blocks if isinstance(block, Block))
        if size < ALONE_BELOW or len(blocks) == 1 or os.cpu_count() == 1:
            for block in blocks:
                yield block, None if isinstance(block, Rejection) else read_block(block, self._settings)
            return
        if self._pool is None:
            self._pool = readers()
        try:
            futures = [
                None if isinstance(block, Rejection) else submit(self._pool, block, self._settings)
                for block in blocks
            ]
            for block, future in zip(blocks, futures, strict=True):
                yield block, None if future is None else future.result()
        except BrokenProcessPool as error:
            raise StillwatchError(
                "a process that reads the streams was lost: it was killed, or memory ran out;"
                " what was not committed is read again when the watch is started again"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            let_go(self._pool, whole=kind is None)
