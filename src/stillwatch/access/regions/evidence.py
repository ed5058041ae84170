"""Verdicts that people should be able to look into, in a Parquet file beside the standings: why an account is held to be where."""

from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.access.regions.judge import VERDICTS
from stillwatch.records import StillwatchError, UnreadableInput
from stillwatch.records.durable import replace

TOLD_FROM = 0.05  # probability from which the evidence is kept: a tenth of what a level policy usually begins to ask from
SUFFIX = ".regions.parquet"


class Weighed(msgspec.Struct, frozen=True):
    """What one signal showed about the place, and what that adds to the log-odds."""

    signal: str
    finding: str
    nats: float


class RegionVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """`used` is the logistic of `prior`, the nats of `evidence`, `doubt` and `elsewhere` together."""

    probability: float  # that the account is used from, or owned in, a place that is not supported
    used: float
    owned: float
    place: str | None  # that explains it best
    evidence: list[Weighed]
    prior: float
    doubt: float
    elsewhere: float
    unseen: list[str]  # signals that were missing
    certainty: float  # 0 to 1: how much of what the signals can tell was seen
    exempt: bool


def beside(standings: Path) -> Path:
    """Where the evidence lies that belongs to a file of standings."""
    return standings.with_name(standings.name + SUFFIX)


def told(verdicts: pa.Table) -> pa.Table:
    """Of verdicts (schema VERDICTS) those that are kept."""
    return verdicts.filter(pc.greater_equal(verdicts["probability"], TOLD_FROM))


def write(path: Path, verdicts: pa.Table) -> None:
    """Put verdicts in place of those before, the most probable first. Raises StillwatchError."""
    ordered = verdicts.sort_by([("probability", "descending"), ("account_id", "ascending")])
    partial = path.with_name(path.name + ".new")
    try:
        partial.touch(0o600)
        partial.chmod(0o600)
        pq.write_table(ordered, partial)
        replace(partial, path)
    except OSError as error:
        raise StillwatchError(f"{path}: {error.strerror or error}") from error


def read_verdict(path: Path, account_id: str) -> RegionVerdict | None:
    """What is kept of one account; None where there is nothing. Raises UnreadableInput where the file is no such one."""
    if not path.exists():
        return None
    try:
        rows = pq.read_table(path, filters=pc.field("account_id") == account_id)
        found = rows.select(VERDICTS.names).cast(VERDICTS).to_pylist()
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise UnreadableInput(f"{path}: no evidence about regions: {error}") from error
    return msgspec.convert(found[0], RegionVerdict) if found else None
