"""What partners say, in the history of a case: apart from the evidence, with who says it, and once."""

import pyarrow as pa
import pytest

from stillwatch.cases import api
from stillwatch.records import MEMBERS, Campaign, Claim
from stillwatch.sharing.matching.casework import KIND, enter_matches
from stillwatch.sharing.matching.result import AccountMatch, Contribution

START = 1_772_424_600_000_000


@pytest.fixture
def tenant(tmp_path):
    with api.open_store(f"sqlite:///{tmp_path}/cases.db") as store:
        yield store.tenant("acme")


def opened(tenant, accounts):
    root = Claim(claim="one operator", detector="both keys", value=9.0, expected_if_benign=0.0, strength=9.0)
    times = {"first_seen": START, "last_seen": START, "detected_at": START}
    campaign = Campaign(
        campaign_id="c-1",
        **times,
        active=True,
        accounts=len(accounts),
        exchanges=9,
        tokens_in=9,
        tokens_out=9,
        capabilities=[],
        models=[],
        log_e_value=9.0,
        fdr=0.01,
        evidence=root,
        coverage={},
    )
    rows = [
        {"account_id": account, "campaign_id": "c-1", "probability": 0.9, "illicit_share": 0.5}
        | {"flagged_at": START, "first_seen": START, "last_seen": START, "exchanges": 3}
        for account in accounts
    ]
    table = pa.Table.from_pylist(rows, schema=MEMBERS)
    (case_id,) = api.upsert_findings(tenant, [campaign], table).opened
    return case_id


def said(account, nats=2.0):
    one = Contribution(partner="lab-a", campaign="c-7", kind="template", tokens=4, stated=2.5, nats=nats)
    return AccountMatch(account_id=account, nats=nats, contributions=[one])


def entries(tenant, case_id):
    return [one for one in api.history(tenant, case_id).rows if one.kind == KIND]


def test_partners_evidence_is_an_entry_and_changes_no_verdict(tenant):
    case_id = opened(tenant, ["a", "b", "c"])
    before = api.get_case(tenant, case_id)
    assert enter_matches(tenant, [said("a"), said("b"), said("elsewhere")], "k", ["lab-a"]) == 1
    (entry,) = entries(tenant, case_id)
    assert entry.facts == {
        "partner": "lab-a",
        "campaign": "c-7",
        "match": "template",
        "key_id": "k",
        "accounts": 2,
        "nats": 2.0,
        "stated": 2.5,
    }
    assert entry.accounts == ["a", "b"]
    after = api.get_case(tenant, case_id)
    assert (after.evidence, after.summary.log_e_value) == (before.evidence, before.summary.log_e_value)


def test_the_same_again_is_entered_once_and_more_is_entered_anew(tenant):
    case_id = opened(tenant, ["a", "b"])
    assert enter_matches(tenant, [said("a")], "k", ["lab-a"]) == 1
    assert enter_matches(tenant, [said("a")], "k", ["lab-a"]) == 0
    assert enter_matches(tenant, [said("a"), said("b")], "k", ["lab-a"]) == 1
    assert len(entries(tenant, case_id)) == 2


def test_a_dismissed_case_is_left_alone(tenant):
    case_id = opened(tenant, ["a"])
    api.dismiss(tenant, case_id, by="ana", reason="a class of students")
    assert enter_matches(tenant, [said("a")], "k", ["lab-a"]) == 0
