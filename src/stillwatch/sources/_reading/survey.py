"""What a log holds: each file's format, records and rejections, and how often each field is there."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pyarrow.compute as pc

from stillwatch.records import SCHEMAS, Micros, Rejection
from stillwatch.sources._reading.catalogue import catalogue, decode
from stillwatch.sources._reading.files import find
from stillwatch.sources._reading.interface import Block, Decoded

REASONS_KEPT = 5  # kinds of rejections shown for each file
_VALUES = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\d+""")  # what a reason quotes of a record


class Reason(msgspec.Struct):
    """One rejection of a file, and how many are like it but for the values that they quote."""

    file: str
    line: int | None
    reason: str
    count: int = 1


class FileSurvey(msgspec.Struct):
    """One file: `format` is None where none of ours fits."""

    file: str
    format: str | None
    kind: str | None = None
    records: int = 0
    rejected: int = 0
    reasons: list[Reason] = []  # of each kind the first, of the first few kinds
    unknown_fields: set[str] = set()


class Survey(msgspec.Struct):
    """A whole log. Counts of a field are records in which it is not null."""

    files: list[FileSurvey] = []
    ignored: list[str] = []
    records: dict[str, int] = {}  # kind -> how many
    present: dict[str, dict[str, int]] = {}  # kind -> field -> how many
    accounts: set[str] = set()  # that made an exchange
    event_kinds: set[str] = set()  # of the events there are
    first_ts: Micros | None = None
    last_ts: Micros | None = None

    def coverage(self, kind: str) -> dict[str, float]:
        """Share of the records of a kind that carry each field; nothing where there is no record."""
        total = self.records.get(kind, 0)
        return {name: self.present[kind][name] / total for name in SCHEMAS[kind].names} if total else {}

    @property
    def rejected(self) -> int:
        """Records and files that could not be read."""
        return sum(file.rejected for file in self.files)


def survey(paths: Sequence[Path]) -> Survey:
    """Read everything under these paths once, in this process. Raises UnreadableInput for a missing path."""
    found = find(paths)
    result = Survey(
        ignored=[str(path) for path in found.ignored],
        present={kind: Counter() for kind in SCHEMAS},
        records=Counter(),
    )
    for rejection in found.rejections:
        result.files.append(FileSurvey(rejection.file, None))
        _reject(result.files[-1], [rejection])
    for path, name in found.files:
        file = FileSurvey(str(path), name)
        result.files.append(file)
        for block in catalogue()[name].blocks(path):
            if isinstance(block, Block):
                file.kind = block.kind
                _add(result, file, decode(block))
            else:
                _reject(file, [block])
    return result


def _reject(file: FileSurvey, rejections: Sequence[Rejection]) -> None:
    file.rejected += len(rejections)
    known = {_kind(one.reason): one for one in file.reasons}
    for rejection in rejections:
        kind = _kind(rejection.reason)
        if kind in known:
            known[kind].count += 1
        elif len(known) < REASONS_KEPT:
            known[kind] = Reason(rejection.file, rejection.line, rejection.reason)
    file.reasons = list(known.values())


def _kind(reason: str) -> str:
    return _VALUES.sub("", reason)


def _add(result: Survey, file: FileSurvey, decoded: Decoded) -> None:
    _reject(file, decoded.rejections)
    file.unknown_fields |= decoded.unknown_fields
    batch, kind = decoded.batch, decoded.kind
    file.records += len(batch)
    result.records[kind] += len(batch)
    for name in batch.schema.names:
        result.present[kind][name] += len(batch) - batch[name].null_count
    if kind == "events":
        result.event_kinds.update(pc.unique(batch["kind"]).to_pylist())
    if kind == "exchanges" and len(batch):
        result.accounts.update(pc.unique(batch["account_id"]).to_pylist())
        span = pc.min_max(batch["ts"].cast("int64")).as_py()
        result.first_ts = Micros(min(filter(None, (result.first_ts, span["min"]))))
        result.last_ts = Micros(max(filter(None, (result.last_ts, span["max"]))))
