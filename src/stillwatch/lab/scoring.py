"""What a detector's output is worth against the truth of a simulated log.

Rules, all on account ids of `members.parquet`:

- An operator is *found* by a campaign when the operator runs at least half of the campaign's members and
  the campaign holds at least half of the operator's active accounts (those with an exchange in the log).
  Operators and campaigns are matched one to one, most shared accounts in all.
- A campaign is *merged* when it holds a fifth of the active accounts of two or more operators; an operator
  is *split* when two or more campaigns hold a tenth of its accounts each.
- A campaign is *false* when no operator runs half of its members.
- A hard-negative cohort is *reported* when it makes up 30 % of a campaign's members, or when a campaign
  holds 20 % of a cohort of five accounts or more.
- An operator's *haul before the first alarm* is the share of its illicit exchanges (or of their answer
  tokens) that started before its campaign's `detected_at`.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import msgspec
import numpy as np
from scipy.optimize import linear_sum_assignment

from stillwatch.lab.answers import Operator, Reported, Said, Truth, read_said, read_truth
from stillwatch.lab.logs import open_log

FOUND_PURITY = 0.5  # of a campaign's members
FOUND_COVER = 0.5  # of an operator's active accounts
MERGED_COVER = 0.2
SPLIT_COVER = 0.1
COHORT_OF_CAMPAIGN = 0.3
CAMPAIGN_OF_COHORT = 0.2
COHORT_ACCOUNTS = 5  # a smaller cohort is reported by the first rule only
NORMAL_95 = 1.959964  # two-sided 95 % quantile of the normal distribution


class OperatorScore(msgspec.Struct, frozen=True, kw_only=True):
    """One operator. Figures of a campaign are None where no campaign found the operator."""

    operator: str
    kind: str
    active_accounts: int
    campaign_id: str | None = None
    merged: bool = False
    split: bool = False
    account_recall: float | None = None
    top_capability_right: bool = False
    total_variation: float | None = None
    exchange_precision: float | None = None
    exchange_recall: float | None = None
    haul_exchanges: float | None = None
    haul_tokens: float | None = None

    @property
    def found(self) -> bool:
        return self.campaign_id is not None

    @property
    def found_as_one(self) -> bool:
        """Found by a campaign that holds no second operator, and by no second campaign."""
        return self.found and not self.merged and not self.split


class CohortScore(msgspec.Struct, frozen=True):
    """A cohort of benign accounts: how many were active, how many were flagged, whether it was reported."""

    cohort: str
    hard_negative: bool
    accounts: int
    flagged: int
    reported: bool


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One log's score; JSON-able, so that a finished seed can be kept."""

    operators: list[OperatorScore]
    cohorts: list[CohortScore]
    campaigns: int
    false_campaigns: list[str]
    merged_campaigns: list[str]

    @property
    def benign_accounts(self) -> int:
        return sum(cohort.accounts for cohort in self.cohorts)

    @property
    def benign_flagged(self) -> int:
        return sum(cohort.flagged for cohort in self.cohorts)

    @property
    def cohorts_reported(self) -> list[str]:
        return [cohort.cohort for cohort in self.cohorts if cohort.hard_negative and cohort.reported]


def score(log: Path, out: Path) -> Score:
    """Score the output directory `out` of a detector against the truth beside the simulated `log`."""
    truth, said = read_truth(log), read_said(out)
    tables = _tables(open_log(log), truth, said)
    counts = _count(tables)
    found_by = match(counts.held, counts.active, counts.sizes)
    by_id = {campaign.campaign_id: campaign for campaign in said.campaigns}
    return Score(
        operators=[
            _operator_score(tables, counts, operator, by_id.get(found_by.get(operator.operator, "")))
            for operator in truth.operators
        ],
        cohorts=_cohorts(tables, counts.sizes),
        campaigns=len(by_id),
        false_campaigns=sorted(campaign for campaign in by_id if counts.is_false(campaign)),
        merged_campaigns=sorted(campaign for campaign in by_id if counts.is_merged(campaign)),
    )


