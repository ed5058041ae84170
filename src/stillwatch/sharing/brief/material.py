"""What a brief is made of: the findings of a run, what people state, and the case, if there is one."""

import hashlib
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.records import FLAGS, MEMBERS, Campaign, LogSummary, Micros, UnreadableInput, UsageError
from stillwatch.sharing.brief.compute import Haul, Model
from stillwatch.sharing.brief.doings import Doings
from stillwatch.sharing.brief.plausible import check
from stillwatch.sharing.brief.statement import Statement

FILES = ("campaigns.json", "members.parquet", "flags.parquet", "alarms.jsonl")
COUNTED = 0.5  # share of exchanges that must carry their tokens before the sum of them is believed


class Counts(msgspec.Struct, frozen=True):
    """What the rows of a result say of a campaign."""

    accounts: int = 0
    exchanges: int = 0
    others: float = 0.0  # accounts expected to be somebody else's: the sum of 1 - probability


class Material:
    """Everything a brief may speak of. What it leaves out is for `audience` to say."""

    def __init__(
        self,
        log: LogSummary,
        campaigns: list[Campaign],
        counts: dict[str, Counts],
        digests: dict[str, str],
        *,
        statement: Statement | None = None,
        doings: Doings | None = None,
    ) -> None:
        self.log = log
        self.campaigns = campaigns
        self.counts = counts
        self.digests = digests
        self.statement = statement or Statement()
        self.doings = doings

    @cached_property
    def model(self) -> Model:
        return Model()

    @property
    def haul(self) -> Haul:
        tokens = sum(one.tokens_out for one in self.campaigns)
        counted = tokens > 0 and self.log.coverage.get("tokens_out", 1.0) >= COUNTED
        return Haul(float(tokens) if counted else None, float(self.exchanges))

    @property
    def accounts(self) -> int:
        return sum(self.of(one).accounts for one in self.campaigns)

    @property
    def exchanges(self) -> int:
        return sum(self.of(one).exchanges for one in self.campaigns)

    @property
    def first_seen(self) -> Micros:
        return min(one.first_seen for one in self.campaigns)

    def of(self, campaign: Campaign) -> Counts:
        return self.counts.get(campaign.campaign_id, Counts())

    @property
    def disagreements(self) -> int:
        """Campaigns whose stated counts are not those of their rows."""
        return sum(
            (one.accounts, one.exchanges) != (self.of(one).accounts, self.of(one).exchanges)
            for one in self.campaigns
        )


def read(
    directory: Path,
    log: LogSummary,
    campaigns: list[Campaign],
    *,
    statement: Statement | None = None,
    doings: Doings | None = None,
) -> Material:
    """The material in a result directory whose `campaigns.json` was read. Raises UnreadableInput."""
    check(directory / "campaigns.json", log, campaigns)
    kept = campaigns if doings is None else of_case(campaigns, doings)
    members = _columns(directory / "members.parquet", MEMBERS, ["campaign_id", "probability"])
    flags = _columns(directory / "flags.parquet", FLAGS, ["campaign_id"])
    return Material(
        log,
        kept,
        _counts(members, flags),
        {name: _digest(directory / name) for name in FILES},
        statement=statement,
        doings=doings,
    )


def of_case(campaigns: list[Campaign], doings: Doings) -> list[Campaign]:
    """The campaigns that a case holds. Raises UsageError where it holds none of them."""
    kept = [one for one in campaigns if one.campaign_id in doings.campaign_ids]
    if not kept:
        raise UsageError("the case holds none of the campaigns of this result")
    return kept


def _columns(path: Path, schema: pa.Schema, names: list[str]) -> pa.Table:
    try:
        wanted = pa.schema([schema.field(name) for name in names])
        return pq.read_table(path, columns=names).select(names).cast(wanted)
    except (OSError, KeyError, ValueError, pa.ArrowException) as error:
        raise UnreadableInput(f"{path}: {error}") from error


def _counts(members: pa.Table, flags: pa.Table) -> dict[str, Counts]:
    exchanges = {row["values"]: row["counts"] for row in pc.value_counts(flags["campaign_id"]).to_pylist()}
    probability = pc.fill_null(members["probability"], 0.0)
    inside = np.clip(np.nan_to_num(probability.to_numpy()), 0.0, 1.0)
    others = members.select(["campaign_id"]).append_column("others", pa.array(1.0 - inside))
    grouped = others.group_by("campaign_id").aggregate([("others", "sum"), ([], "count_all")])
    return {
        row["campaign_id"]: Counts(row["count_all"], exchanges.get(row["campaign_id"], 0), row["others_sum"])
        for row in grouped.to_pylist()
    }


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror}") from error
