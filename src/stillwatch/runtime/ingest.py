"""Reading a log: decode and sketch in parallel, spill sketches by tick, keep accounts, count what is refused."""

import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyarrow as pa

from stillwatch import sources
from stillwatch.access.regions.gazetteer import Gazetteer, Opened
from stillwatch.access.regions.sightings import PLACED, placed
from stillwatch.features.key import SketchKey
from stillwatch.features.sketch import sketch
from stillwatch.features.sketchlog import SketchLog
from stillwatch.records import ACCOUNTS, EVENTS, Rejection, StillwatchError, UnreadableInput
from stillwatch.runtime.apart import end_with_parent

ALONE_BELOW = 4 << 20  # bytes of input under which a process pool costs more than it saves
LEFT = frozenset(
    {signal.SIGINT, signal.SIGTERM}
)  # to the process that started a worker: a group gets them as well
IN_FLIGHT = 2  # blocks a worker may have waiting


class Settings(msgspec.Struct, frozen=True):
    """What a worker needs to know to turn a block of a file into sketches."""

    key: SketchKey
    drop_fields: frozenset[str] = frozenset()
    keep_text: bool = False
    gazetteer: Gazetteer | None = None  # where regions are judged: sketches then say where they come from


class Piece(NamedTuple):
    """One decoded block: sketches of exchanges, or account or event records as they are."""

    kind: str
    batch: pa.RecordBatch
    rejections: list[Rejection]
    present: dict[str, int]


class Intake(msgspec.Struct):
    """What has been read besides the sketches."""

    accounts: pa.Table
    events: pa.Table
    files: int
    exchanges: int
    rejected: int
    refusal: Rejection | None  # the first
    present: dict[str, int]  # field, or account.field: records that carry it


def read_block(block: sources.Block, settings: Settings) -> Piece:
    """Decode one block and, if it holds exchanges, sketch them. Pure: runs in any process."""
    decoded = sources.decode(block)
    batch = _without(decoded.batch, decoded.kind, settings.drop_fields)
    prefix = "account." if decoded.kind == "accounts" else ""
    present = (
        {}
        if decoded.kind == "events"
        else {prefix + name: len(batch) - batch.column(name).null_count for name in batch.schema.names}
    )
    if decoded.kind == "exchanges":
        sketched = sketch(batch, settings.key, keep_text=settings.keep_text)
        batch = (
            sketched
            if settings.gazetteer is None
            else with_places(sketched, batch, settings.gazetteer.opened())
        )
    return Piece(decoded.kind, batch, decoded.rejections, present)


def with_places(sketched: pa.RecordBatch, exchanges: pa.RecordBatch, opened: Opened) -> pa.RecordBatch:
    """Sketches with where their exchanges come from."""
    where = placed(exchanges, *opened)
    for name in PLACED.names:
        sketched = sketched.set_column(
            sketched.schema.get_field_index(name), PLACED.field(name), where.column(name)
        )
    return sketched


def read_apart(block: sources.Block, settings: Settings) -> Piece:
    """The same in a process of `readers`."""
    end_with_parent()
    return read_block(block, settings)


