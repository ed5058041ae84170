"""Composed campaigns with their members, as a run would hand them over."""

from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.cases import api
from stillwatch.records import FLAGS, MEMBERS, Campaign, Claim, Findings, LogSummary, Micros, Share
from stillwatch.reports import write_all

START = 1_772_424_600_000_000  # 2026-03-02T04:10:00Z
HOUR = 3_600_000_000


class Clock:
    """Time that goes on by a second with every look at it."""

    def __init__(self):
        self.now = START + 1000 * HOUR

    def __call__(self):
        self.now += 1_000_000
        return Micros(self.now)


def names(first, last):
    return [f"acct-{number:04d}" for number in range(first, last)]


def campaign(campaign_id="campaign-001", *, accounts=40, log_e=12.0, strengths=None, **changed):
    strengths = {"shared_payment": 1.1, "no_ramp": 1.3, "sustained": 0.7} if strengths is None else strengths
    leaves = [
        Claim(claim=f"{name} is odd", detector=name, value=3.0, expected_if_benign=1.0, strength=strength)
        for name, strength in strengths.items()
    ]
    root = Claim(
        claim="run by one operator",
        detector="both keys",
        value=log_e,
        expected_if_benign="at most 9 nats",
        strength=log_e,
        children=leaves,
    )
    told = {
        "first_seen": START,
        "last_seen": START + 48 * HOUR,
        "detected_at": START + 9 * HOUR,
        "active": True,
        "accounts": accounts,
        "exchanges": accounts * 100,
        "tokens_in": accounts * 1000,
        "tokens_out": accounts * 90_000,
        "capabilities": [Share("coding", 0.75), Share("vision", 0.25)],
        "models": [Share("atlas", 1.0)],
        "fdr": 0.01,
        "coverage": {"ts": 1.0},
        "snippets": ["a secret prompt"],
    }
    return Campaign(campaign_id=campaign_id, log_e_value=log_e, evidence=root, **(told | changed))


def members(**accounts):
    """The members table: campaign ids (with underscores) and their accounts."""
    rows = [
        {
            "account_id": account,
            "campaign_id": name.replace("_", "-"),
            "probability": 0.97,
            "illicit_share": 0.5,
            "flagged_at": START + 9 * HOUR,
            "first_seen": START,
            "last_seen": START + 48 * HOUR,
            "exchanges": 200,
        }
        for name, own in accounts.items()
        for account in own
    ]
    return pa.Table.from_pylist(rows, schema=MEMBERS)


def find(tenant, own, campaign_id="campaign-001", *, watch=None, **told):
    """Take in one campaign of these accounts."""
    told.setdefault("accounts", len(own))
    table = members(**{campaign_id.replace("-", "_"): own})
    return api.upsert_findings(tenant, [campaign(campaign_id, **told)], table, watch=watch)


def opened(tenant, own, campaign_id="campaign-001", **told):
    """The id of the case that a campaign opens."""
    (case_id,) = find(tenant, own, campaign_id, **told).opened
    return case_id


def accounts_of(tenant, case_id):
    """The accounts a case holds now, read page by page."""
    out, after = [], None
    while True:
        page = api.list_accounts(tenant, case_id, after=after, limit=17)
        out += [one.account_id for one in page.rows if one.current]
        after = page.next
        if after is None:
            return out


def write_result(folder: Path, campaigns, table):
    """A result directory, as `detect` leaves one."""
    spare = folder.with_name(f"{folder.name}-spare")
    spare.mkdir()
    pq.write_table(FLAGS.empty_table(), spare / "flags")
    (spare / "rejected").touch()
    log = LogSummary(
        files=1, exchanges=9, repeats=0, rejected=0, accounts=3, first_ts=START, last_ts=START, coverage={}
    )
    write_all(
        Findings(
            log=log,
            campaigns=campaigns,
            members=table,
            flags=spare / "flags",
            alarms=[],
            rejected=spare / "rejected",
        ),
        folder,
    )
    return folder


def as_json(value):
    """Every answer of the room must have JSON that says the same."""
    return msgspec.json.decode(msgspec.json.encode(value))
