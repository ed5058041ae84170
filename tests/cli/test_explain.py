"""`stillwatch explain` on a result: a campaign, an account of it, and names nobody knows."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.cli import main
from stillwatch.records import FLAGS, MEMBERS, Campaign, Claim, Findings, LogSummary, Share
from stillwatch.reports import write_all

HOUR = 3_600_000_000
START = 1_772_424_600_000_000  # 2026-03-02T04:10:00Z
LEAF = Claim(
    claim="They start together", detector="lockstep", value=6.8, expected_if_benign=1.0, strength=5.0
)
ROOT = Claim(
    claim="One operator",
    detector="campaigns",
    value=9.0,
    expected_if_benign=0.0,
    strength=9.0,
    children=[LEAF],
)


@pytest.fixture
def result(tmp_path):
    campaign = Campaign(
        campaign_id="c-7f3a",
        first_seen=START,
        last_seen=START + 9 * HOUR,
        detected_at=START + 2 * HOUR,
        active=False,
        accounts=2,
        exchanges=5,
        tokens_in=10,
        tokens_out=900,
        capabilities=[Share("coding", 1.0)],
        models=[Share("atlas", 1.0)],
        log_e_value=9.0,
        fdr=0.01,
        evidence=ROOT,
        coverage={"ts": 1.0},
    )
    member = {
        "campaign_id": "c-7f3a",
        "probability": 0.97,
        "illicit_share": 0.4,
        "flagged_at": START + 2 * HOUR,
        "first_seen": START,
        "last_seen": START + 9 * HOUR,
    }
    members = [
        {"account_id": "acct_0001", "exchanges": 4, **member},
        {"account_id": "acct_0002", "exchanges": 1, **member},
    ]
    flags = [
        {
            "exchange_id": f"x{at}",
            "account_id": "acct_0001",
            "campaign_id": "c-7f3a",
            "probability": 0.9,
            "capability": "vision" if at == 0 else "coding",
        }
        for at in range(4)
    ]
    pq.write_table(pa.Table.from_pylist(flags, schema=FLAGS), tmp_path / "flags")
    (tmp_path / "rejected").touch()
    log = LogSummary(
        files=1,
        exchanges=9,
        repeats=0,
        rejected=0,
        accounts=3,
        first_ts=START,
        last_ts=START + 9 * HOUR,
        coverage={"ts": 1.0},
    )
    findings = Findings(
        log=log,
        campaigns=[campaign],
        members=pa.Table.from_pylist(members, schema=MEMBERS),
        flags=tmp_path / "flags",
        alarms=[],
        rejected=tmp_path / "rejected",
    )
    write_all(findings, tmp_path / "out")
    return tmp_path / "out"


def explain(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        main(["explain", *map(str, arguments)])
    said = capsys.readouterr()
    return left.value.code, " ".join(said.out.split()), " ".join(said.err.split())


def test_a_campaign_with_its_evidence(result, capsys):
    code, said, _ = explain(capsys, "c-7f3a", "--out", result)
    assert code == 0
    assert "one operator runs 2 accounts" in said
    assert "They start together" in said


def test_the_tree_to_a_depth(result, capsys):
    _, said, _ = explain(capsys, "c-7f3a", "--out", result, "--depth", 0)
    assert "One operator" in said
    assert "They start together" not in said
    assert "1 claim below" in said


def test_an_account(result, capsys):
    code, said, _ = explain(capsys, "acct_0001", "--out", result)
    assert code == 0
    assert "In campaign c-7f3a since 2026-03-02 06:10 UTC" in said
    assert "probability 97%" in said
    assert "4 exchanges belong to the campaign, 40% of its traffic" in said
    assert "75% coding, 25% vision" in said
    assert "They start together" in said


def test_an_account_as_json(result, capsys):
    _, said, _ = explain(capsys, "acct_0001", "--out", result, "--json", "--depth", 0)
    document = json.loads(said)
    membership = document["memberships"][0]
    assert membership["flagged_at"] == "2026-03-02T06:10:00.000000Z"
    assert membership["capabilities"] == [
        {"capability": "coding", "share": 0.75},
        {"capability": "vision", "share": 0.25},
    ]
    assert "children" not in document["campaigns"][0]["evidence"]


def test_a_campaign_as_json_is_that_of_the_result(result, capsys):
    _, said, _ = explain(capsys, "c-7f3a", "--out", result, "--json")
    assert json.loads(said) == json.loads((result / "campaigns.json").read_text())["campaigns"][0]


def test_an_unknown_name_and_its_neighbours(result, capsys):
    code, _, told = explain(capsys, "acct_00012", "--out", result)
    assert code == 2
    assert "acct_00012 is neither a campaign nor an account of one" in told
    assert "did you mean acct_0002, acct_0001?" in told


def test_a_directory_that_is_no_result(tmp_path, capsys):
    code, _, told = explain(capsys, "c-1", "--out", tmp_path)
    assert code == 3
    assert "errno 2" in told


def test_a_damaged_table_is_named(result, capsys):
    (result / "members.parquet").write_text("damaged")
    code, _, told = explain(capsys, "acct_0001", "--out", result)
    assert code == 3
    assert "members.parquet" in told


PARTNERS = {
    "schema": "stillwatch.partners/1",
    "made_at": START,
    "key_id": "0123456789abcdef",
    "accounts_compared": 9,
    "campaigns": [],
    "matches": [
        {
            "account_id": account,
            "nats": 1.5,
            "contributions": [
                {
                    "partner": "lab-a",
                    "campaign": "campaign-001",
                    "kind": "template",
                    "tokens": 3,
                    "stated": 2.0,
                    "nats": 1.5,
                }
            ],
        }
        for account in ("acct_0001", "acct-elsewhere")
    ],
}


@pytest.mark.parametrize("account", ["acct_0001", "acct-elsewhere"])
def test_what_partners_say_stands_apart_from_own_evidence(result, capsys, account):
    (result / "partners.json").write_text(json.dumps(PARTNERS))
    code, shown, _ = explain(capsys, account, "--out", str(result))
    assert code == 0
    said = " ".join(shown.split())
    assert "lab-a, of its campaign-001: 3 tokens by template, 1.5 of the 2.0 nats it states." in said
    assert "no part of any evidence of your own" in said
    _, shown, _ = explain(capsys, account, "--out", str(result), "--json")
    assert json.loads(shown)["partners"] == next(
        one for one in PARTNERS["matches"] if one["account_id"] == account
    )


@pytest.mark.parametrize("content", ["{", "{}", json.dumps(PARTNERS | {"schema": "other/1"})])
def test_a_file_of_partners_that_is_none_is_named(result, capsys, content):
    (result / "partners.json").write_text(content)
    code, _, told = explain(capsys, "acct_0001", "--out", str(result))
    assert code == 3
    assert "partners.json" in told
