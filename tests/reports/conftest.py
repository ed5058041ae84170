"""Findings made up for the reports: a run with two campaigns, and a run without any."""

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.records import (
    FLAGS,
    MEMBERS,
    Alarm,
    Campaign,
    Claim,
    Findings,
    HappenedEvent,
    Interval,
    LogSummary,
    Share,
    SharedKey,
)

START = 1_772_424_600_000_000  # 2026-03-02T04:10:00Z
HOUR = 3_600_000_000
COVERAGE = {
    "prompt": 0.999,
    "model": 1.0,
    "client_ip": 0.97,
    "ja4": 0.12,
    "payment_fp": 0.88,
    "device_id": 0.0,
}


def evidence() -> Claim:
    return Claim(
        claim="One operator controls these accounts and harvests the model's answers",
        detector="campaigns",
        value=31.4,
        expected_if_benign=0.0,
        strength=31.4,
        children=[
            Claim(
                claim="Common control: accounts share payment, sign-up hour and text template",
                detector="linking",
                value="3 families",
                expected_if_benign="at most 1 family",
                strength=14.2,
                sources=["payment_fp", "created_at", "prompt"],
                children=[
                    Claim(
                        claim="Accounts that took over a banned account's queue within 20 minutes",
                        detector="failover",
                        value=38,
                        expected_if_benign=0.4,
                        strength=9.1,
                        sources=["status", "ts"],
                    ),
                    Claim(
                        claim="Accounts start and stop together",
                        detector="lockstep",
                        value=6.8,
                        expected_if_benign=1.02,
                        strength=5.1,
                        sources=["ts"],
                    ),
                ],
            ),
            Claim(
                claim="Extraction: a work queue is dealt out over the accounts, no item twice",
                detector="queue",
                value=0.0003,
                expected_if_benign=0.061,
                strength=17.2,
                sources=["prompt"],
                children=[
                    Claim(
                        claim="Accounts have no individuality (icc of content)",
                        detector="individuality",
                        value=-0.001,
                        expected_if_benign=0.148,
                        strength=12.0,
                        sources=["prompt", "session_id"],
                    )
                ],
            ),
            Claim(
                claim="The fleet moved to a new model within a day of its release",
                detector="pivot",
                value=0.41,
                expected_if_benign=0.36,
                strength=-0.2,
                sources=["model"],
            ),
        ],
    )


def timeline(chance: random.Random, hours: int, level: int) -> list[Interval]:
    steps = []
    for hour in range(hours):
        total = int(level * (0.85 + 0.3 * chance.random())) * (0 if 90 <= hour < 96 else 1)
        new = int(total * min(max(hour - 140, 0) / 40, 0.8))
        models = {name: count for name, count in [("atlas-4", total - new), ("atlas-4.5", new)] if count}
        steps.append(Interval(START + hour * HOUR, total, min(total, 260), models))
    return steps