def match(
    held: Mapping[str, Mapping[str, int]], active: Mapping[str, int], sizes: Mapping[str, int]
) -> dict[str, str]:
    """Operator -> campaign, one to one, with the most shared accounts in all.

    `held[campaign][operator]` counts the campaign's members that the operator runs, `active[operator]` its
    active accounts and `sizes[campaign]` the campaign's members. Pairs below the floors are never matched.
    """
    operators, campaigns = sorted(active), sorted(sizes)
    weights = np.zeros((len(operators), len(campaigns)))
    for row, operator in enumerate(operators):
        for column, campaign in enumerate(campaigns):
            shared = held.get(campaign, {}).get(operator, 0)
            if shared >= FOUND_PURITY * sizes[campaign] and shared >= FOUND_COVER * active[operator]:
                weights[row, column] = shared
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return {
        operators[row]: campaigns[column]
        for row, column in zip(rows, columns, strict=True)
        if weights[row, column] > 0
    }


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Give the 95 % Wilson score interval of a share; (0, 1) where nothing was counted."""
    if of == 0:
        return 0.0, 1.0
    squared = NORMAL_95**2
    share = hits / of
    middle = (share + squared / (2 * of)) / (1 + squared / of)
    half = NORMAL_95 / (1 + squared / of) * float(np.sqrt(share * (1 - share) / of + squared / (4 * of**2)))
    return max(0.0, middle - half), min(1.0, middle + half)


def total_variation(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Half the summed differences of two sets of shares: 0 for equal ones, 1 for disjoint ones."""
    return sum(abs(left.get(name, 0.0) - right.get(name, 0.0)) for name in {*left, *right}) / 2


@dataclass(frozen=True)
class _Counts:
    """`held[campaign][operator]`: members the operator runs; active accounts; members of a campaign."""

    held: Mapping[str, Mapping[str, int]]
    active: Mapping[str, int]
    sizes: Mapping[str, int]

    def covers(self, campaign: str, operator: str, share: float) -> bool:
        accounts = self.active.get(operator, 0)
        return accounts > 0 and self.held.get(campaign, {}).get(operator, 0) >= share * accounts

    def is_merged(self, campaign: str) -> bool:
        return sum(self.covers(campaign, operator, MERGED_COVER) for operator in self.active) > 1

    def is_split(self, operator: str) -> bool:
        return sum(self.covers(campaign, operator, SPLIT_COVER) for campaign in self.sizes) > 1

    def is_false(self, campaign: str) -> bool:
        members = self.sizes.get(campaign, 0)
        largest = max(self.held.get(campaign, {}).values(), default=0)
        return members == 0 or largest < FOUND_PURITY * members


def _tables(connection: duckdb.DuckDBPyConnection, truth: Truth, said: Said) -> duckdb.DuckDBPyConnection:
    """Add truth and findings to a log's connection; `haul` joins them: one row an illicit exchange."""
    connection.register("truth_accounts", truth.accounts)
    connection.register("all_members", said.members.select(["account_id", "campaign_id"]))
    connection.execute("CREATE TABLE members AS SELECT DISTINCT account_id, campaign_id FROM all_members")
    connection.read_parquet(str(truth.exchanges)).create_view("truth_exchanges")
    connection.read_parquet(str(said.flags)).create_view("flags")
    connection.execute(
        """
        CREATE TABLE haul AS
        SELECT exchange_id, any_value(truth_exchanges.operator) AS operator, min(ts) AS ts,
               any_value(coalesce(tokens_out, 0)) AS tokens
        FROM truth_exchanges JOIN exchanges USING (exchange_id)
        WHERE truth_exchanges.operator IS NOT NULL GROUP BY exchange_id
        """
    )
    return connection


def _count(tables: duckdb.DuckDBPyConnection) -> _Counts:
    held: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for campaign, operator, accounts in tables.execute(
        "SELECT campaign_id, operator, count(*) FROM members JOIN truth_accounts USING (account_id) "
        "WHERE operator IS NOT NULL GROUP BY ALL"
    ).fetchall():
        held[campaign][operator] = accounts
    active = tables.execute(
        "SELECT operator, count(*) FROM truth_accounts SEMI JOIN exchanges USING (account_id) "
        "WHERE operator IS NOT NULL GROUP BY operator"
    ).fetchall()
    sizes = tables.execute("SELECT campaign_id, count(*) FROM members GROUP BY campaign_id").fetchall()
    return _Counts(held, dict(active), dict(sizes))


