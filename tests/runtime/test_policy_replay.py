"""A policy over a small log made by hand: who is met, who of them is innocent, and what is warned of."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.policy import parse
from stillwatch.records import (
    FLAGS,
    MEMBERS,
    Campaign,
    Claim,
    Findings,
    LogSummary,
    Share,
    StillwatchError,
    UnreadableInput,
)
from stillwatch.reports import write_all
from stillwatch.runtime.policy_replay import REFUSED_INNOCENTS, replay
from stillwatch.runtime.stored_calls import stored_calls

START = 1_772_424_600_000_000
HOUR = 3_600_000_000
CLAIM = Claim(claim="One operator", detector="campaigns", value=9.0, expected_if_benign=0.0, strength=9.0)


def exchange(number, account, **fields):
    return {"exchange_id": f"x{number}", "ts": START + number, "account_id": account} | fields


@pytest.fixture
def log(tmp_path):
    """Two accounts of a campaign, one that may be, and two hundred others."""
    lines = [exchange(n, f"guilty{n % 2}", model="atlas", tools=["a", "b"]) for n in range(10)]
    lines += [exchange(n, "doubtful", model="vega") for n in range(10, 13)]
    lines += [exchange(n, f"other{n}", model="vega", stream=True) for n in range(100, 300)]
    lines += [lines[0], lines[3]]  # delivered again
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "exchanges.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    accounts = [
        {"account_id": "guilty0", "kyc_level": 0, "plan": "old", "valid_from": START},
        {"account_id": "guilty0", "kyc_level": 3, "plan": "new", "valid_from": START + HOUR},
        {"account_id": "guilty1", "kyc_level": 0},
    ]
    (folder / "accounts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in accounts))
    return folder


@pytest.fixture
def findings(tmp_path):
    campaign = Campaign(
        campaign_id="c-1",
        first_seen=START,
        last_seen=START + HOUR,
        detected_at=START,
        active=True,
        accounts=3,
        exchanges=13,
        tokens_in=1,
        tokens_out=1,
        capabilities=[Share("coding", 1.0)],
        models=[],
        log_e_value=9.0,
        fdr=0.01,
        evidence=CLAIM,
        coverage={},
    )
    rows = [
        {
            "account_id": account,
            "campaign_id": "c-1",
            "probability": probability,
            "illicit_share": 1.0,
            "flagged_at": START,
            "first_seen": START,
            "last_seen": START,
            "exchanges": 5,
        }
        for account, probability in (("guilty0", 0.99), ("guilty1", 0.9), ("doubtful", 0.4))
    ]
    pq.write_table(FLAGS.empty_table(), tmp_path / "flags")
    (tmp_path / "rejected").write_bytes(b"")
    summary = LogSummary(
        files=1,
        exchanges=213,
        repeats=2,
        rejected=0,
        accounts=203,
        first_ts=START,
        last_ts=START,
        coverage={},
    )
    result = Findings(
        log=summary,
        campaigns=[campaign],
        members=pa.Table.from_pylist(rows, schema=MEMBERS),
        flags=tmp_path / "flags",
        alarms=[],
        rejected=tmp_path / "rejected",
    )
    write_all(result, tmp_path / "out")
    return tmp_path / "out"


def policy(*rules):
    text = "rules:\n" + "".join(
        f"  - {{id: {name}, mode: {mode}, when: {when!r}, step: {step}, reason: r{more}}}\n"
        for name, mode, when, step, more in rules
    )
    return parse(text.encode(), "made.yaml")


def counts(reach):
    return (reach.accounts, reach.exchanges, reach.innocent_accounts, reach.innocent_exchanges)


def test_whom_each_step_and_rule_meets(log, findings):
    made = policy(
        ("sure", "enforce", "verdict.probability >= 0.95 && verdict.capability == 'coding'", "mark", ""),
        ("watch", "shadow", "verdict.probability >= 0.3", "strip_reasoning", ""),
        ("rest", "enforce", "has_verdict", "tag", ""),
        ("off", "off", "true", "hold", ", settings: {seconds: 3}"),
    )
    done = replay(made, [log], findings)
    assert counts(done.whole) == (203, 213, 201, 203)
    met = {step: counts(reach) for step, reach in done.steps.items() if reach.accounts}
    assert met == {"mark": (1, 5, 0, 0), "tag": (2, 8, 1, 3), "observe": (200, 200, 200, 200)}
    assert counts(done.shadow_steps["strip_reasoning"]) == (2, 8, 1, 3)
    assert {name: counts(reach) for name, reach in done.rules.items()} == {
        "sure": (1, 5, 0, 0),
        "watch": (2, 8, 1, 3),
        "rest": (2, 8, 1, 3),
        "off": (0, 0, 0, 0),
    }
    assert not done.warnings
    assert not done.changes


def test_facts_of_the_call_and_of_the_account_are_those_of_the_log(log, findings):
    made = policy(
        ("level", "enforce", "call.kyc_level < 1", "mark", ""),
        (
            "plan",
            "enforce",
            "call.plan == 'new' && call.n_tools == 2",
            "cap_rate",
            ", settings: {per_minute: 3}",
        ),
        (
            "time",
            "enforce",
            "call.ts < timestamp('2026-03-02T04:10:00.000012Z') && call.route == 'other'",
            "tag",
            "",
        ),
        ("one", "enforce", "call.account_id == 'other250' && call.stream", "reduce_surface", ""),
    )
    done = replay(made, [log], findings)
    assert {name: reach.exchanges for name, reach in done.rules.items()} == {
        "level": 5,
        "plan": 5,
        "time": 2,
        "one": 1,
    }


def test_who_would_change_step(log, findings):
    old = policy(("a", "enforce", "has_verdict", "tag", ""))
    new = policy(("a", "enforce", "verdict.probability >= 0.5", "mark", ""))
    done = replay(new, [log], findings, against=old)
    assert {change: counts(reach) for change, reach in done.changes.items()} == {
        ("tag", "mark"): (2, 10, 0, 0),
        ("tag", "observe"): (1, 3, 1, 3),
    }


def test_a_policy_that_refuses_innocents_is_warned_of(log, findings):
    words = ", automatic_block: 'This is a trial and the author answers for it.'"
    some = policy(
        ("some", "enforce", "call.account_id in ['other250', 'other251', 'other252']", "block", words)
    )
    (warning,) = replay(some, [log], findings).warnings
    assert "would refuse 3 of 201 accounts that are in no campaign (1.5%" in warning
    two = policy(("some", "enforce", "call.account_id in ['other250', 'other251']", "block", words))
    assert REFUSED_INNOCENTS > 2 / 201
    assert not replay(two, [log], findings).warnings
    everybody = policy(("all", "shadow", "true", "block", words))
    first, second = replay(everybody, [log], findings).warnings
    assert "blocks everybody" in first
    assert "once its shadow rules are enforced" in second


def test_innocents_by_the_truth(log, findings, tmp_path):
    truth = tmp_path / "truth"
    truth.mkdir()
    rows = [{"account_id": "doubtful", "operator": "one"}, {"account_id": "guilty0", "operator": None}]
    pq.write_table(pa.Table.from_pylist(rows), truth / "accounts.parquet")
    done = replay(policy(("a", "enforce", "has_verdict", "tag", "")), [log], findings, truth=truth)
    assert counts(done.steps["tag"]) == (3, 13, 2, 10)


def test_campaigns_held_as_confirmed(log, findings):
    made = policy(("a", "enforce", "verdict.state == 'confirmed'", "block", ", reviewers: [ann]"))
    assert replay(made, [log], findings).steps["block"].accounts == 0
    assert replay(made, [log], findings, state="confirmed").steps["block"].accounts == 3


def test_what_cannot_be_read_is_named(log, findings, tmp_path):
    made = policy(("a", "enforce", "has_verdict", "tag", ""))
    with pytest.raises(UnreadableInput, match="no such file"):
        replay(made, [tmp_path / "nowhere"], findings)
    with pytest.raises(UnreadableInput, match=r"campaigns\.json"):
        replay(made, [log], tmp_path)
    with pytest.raises(UnreadableInput, match="truth"):
        replay(made, [log], findings, truth=tmp_path / "truth")
    (findings / "members.parquet").write_bytes(b"x")
    with pytest.raises(UnreadableInput, match=r"members\.parquet"):
        replay(made, [log], findings)


def test_records_that_cannot_be_read_are_counted(log, findings):
    with (log / "exchanges.jsonl").open("a") as more:
        more.write("{nonsense\n")
    done = replay(policy(("a", "enforce", "has_verdict", "tag", "")), [log], findings)
    assert done.rejected == 1
    assert done.whole.exchanges == 213


def test_a_log_without_exchanges(log, findings):
    (log / "exchanges.jsonl").write_text("{nonsense\n")
    with pytest.raises(UnreadableInput, match="cannot be replayed"):
        replay(policy(("a", "enforce", "has_verdict", "tag", "")), [log], findings)


def test_a_log_for_which_there_is_no_room_is_said_to_be_too_large(log):
    def crammed():
        with stored_calls([log], {"model"}) as calls:
            calls._connection.execute("SET memory_limit = '1MB'")  # noqa: SLF001 - a small machine
            calls._connection.execute("SELECT array_agg(a.range) FROM range(3000000) a").fetchall()  # noqa: SLF001

    with pytest.raises(StillwatchError, match="too large for the room in memory"):
        crammed()