def campaign(name: str, number: int, accounts: int, chance: random.Random) -> Campaign:
    steps = timeline(chance, 300, accounts // 8)
    keys = [
        SharedKey("money", "payment family 7f3a (prepaid)", accounts * 6 // 10, 11, 412.0),
        SharedKey("money", "payment family 19c2 (virtual)", accounts * 3 // 10, 4, 300.5),
        SharedKey("onboarding", "sign-up 1 Mar 03:00-05:00, mail pattern a9", accounts * 8 // 10, 40, 97.2),
        SharedKey("software", "agent python-httpx/0.27 + ja4 t13d", accounts, 2210, 8.4),
        SharedKey("text", "template 5be1 (rubric with two answers)", accounts * 9 // 10, 0, 5120.0),
        SharedKey("place", "prefix 203.0.113.0/24", accounts // 4, 19, 31.0),
        SharedKey("succession", "took over after a ban", 38, 0, 900.0),
    ]
    links = [
        (f"acct_{number}{at:05d}", key.label, 1 + 4 * chance.random())
        for at in range(18)
        for key in keys
        if chance.random() < 0.45
    ]
    return Campaign(
        campaign_id=name,
        first_seen=START,
        last_seen=START + 299 * HOUR,
        detected_at=START + 5 * HOUR + HOUR // 2,
        active=number == 0,
        accounts=accounts,
        exchanges=sum(step.exchanges for step in steps),
        tokens_in=12_400_000,
        tokens_out=61_200_000,
        capabilities=[
            Share("reasoning_traces", 0.58),
            Share("coding", 0.22),
            Share("reward_modelling", 0.13),
            Share("tool_use", 0.06),
            Share("general", 0.01),
        ],
        models=[Share("atlas-4", 0.71), Share("atlas-4.5", 0.29)],
        log_e_value=31.4 - 14 * number,
        fdr=0.01,
        evidence=evidence(),
        coverage=COVERAGE,
        timeline=steps,
        shared_keys=keys,
        links=links,
    )


def members(campaigns: list[Campaign], chance: random.Random) -> pa.Table:
    rows = [
        {
            "account_id": f"acct_{number}{at:05d}",
            "campaign_id": one.campaign_id,
            "probability": 1 - 0.3 * chance.random() ** 3,
            "illicit_share": 1.0 if at % 7 else 0.4,
            "flagged_at": one.detected_at + at * HOUR // 20,
            "first_seen": START + at * HOUR // 40,
            "last_seen": one.last_seen - at * HOUR // 60,
            "exchanges": chance.randrange(5, 120),
        }
        for number, one in enumerate(campaigns)
        for at in range(one.accounts)
    ]
    return pa.Table.from_pylist(rows, schema=MEMBERS)


def run(directory: Path, campaigns: list[Campaign], table: pa.Table) -> Findings:
    """Findings whose flags and rejections lie in `directory`."""
    flags = [
        {
            "exchange_id": f"{account}-{at}",
            "account_id": account,
            "campaign_id": campaign_id,
            "probability": 0.98,
            "capability": "coding" if at == 2 else "reasoning_traces",
        }
        for account, campaign_id in zip(
            table["account_id"].to_pylist(), table["campaign_id"].to_pylist(), strict=True
        )
        for at in range(3)
    ]
    pq.write_table(pa.Table.from_pylist(flags, schema=FLAGS), directory / "run-flags.parquet")
    rejected = '{"file":"exchanges-0001.jsonl","line":17,"reason":"not JSON: cut short"}\n'
    (directory / "run-rejected.jsonl").write_text(rejected)
    return Findings(
        log=LogSummary(
            files=14,
            exchanges=1_204_112,
            repeats=310,
            rejected=1,
            accounts=41_877,
            first_ts=START - 40 * HOUR,
            last_ts=START + 300 * HOUR,
            coverage=COVERAGE,
            unseen=["No device_id in any account: shared devices could not be tested."],
            clusters_tested=312,
            events=[
                HappenedEvent(START + 140 * HOUR, "model_release", "atlas-4.5 released"),
                *(HappenedEvent(START + (88 + 3 * at) * HOUR, "ban", f"acct_0{at:05d}") for at in range(9)),
                HappenedEvent(START + 88 * HOUR, "ban", "acct_000044"),
            ],
        ),
        campaigns=campaigns,
        members=table,
        flags=directory / "run-flags.parquet",
        alarms=[
            Alarm(
                ts=one.detected_at + at * HOUR,
                campaign_id=one.campaign_id,
                kind=kind,
                accounts=40 + 100 * at,
                exchanges_so_far=900 + 5000 * at,
                log_e_value=8.0 + 4 * at,
                summary=f"{kind} with {40 + 100 * at} accounts",
            )
            for one in campaigns
            for at, kind in [(2, "grew"), (0, "opened")]
        ],
        rejected=directory / "run-rejected.jsonl",
    )


@pytest.fixture
def findings(tmp_path: Path) -> Findings:
    chance = random.Random(7)
    campaigns = [campaign("c-7f3a5be1", 0, 1482, chance), campaign("c-20aa91d0", 1, 64, chance)]
    return run(tmp_path, campaigns, members(campaigns, chance))


@pytest.fixture
def nothing(tmp_path: Path) -> Findings:
    return run(tmp_path, [], MEMBERS.empty_table())
