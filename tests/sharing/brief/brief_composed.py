"""Findings composed for briefs: two campaigns, of which everything personal says so."""

import datetime as dt
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

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
from stillwatch.reports import load, write_all
from stillwatch.sharing import brief
from stillwatch.sharing.brief.statement import Assessment

START = 1_772_424_600_000_000  # 2026-03-02T04:10:00Z
HOUR = 3_600_000_000


def campaign(number, accounts, secret, **changed):
    """A campaign that holds `secret` wherever a file can hold text that is nobody's business."""
    chance = random.Random(number)
    steps = [
        Interval(START + hour * HOUR, chance.randrange(20, 60), 12, {"atlas-4": 20})
        for hour in range(0, 300, 6)
    ]
    leaf = Claim(
        claim=f"cards of {secret}", detector=secret, value=secret, expected_if_benign=0.1, strength=3.0
    )
    root = Claim(
        claim=f"run by {secret}",
        detector="both keys",
        value=31.4,
        expected_if_benign=0.0,
        strength=31.4,
        sources=[secret],
        children=[leaf],
    )
    told = {
        "campaign_id": f"campaign-{number:03d}",
        "first_seen": START,
        "last_seen": START + 299 * HOUR,
        "detected_at": START + 9 * HOUR,
        "active": number == 1,
        "accounts": accounts,
        "exchanges": accounts * 3,
        "tokens_in": accounts * 1_111,
        "tokens_out": accounts * 4_567_891,
        "capabilities": [Share("reasoning_traces", 0.581), Share("coding", 0.3), Share(secret, 0.119)],
        "models": [Share("atlas-4", 1.0)],
        "log_e_value": 31.4,
        "fdr": 0.01,
        "evidence": root,
        "coverage": {"ts": 1.0},
        "timeline": steps,
        "shared_keys": [SharedKey("money", f"card {secret}", 10, 2, 40.0)],
        "links": [(f"acct-{secret}", f"key-{secret}", 1.0)],
        "snippets": [f"a prompt of {secret}"],
    }
    return Campaign(**(told | changed))


def compose(folder, secret="Seekrit", campaigns=None, **log):
    """A result directory as a run writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    found = (
        [campaign(1, 41, secret), campaign(2, 7, secret, first_seen=START + 50 * HOUR)]
        if campaigns is None
        else campaigns
    )
    members = [
        {
            "account_id": f"acct-{secret}-{number}-{at}",
            "campaign_id": one.campaign_id,
            "probability": 0.97,
            "illicit_share": 0.5,
            "flagged_at": one.detected_at,
            "first_seen": one.first_seen,
            "last_seen": one.last_seen,
            "exchanges": 3,
        }
        for number, one in enumerate(found)
        for at in range(one.accounts)
    ]
    flags = [
        {
            "exchange_id": f"{row['account_id']}-{at}",
            "account_id": row["account_id"],
            "campaign_id": row["campaign_id"],
            "probability": 0.98,
            "capability": "coding",
        }
        for row in members
        for at in range(3)
    ]
    pq.write_table(pa.Table.from_pylist(flags, schema=FLAGS), folder / "run-flags.parquet")
    (folder / "run-rejected.jsonl").write_text("")
    told = {
        "files": 3,
        "exchanges": 1_204_112,
        "repeats": 0,
        "rejected": 1,
        "accounts": 41_877,
        "first_ts": START - 40 * HOUR,
        "last_ts": START + 300 * HOUR,
        "coverage": {"tokens_out": 1.0},
        "unseen": [f"{secret} could not be tested"],
        "clusters_tested": 312,
        "events": [
            HappenedEvent(START + 140 * HOUR, "model_release", "atlas-4.5"),
            HappenedEvent(START + 88 * HOUR, "ban", f"acct-{secret}"),
        ],
    }
    alarms = [
        Alarm(
            ts=one.detected_at,
            campaign_id=one.campaign_id,
            kind="opened",
            accounts=one.accounts,
            exchanges_so_far=9,
            log_e_value=9.0,
            summary=f"opened by {secret}",
        )
        for one in found
    ]
    findings = Findings(
        log=LogSummary(**(told | log)),
        campaigns=found,
        members=pa.Table.from_pylist(members, schema=MEMBERS),
        flags=folder / "run-flags.parquet",
        alarms=alarms,
        rejected=folder / "run-rejected.jsonl",
    )
    out = folder / "out"
    write_all(findings, out)
    return out


def material_of(out: Path, **more):
    return brief.read(out, *load(out), **more)


def stated(**changed):
    """A person's assessment."""
    told = {
        "name": "Example Systems",
        "likelihood": "likely",
        "confidence": "moderate",
        "basis": "Payment instruments lead to it.",
        "by": "Jo Analyst",
        "on": dt.date(2026, 3, 20),
    }
    return Assessment(**(told | changed))
