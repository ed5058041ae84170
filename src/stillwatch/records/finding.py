"""What a run concludes: campaigns, their members, the exchanges attributed to them, and the alarms.

Reports are projections of these records; field names are those of the output contract.
"""

from pathlib import Path

import msgspec
import pyarrow as pa

from stillwatch.records.schemas import TIME
from stillwatch.records.wire import Micros

MEMBERS = pa.schema(
    [
        ("account_id", pa.string()),
        ("campaign_id", pa.string()),
        ("probability", pa.float64()),
        ("illicit_share", pa.float64()),
        ("flagged_at", TIME),
        ("first_seen", TIME),
        ("last_seen", TIME),
        ("exchanges", pa.int64()),
    ]
)
FLAGS = pa.schema(
    [
        ("exchange_id", pa.string()),
        ("account_id", pa.string()),
        ("campaign_id", pa.string()),
        ("probability", pa.float64()),
        ("capability", pa.string()),
    ]
)


class Claim(msgspec.Struct, kw_only=True):
    """One piece of evidence; `value` is what was measured.

    `strength` in nats: at the root the log e-value; for a key what it has above nine in ten natural groups;
    for a detector what its score adds to the log likelihood ratio.
    """

    claim: str
    detector: str
    value: float | str
    expected_if_benign: float | str
    strength: float
    sources: list[str] = []  # fields of the log it rests on
    children: list["Claim"] = []


class Share(msgspec.Struct, frozen=True):
    """A name and its share of the attributed exchanges."""

    name: str
    share: float


class Interval(msgspec.Struct, frozen=True):
    """One step of a campaign's timeline: attributed exchanges that started in [start, start + width)."""

    start: Micros
    exchanges: int
    accounts: int
    models: dict[str, int]


class SharedKey(msgspec.Struct, frozen=True):
    """A thing members share: `family` is money, onboarding, place, software, text or succession.

    `lift` is how many times more often members hold it than everyone else.
    """

    family: str
    label: str
    members: int
    others: int
    lift: float


class Campaign(msgspec.Struct, kw_only=True):
    """A cluster that passed both keys."""

    campaign_id: str
    first_seen: Micros
    last_seen: Micros
    detected_at: Micros
    active: bool
    accounts: int
    exchanges: int
    tokens_in: int
    tokens_out: int
    capabilities: list[Share]
    models: list[Share]
    log_e_value: float
    fdr: float
    evidence: Claim
    coverage: dict[str, float]
    timeline: list[Interval] = []
    shared_keys: list[SharedKey] = []
    links: list[tuple[str, str, float]] = []  # account, shared key label, weight: a readable sample
    snippets: list[str] = []  # redacted text, only with --keep-text


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """Something a live run would have said at `ts`: opened, grew, pivoted, replaced or quiet."""

    ts: Micros
    campaign_id: str
    kind: str
    accounts: int
    exchanges_so_far: int
    log_e_value: float
    summary: str


class HappenedEvent(msgspec.Struct, frozen=True):
    """A release, ban or policy change, for timelines."""

    ts: Micros
    kind: str
    what: str


class LogSummary(msgspec.Struct, kw_only=True):
    """What was read, and what could not be seen in it."""

    files: int
    exchanges: int
    repeats: int
    rejected: int
    accounts: int
    first_ts: Micros | None
    last_ts: Micros | None
    coverage: dict[str, float]  # share of exchanges, or accounts, that carry each field
    unseen: list[str] = []  # sentences: what a missing field kept from being tested
    clusters_tested: int = 0
    fdr: float = 0.01
    events: list[HappenedEvent] = []


class Findings(msgspec.Struct, kw_only=True):
    """Everything a run concludes. `flags` and `rejected` are files, since they grow with the log."""

    log: LogSummary
    campaigns: list[Campaign]
    members: pa.Table
    flags: Path  # Parquet with schema FLAGS
    alarms: list[Alarm]
    rejected: Path  # JSON lines of Rejection