def _operator_score(
    tables: duckdb.DuckDBPyConnection, counts: _Counts, operator: Operator, campaign: Reported | None
) -> OperatorScore:
    name = operator.operator
    unfound = OperatorScore(
        operator=name,
        kind=operator.kind,
        active_accounts=counts.active.get(name, 0),
        split=counts.is_split(name),
    )
    if campaign is None:
        return unfound
    reported = {entry.capability: entry.share for entry in campaign.capabilities}
    taken = operator.capabilities
    precision, recall = _attribution(tables, name, campaign.campaign_id)
    haul_exchanges, haul_tokens = _haul(tables, name, campaign.detected_micros)
    return msgspec.structs.replace(
        unfound,
        campaign_id=campaign.campaign_id,
        merged=counts.is_merged(campaign.campaign_id),
        account_recall=counts.held[campaign.campaign_id][name] / counts.active[name],
        top_capability_right=_largest(reported) == _largest(taken),
        total_variation=total_variation(reported, taken),
        exchange_precision=precision,
        exchange_recall=recall,
        haul_exchanges=haul_exchanges,
        haul_tokens=haul_tokens,
    )


def _largest(shares: Mapping[str, float]) -> str | None:
    return max(shares, key=shares.__getitem__, default=None)


def _attribution(tables: duckdb.DuckDBPyConnection, operator: str, campaign: str) -> tuple[float, float]:
    """Precision and recall of the campaign's attributed exchanges against the operator's illicit ones."""
    flagged, right, illicit = tables.execute(
        """
        WITH flagged AS (SELECT DISTINCT exchange_id FROM flags WHERE campaign_id = $campaign),
             illicit AS (SELECT exchange_id FROM haul WHERE operator = $operator)
        SELECT (SELECT count(*) FROM flagged),
               (SELECT count(*) FROM flagged SEMI JOIN illicit USING (exchange_id)),
               (SELECT count(*) FROM illicit)
        """,
        {"campaign": campaign, "operator": operator},
    ).fetchall()[0]
    return _share(right, flagged), _share(right, illicit)


def _haul(tables: duckdb.DuckDBPyConnection, operator: str, detected: int) -> tuple[float, float]:
    """Shares of the operator's illicit exchanges, and of their answer tokens, from before `detected`."""
    taken, all_taken, tokens, all_tokens = tables.execute(
        "SELECT count(*) FILTER (ts < $detected), count(*), sum(tokens) FILTER (ts < $detected), sum(tokens) "
        "FROM haul WHERE operator = $operator",
        {"operator": operator, "detected": detected},
    ).fetchall()[0]
    return _share(taken, all_taken), _share(tokens or 0, all_tokens or 0)


def _share(part: int, of: int) -> float:
    return float(part) / float(of) if of else 0.0


def _cohorts(tables: duckdb.DuckDBPyConnection, sizes: Mapping[str, int]) -> list[CohortScore]:
    benign = tables.execute(
        """
        WITH seen AS (SELECT DISTINCT account_id FROM exchanges),
             named AS (SELECT DISTINCT account_id FROM members)
        SELECT coalesce(cohort, 'unnamed'), bool_or(coalesce(hard_negative, false)),
               count(*) FILTER (account_id IN (FROM seen) OR account_id IN (FROM named)),
               count(*) FILTER (account_id IN (FROM named))
        FROM truth_accounts WHERE operator IS NULL GROUP BY 1 ORDER BY 1
        """
    ).fetchall()
    caught: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for cohort, campaign, members in tables.execute(
        "SELECT coalesce(cohort, 'unnamed'), campaign_id, count(*) "
        "FROM members JOIN truth_accounts USING (account_id) WHERE operator IS NULL GROUP BY ALL"
    ).fetchall():
        caught[cohort][campaign] = members
    return [
        CohortScore(
            cohort,
            hard_negative,
            accounts,
            flagged,
            any(
                members >= COHORT_OF_CAMPAIGN * sizes[campaign]
                or (accounts >= COHORT_ACCOUNTS and members >= CAMPAIGN_OF_COHORT * accounts)
                for campaign, members in caught[cohort].items()
            ),
        )
        for cohort, hard_negative, accounts, flagged in benign
    ]
