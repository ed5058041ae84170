"""A simulated log with one operator, and every promise the output contract makes about the result."""

import json
import re
from collections import Counter, defaultdict
from datetime import datetime

import pyarrow.parquet as pq
import pytest

from stillwatch.lab.simulate import simulate
from stillwatch.lab.world import World
from stillwatch.records import CAPABILITIES, FLAGS, MEMBERS
from stillwatch.runtime import detect

MARCH = 1_772_409_600_000_000  # 2026-03-02
KINDS = {"opened", "grew", "pivoted", "replaced", "quiet"}
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
FIELDS = {
    "campaign_id": str,
    "first_seen": str,
    "last_seen": str,
    "detected_at": str,
    "active": bool,
    "accounts": int,
    "exchanges": int,
    "tokens_in": int,
    "tokens_out": int,
    "capabilities": list,
    "models": list,
    "log_e_value": float,
    "fdr": float,
    "evidence": dict,
    "coverage": dict,
}


class Result:
    """A result directory, read back."""

    def __init__(self, log, out):
        self.log, self.out = log, out
        document = json.loads((out / "campaigns.json").read_bytes())
        self.schema, self.summary, self.campaigns = (document[key] for key in ("schema", "log", "campaigns"))
        self.members = pq.read_table(out / "members.parquet")
        self.flags = pq.read_table(out / "flags.parquet")
        self.alarms = [json.loads(line) for line in (out / "alarms.jsonl").read_text().splitlines()]
        self.exchanges = {
            row["exchange_id"]: row
            for file in sorted(log.glob("exchanges*"))
            for row in pq.read_table(
                file, columns=["exchange_id", "ts", "account_id", "model", "tokens_in", "tokens_out"]
            ).to_pylist()
        }

    def rows(self, table, campaign):
        return [row for row in table.to_pylist() if row["campaign_id"] == campaign["campaign_id"]]


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulated")
    world = World(seed=1, start=MARCH, days=8, scale=0.001)
    simulate(world, "feb_c", folder / "log", progress=lambda _name, _accounts: None)
    detect([folder / "log"], folder / "out")
    return Result(folder / "log", folder / "out")


def time(text):
    assert TIME.fullmatch(text)
    return datetime.fromisoformat(text)


def test_the_operator_is_found(result):
    truth = pq.read_table(result.log / "truth" / "accounts.parquet", columns=["account_id", "operator"])
    guilty = {row["account_id"] for row in truth.to_pylist() if row["operator"]}
    named = set(result.members["account_id"].to_pylist())
    assert len(result.campaigns) == 1
    assert len(named & guilty) >= 0.9 * len(named)


def test_campaigns_have_the_fields_of_the_contract(result):
    assert result.schema == "stillwatch.campaigns/1"
    assert isinstance(result.summary, dict)
    for campaign in result.campaigns:
        for name, kind in FIELDS.items():
            assert type(campaign[name]) is kind, name
        assert time(campaign["first_seen"]) <= time(campaign["last_seen"])
        assert min(campaign[name] for name in ("accounts", "exchanges", "tokens_in", "tokens_out")) >= 0
        assert 0 <= campaign["fdr"] <= 1
        assert all(0 <= share <= 1 for share in campaign["coverage"].values())
        for name, key in (("capabilities", "capability"), ("models", "model")):
            shares = [one["share"] for one in campaign[name]]
            assert shares == sorted(shares, reverse=True)
            assert sum(shares) == pytest.approx(1, abs=0.01)
            assert all(isinstance(one[key], str) for one in campaign[name])
        assert {one["capability"] for one in campaign["capabilities"]} <= set(CAPABILITIES)


def test_evidence_is_a_tree_of_claims(result):
    def check(claim):
        assert isinstance(claim["claim"], str)
        assert isinstance(claim["detector"], str)
        assert isinstance(claim["strength"], float)
        assert {"value", "expected_if_benign"} <= set(claim)
        assert all(isinstance(source, str) for source in claim["sources"])
        return 1 + sum(check(child) for child in claim.get("children", []))

    for campaign in result.campaigns:
        assert check(campaign["evidence"]) > 10
        used = {source for key in campaign["evidence"]["children"] for source in key["sources"]}
        assert used == set(campaign["coverage"])


