"""What the simulator says was true of a log, and what a detector said about it.

Only scoring opens the truth. Everything that produces flags is handed the log directory alone.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.records import UnreadableInput

MICROSECONDS = 1_000_000
T = TypeVar("T")


class Operator(msgspec.Struct, frozen=True):
    """An operator of the truth; `capabilities` are the shares of its illicit exchanges."""

    operator: str
    kind: str
    capabilities: dict[str, float]


class CapabilityShare(msgspec.Struct, frozen=True):
    """One entry of a campaign's capability mix."""

    capability: str
    share: float


class Reported(msgspec.Struct, frozen=True):
    """What scoring needs of a campaign in `campaigns.json`."""

    campaign_id: str
    detected_at: int | str
    capabilities: list[CapabilityShare]

    @property
    def detected_micros(self) -> int:
        """Event time of the first alarm, in microseconds since 1970."""
        if isinstance(self.detected_at, int):
            return self.detected_at
        moment = datetime.fromisoformat(self.detected_at)
        return round(moment.timestamp() * MICROSECONDS)


class _CampaignsFile(msgspec.Struct):
    campaigns: list[Reported]


@dataclass(frozen=True)
class Truth:
    """`accounts`: account_id, cohort, operator, hard_negative, authorised. `exchanges`: a Parquet file."""

    operators: list[Operator]
    accounts: pa.Table
    exchanges: Path


@dataclass(frozen=True)
class Said:
    """A detector's output: `members` by the contract's schema, `flags` and Parquet files left on disk."""

    campaigns: list[Reported]
    members: pa.Table
    flags: Path


def read_truth(log: Path) -> Truth:
    """Read the truth beside a simulated log; UnreadableInput where there is none."""
    folder = log / "truth"
    return Truth(
        operators=_decode(folder / "operators.json", list[Operator]),
        accounts=pq.read_table(folder / "accounts.parquet"),
        exchanges=folder / "exchanges.parquet",
    )


def read_said(out: Path) -> Said:
    """Read a detector's output; UnreadableInput where `campaigns.json` does not follow the contract."""
    return Said(
        campaigns=_decode(out / "campaigns.json", _CampaignsFile).campaigns,
        members=pq.read_table(out / "members.parquet"),
        flags=out / "flags.parquet",
    )


def _decode(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError) as wrong:
        raise UnreadableInput(f"{path}: {wrong}") from wrong
