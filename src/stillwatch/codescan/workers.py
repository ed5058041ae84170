"""Analysis in several processes: one that hangs or dies costs the module it was at, and no more."""

from __future__ import annotations

import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING

import msgspec

from stillwatch.codescan.worker import MEMORY_BYTES, Answer

if TYPE_CHECKING:
    from pathlib import Path

Tell = Callable[[str], None]
MODULE_SECONDS = 60  # for one module, after which its worker is stopped
START_SECONDS = 300  # for reading the code base
TOLD_EVERY = 5.0  # seconds between two lines of progress


class _Worker:
    """A process and the module it is at."""

    def __init__(self, root: Path, paths: Sequence[str]) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - this very Python, with a path that is data
            [sys.executable, "-m", "stillwatch.codescan.worker", str(root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._input: IO[bytes] = self.process.stdin
        self.output: IO[bytes] = self.process.stdout
        self.at: str | None = None
        self.until = 0.0
        self._first = True
        self._send(msgspec.json.encode(list(paths)))

    def _send(self, line: bytes) -> None:
        with suppress(BrokenPipeError):  # it died; its answer will be missing, and say so
            self._input.write(line + b"\n")
            self._input.flush()

    def give(self, path: str) -> None:
        self.at = path
        self.until = time.monotonic() + MODULE_SECONDS + (START_SECONDS if self._first else 0)
        self._first = False
        self._send(path.encode())

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        with suppress(BrokenPipeError):
            self._input.close()
        self.output.close()


def analyse(
    root: Path, paths: Sequence[str], todo: Sequence[str], workers: int, tell: Tell
) -> Iterator[Answer]:
    """Answers for the modules in `todo`, in the order they come."""
    waiting = list(reversed(todo))
    pool = [_Worker(root, paths) for _ in range(min(workers, len(todo)))]
    selector = selectors.DefaultSelector()
    told, done = time.monotonic(), 0
    try:
        for worker in pool:
            _next(worker, waiting, selector)
        while selector.get_map():
            for worker in _ready(selector, pool):
                path = worker.at
                assert path is not None
                selector.unregister(worker.output)
                answer = _answer(worker)
                done += 1
                yield answer or Answer(path, failed=_why(worker))
                if answer is None:
                    worker.stop()
                    pool.remove(worker)
                    if waiting:
                        pool.append(worker := _Worker(root, paths))
                if waiting:
                    _next(worker, waiting, selector)
            if time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                tell(f"analysed {done} of {len(todo)} files")
    finally:
        selector.close()
        for worker in pool:
            worker.stop()


def _next(worker: _Worker, waiting: list[str], selector: selectors.BaseSelector) -> None:
    worker.give(waiting.pop())
    selector.register(worker.output, selectors.EVENT_READ, worker)


def _ready(selector: selectors.BaseSelector, pool: Sequence[_Worker]) -> list[_Worker]:
    """Workers that answered, died, or are past their time."""
    now = time.monotonic()
    busy = [key.data for key in selector.get_map().values()]
    patience = max(0.0, min([worker.until for worker in busy if worker in pool], default=now) - now)
    ready = [key.data for key, _ in selector.select(min(patience, TOLD_EVERY))]
    return ready or [worker for worker in busy if worker.until <= time.monotonic()]


def _answer(worker: _Worker) -> Answer | None:
    """A worker's answer; None where it gave none."""
    if worker.until <= time.monotonic() and not _has_line(worker):
        return None
    line = worker.output.readline()
    try:
        return msgspec.json.decode(line, type=Answer)
    except msgspec.DecodeError:  # it died before the line was whole
        return None


def _has_line(worker: _Worker) -> bool:
    with selectors.DefaultSelector() as one:
        one.register(worker.output, selectors.EVENT_READ)
        return bool(one.select(0))


def _why(worker: _Worker) -> str:
    code = worker.process.poll()
    if code is None:
        return f"analysis took longer than {MODULE_SECONDS} s"
    return f"analysis stopped (exit code {code}): it needed more memory than {MEMORY_BYTES // 2**30} GiB, or crashed"
