"""Analysis in several processes: one that hangs or dies costs the module it was at, and no more."""

from __future__ import annotations

import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Self

import msgspec

from stillwatch.codescan.worker import MEMORY_BYTES, Answer, Begin, Need

if TYPE_CHECKING:
    from pathlib import Path

Tell = Callable[[str], None]
MODULE_SECONDS = 60  # for one module, after which its worker is stopped
START_SECONDS = 300  # for reading the code base
TOLD_EVERY = 5.0  # seconds between two lines of progress


class _Worker:
    """A process and the module it is at."""

    def __init__(self, root: Path, paths: Sequence[str], needs: Sequence[Need] = ()) -> None:
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
        self.until = time.monotonic() + START_SECONDS
        self._first = True
        self._send(Begin(list(paths), list(needs)))

    def _send(self, request: object) -> None:
        with suppress(BrokenPipeError):  # it died; its answer will be missing, and say so
            self._input.write(msgspec.json.encode(request) + b"\n")
            self._input.flush()

    def give(self, path: str) -> None:
        self.at = path
        self.until = time.monotonic() + MODULE_SECONDS + (START_SECONDS if self._first else 0)
        self._first = False
        self._send(path)

    def told(self) -> list[str] | None:
        """The digests of what it was begun with; None where it gave none in its time."""
        with selectors.DefaultSelector() as one:
            one.register(self.output, selectors.EVENT_READ)
            if not one.select(max(0.0, self.until - time.monotonic())):
                return None
        try:
            return msgspec.json.decode(self.output.readline(), type=list[str])
        except msgspec.DecodeError:  # it died
            return None

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        with suppress(BrokenPipeError):
            self._input.close()
        self.output.close()


class Workers:
    """Processes for one code base, which are started when they are needed."""

    def __init__(self, root: Path, paths: Sequence[str], number: int) -> None:
        self._root, self._paths, self._number = root, paths, number
        self._pool: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._pool:
            worker.stop()

    def _start(self, needs: Sequence[Need] = ()) -> _Worker:
        self._pool.append(worker := _Worker(self._root, self._paths, needs))
        return worker

    def _drop(self, worker: _Worker) -> None:
        worker.stop()
        self._pool.remove(worker)

    def ask(self, needs: Sequence[Need]) -> None:
        """Have a worker say which digests these have now; `told` waits for its answer."""
        self._start(needs)

    def told(self) -> list[str]:
        """The digests, in order; none where the worker failed."""
        worker = self._pool[0]
        answer = worker.told()
        if answer is None:
            self._drop(worker)
        return answer or []

    def analyse(self, todo: Sequence[str], tell: Tell) -> Iterator[Answer]:
        """Answers for these modules, in the order they come."""
        waiting = list(reversed(todo))
        while len(self._pool) < min(self._number, len(todo)):
            self._start()
        told, done = time.monotonic(), 0
        with selectors.DefaultSelector() as selector:
            for worker in self._pool[: len(todo)]:
                _next(worker, waiting, selector)
            while selector.get_map():
                for worker in _ready(selector):
                    path = worker.at
                    assert path is not None
                    selector.unregister(worker.output)
                    answer = _answer(worker)
                    done += 1
                    yield answer or Answer(path, failed=_why(worker))
                    if answer is None:
                        self._drop(worker)
                    if waiting:
                        _next(worker if answer is not None else self._start(), waiting, selector)
                if time.monotonic() - told > TOLD_EVERY:
                    told = time.monotonic()
                    tell(f"analysed {done} of {len(todo)} files")


def _next(worker: _Worker, waiting: list[str], selector: selectors.BaseSelector) -> None:
    worker.give(waiting.pop())
    selector.register(worker.output, selectors.EVENT_READ, worker)


def _ready(selector: selectors.BaseSelector) -> list[_Worker]:
    """Workers that answered, died, or are past their time."""
    now = time.monotonic()
    busy = [key.data for key in selector.get_map().values()]
    patience = max(0.0, min(worker.until for worker in busy) - now)
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