def test_members_agree_with_their_campaign(result):
    assert result.members.schema.equals(MEMBERS)
    assert len(set(result.members["account_id"].to_pylist())) == result.members.num_rows
    made = Counter(row["account_id"] for row in result.exchanges.values())
    for campaign in result.campaigns:
        members = result.rows(result.members, campaign)
        flagged = Counter(row["account_id"] for row in result.rows(result.flags, campaign))
        assert len(members) == campaign["accounts"]
        for row in members:
            assert 0 <= row["probability"] <= 1
            assert row["exchanges"] == made[row["account_id"]]
            assert row["illicit_share"] * row["exchanges"] == pytest.approx(flagged[row["account_id"]])
            assert row["first_seen"] <= row["last_seen"]
            assert time(campaign["detected_at"]) <= row["flagged_at"]
            assert row["flagged_at"].year == 2026


def test_flags_agree_with_the_log_and_their_campaign(result):
    assert result.flags.schema.equals(FLAGS)
    assert len(set(result.flags["exchange_id"].to_pylist())) == result.flags.num_rows
    for campaign in result.campaigns:
        members = {row["account_id"] for row in result.rows(result.members, campaign)}
        flags = result.rows(result.flags, campaign)
        calls = [result.exchanges[row["exchange_id"]] for row in flags]
        assert len(flags) == campaign["exchanges"]
        for row, call in zip(flags, calls, strict=True):
            assert row["account_id"] == call["account_id"]
            assert row["account_id"] in members
            assert 0.5 <= row["probability"] <= 1
            assert row["capability"] in CAPABILITIES
        assert sum(call["tokens_in"] or 0 for call in calls) == campaign["tokens_in"]
        assert sum(call["tokens_out"] or 0 for call in calls) == campaign["tokens_out"]
        assert min(call["ts"] for call in calls) == time(campaign["first_seen"])
        assert max(call["ts"] for call in calls) == time(campaign["last_seen"])
        models = Counter(call["model"] for call in calls)
        for one in campaign["models"]:
            assert one["share"] == pytest.approx(models[one["model"]] / len(calls), abs=1e-3)


def test_alarms_come_in_order_of_time_and_open_first(result):
    assert [time(alarm["ts"]) for alarm in result.alarms] == sorted(time(a["ts"]) for a in result.alarms)
    by_campaign = defaultdict(list)
    for alarm in result.alarms:
        assert set(alarm) == {
            "ts", "campaign_id", "kind", "accounts", "exchanges_so_far", "log_e_value", "summary"
        }  # fmt: skip
        assert alarm["kind"] in KINDS
        by_campaign[alarm["campaign_id"]].append(alarm)
    assert {campaign["campaign_id"] for campaign in result.campaigns} <= set(by_campaign)
    for alarms in by_campaign.values():
        assert [alarm["kind"] == "opened" for alarm in alarms] == [True] + [False] * (len(alarms) - 1)


def test_detection_is_dated_by_an_alarm(result):
    opened = {alarm["campaign_id"]: time(alarm["ts"]) for alarm in result.alarms if alarm["kind"] == "opened"}
    for campaign in result.campaigns:
        detected = time(campaign["detected_at"])
        assert detected in opened.values()
        assert detected <= opened[campaign["campaign_id"]]
        first = min(result.exchanges[row["exchange_id"]]["ts"] for row in result.rows(result.flags, campaign))
        assert first < detected


def test_the_summary_counts_the_log(result):
    assert result.summary["exchanges"] == len(result.exchanges)
    assert result.summary["accounts"] == len({row["account_id"] for row in result.exchanges.values()})
    assert result.summary["rejected"] == result.summary["repeats"] == 0
    assert (result.out / "rejected.jsonl").read_bytes() == b""
    assert time(result.summary["first_ts"]) == min(row["ts"] for row in result.exchanges.values())
    assert time(result.summary["last_ts"]) == max(row["ts"] for row in result.exchanges.values())
