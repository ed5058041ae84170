"""Reading a log: decode and sketch in parallel, spill sketches by tick, keep accounts, count what is refused."""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyarrow as pa

from stillwatch import sources
from stillwatch.features.key import SketchKey
from stillwatch.features.sketch import sketch
from stillwatch.features.sketchlog import SketchLog
from stillwatch.records import ACCOUNTS, EVENTS, Rejection

ALONE_BELOW = 4 << 20  # bytes of input under which a process pool costs more than it saves
IN_FLIGHT = 2  # blocks a worker may have waiting


class Settings(msgspec.Struct, frozen=True):
    """What a worker needs to know to turn a block of a file into sketches."""

    key: SketchKey
    drop_fields: frozenset[str] = frozenset()
    keep_text: bool = False


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
        batch = sketch(batch, settings.key, keep_text=settings.keep_text)
    return Piece(decoded.kind, batch, decoded.rejections, present)


def _without(batch: pa.RecordBatch, kind: str, dropped: frozenset[str]) -> pa.RecordBatch:
    prefix = "account." if kind == "accounts" else ""
    columns = [
        pa.nulls(len(batch), field.type) if field.nullable and prefix + field.name in dropped else column
        for field, column in zip(batch.schema, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def ingest(
    paths: Sequence[Path],
    log: SketchLog,
    rejected: Path,
    settings: Settings,
    progress: Callable[[str, int], None] = lambda _file, _bytes: None,
) -> Intake:
    """Read all paths into `log`; rejections go to the JSON lines file `rejected`."""
    accounts, events = [ACCOUNTS.empty_table()], [EVENTS.empty_table()]
    intake = Intake(accounts[0], events[0], 0, 0, 0, {})
    present: Counter[str] = Counter()
    files = set()
    with rejected.open("wb") as refusals:
        for block, piece in _pieces(paths, settings):
            if isinstance(block, Rejection):
                refusals.write(msgspec.json.encode(block) + b"\n")
                intake.rejected += 1
            if isinstance(block, Rejection) or piece is None:
                continue
            files.add(block.file)
            for rejection in piece.rejections:
                refusals.write(msgspec.json.encode(rejection) + b"\n")
            intake.rejected += len(piece.rejections)
            present.update(piece.present)
            if piece.kind == "exchanges":
                intake.exchanges += len(piece.batch)
                log.append(piece.batch)
            else:
                kept = accounts if piece.kind == "accounts" else events
                kept.append(pa.Table.from_batches([piece.batch]))
            progress(block.file, len(block.data or b""))
    log.seal()
    intake.accounts, intake.events = pa.concat_tables(accounts), pa.concat_tables(events)
    intake.files, intake.present = len(files), dict(present)
    return intake


def _pieces(
    paths: Sequence[Path], settings: Settings
) -> Iterator[tuple[sources.Block | Rejection, Piece | None]]:
    """Blocks with what was decoded from them, in the order of the input; a refused file has no piece."""
    blocks = sources.split(paths)
    workers = os.cpu_count() or 1
    total = sum(file.stat().st_size for path in paths if path.exists() for file in _files(path))
    if workers == 1 or total < ALONE_BELOW:
        for block in blocks:
            yield block, None if isinstance(block, Rejection) else read_block(block, settings)
        return
    waiting: deque[tuple[sources.Block | Rejection, Future[Piece] | None]] = deque()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for block in blocks:
            waiting.append(
                (block, None if isinstance(block, Rejection) else pool.submit(read_block, block, settings))
            )
            while len(waiting) > IN_FLIGHT * workers:
                first, result = waiting.popleft()
                yield first, None if result is None else result.result()
        while waiting:
            first, result = waiting.popleft()
            yield first, None if result is None else result.result()


def _files(path: Path) -> Iterator[Path]:
    return (f for f in path.rglob("*") if f.is_file()) if path.is_dir() else iter([path])