def _without(batch: pa.RecordBatch, kind: str, dropped: frozenset[str]) -> pa.RecordBatch:
    prefix = "account." if kind == "accounts" else ""
    columns = [
        pa.nulls(len(batch), field.type) if field.nullable and prefix + field.name in dropped else column
        for field, column in zip(batch.schema, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def find_log(paths: Sequence[Path]) -> sources.Found:
    """The log files under these paths, each once. Raises UnreadableInput where there is none."""
    for path in paths:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise UnreadableInput(f"{path}: neither a file nor a directory; a log is read more than once")
    found = sources.find(paths)
    if not found.files and not found.rejections:
        raise UnreadableInput(f"no log found in {', '.join(map(str, paths))}{_strangers(found.ignored)}")
    distinct = {file.resolve(): (file, name) for file, name in reversed(found.files)}
    return sources.Found(list(distinct.values())[::-1], found.ignored, found.rejections)


def _strangers(ignored: Mapping[Path, str]) -> str:
    """What the files are that are there, by the first of them."""
    if not ignored:
        return ""
    file, reason = next(iter(ignored.items()))
    count = "1 file of another kind" if len(ignored) == 1 else f"{len(ignored):,} files of other kinds"
    return f" ({count}; {file}: {reason})"


def ingest(
    found: sources.Found,
    log: SketchLog,
    rejected: Path,
    settings: Settings,
    progress: Callable[[str, int], None] = lambda _file, _bytes: None,
) -> Intake:
    """Read all files into `log`; rejections are added to the JSON lines file `rejected`."""
    accounts, events = [ACCOUNTS.empty_table()], [EVENTS.empty_table()]
    intake = Intake(accounts[0], events[0], 0, 0, 0, None, {})
    present: Counter[str] = Counter()
    files = set()
    with rejected.open("ab") as refusals, closing(_pieces(found, settings)) as pieces:
        for block, piece in pieces:
            for rejection in [block] if isinstance(block, Rejection) else piece.rejections if piece else []:
                refusals.write(msgspec.json.encode(rejection) + b"\n")
                intake.rejected += 1
                intake.refusal = intake.refusal or rejection
            if isinstance(block, Rejection) or piece is None:
                continue
            files.add(block.file)
            present.update(piece.present)
            if piece.kind == "exchanges":
                intake.exchanges += len(piece.batch)
                log.append(piece.batch)
            else:
                kept = accounts if piece.kind == "accounts" else events
                kept.append(pa.Table.from_batches([piece.batch]))
            progress(block.file, block.stored if block.data is None else len(block.data))
    log.seal()
    intake.accounts, intake.events = pa.concat_tables(accounts), _once(pa.concat_tables(events))
    intake.files, intake.present = len(files), dict(present)
    return intake


def _once(events: pa.Table) -> pa.Table:
    """Events without those told again: a ban delivered twice is one ban."""
    distinct: pa.Table = events.group_by(EVENTS.names, use_threads=False).aggregate([])
    return distinct.select(EVENTS.names).cast(EVENTS)


def _pieces(
    found: sources.Found, settings: Settings
) -> Generator[tuple[sources.Block | Rejection, Piece | None]]:
    """Blocks with what was decoded from them, in the order of the input; a refused file has no piece."""
    for rejection in found.rejections:
        yield rejection, None
    blocks = (block for file, name in found.files for block in sources.catalogue()[name].blocks(file))
    workers = os.cpu_count() or 1
    if workers == 1 or sum(file.stat().st_size for file, _ in found.files) < ALONE_BELOW:
        for block in blocks:
            yield block, None if isinstance(block, Rejection) else read_block(block, settings)
        return
    pool = readers()
    whole = False
    try:
        yield from _through(pool, blocks, settings, IN_FLIGHT * workers)
        whole = True
    except BrokenProcessPool as error:
        raise StillwatchError(
            "a process that reads the log was lost: it was killed, or memory ran out, or a script calls detect"
            " outside `if __name__ == '__main__':`; no result was written"
        ) from error
    finally:
        let_go(pool, whole=whole)


def readers() -> ProcessPoolExecutor:
    """Processes that decode blocks, one a core."""
    return ProcessPoolExecutor(
        os.cpu_count() or 1,
        mp_context=get_context("spawn"),
        initializer=signal.pthread_sigmask,  # found without importing anything of ours, so at once
        initargs=(signal.SIG_BLOCK, LEFT),
    )


def submit(pool: Executor, block: sources.Block, settings: Settings) -> "Future[Piece]":
    """Let one of `readers` decode a block. Raises BrokenProcessPool where one was lost."""
    try:
        return pool.submit(read_apart, block, settings)
    except OSError as error:
        if (
            error.errno is None
        ):  # a pool that is breaking has closed its pipes before it says that it is broken
            raise BrokenProcessPool(str(error)) from error
        raise


def let_go(pool: ProcessPoolExecutor, *, whole: bool) -> None:
    """End the processes; unless the work is `whole` they are killed."""
    if not whole:  # an interrupt may have hit the pool between two of its steps: nothing is waited for
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - terminate_workers is Python 3.14's
            process.kill()
    pool.shutdown(wait=whole, cancel_futures=True)


def _through(
    pool: Executor, blocks: Iterable[sources.Block | Rejection], settings: Settings, ahead: int
) -> Iterator[tuple[sources.Block | Rejection, Piece | None]]:
    waiting: deque[tuple[sources.Block | Rejection, Future[Piece] | None]] = deque()
    for block in blocks:
        future = None if isinstance(block, Rejection) else submit(pool, block, settings)
        waiting.append((block, future))
        while len(waiting) > ahead:
            first, result = waiting.popleft()
            yield first, None if result is None else result.result()
    while waiting:
        first, result = waiting.popleft()
        yield first, None if result is None else result.result()
