"""Findings open and refresh cases, and respect what people decided."""

import msgspec
import pyarrow as pa
import pytest
import sqlalchemy as sql
from composed_campaigns import HOUR, START, accounts_of, as_json, campaign, find, members, names, opened

from stillwatch.cases import api
from stillwatch.cases.schema import campaigns
from stillwatch.records import UnreadableInput


def test_an_unknown_campaign_opens_a_case_with_its_figures(tenant):
    case_id = opened(tenant, names(0, 40))
    case = api.get_case(tenant, case_id)
    one = case.summary
    assert (one.state, one.accounts, one.exchanges, one.tokens_out) == ("open", 40, 4000, 3_600_000)
    assert [share.name for share in one.capabilities] == ["coding", "vision"]
    assert (one.log_e_value, one.campaign_ids) == (12.0, ["campaign-001"])
    assert case.evidence[0].children[0].detector == "shared_payment"
    assert as_json(case)["summary"]["case_id"] == case_id


def test_the_same_findings_twice_are_one_case(tenant):
    case_id = opened(tenant, names(0, 40))
    again = find(tenant, names(0, 40))
    assert (again.opened, again.refreshed) == ([], [case_id])
    assert len(api.get_case(tenant, case_id).campaigns) == 1


def test_no_prompt_text_is_stored(tenant):
    opened(tenant, names(0, 40))
    with tenant.reading() as connection:
        assert "a secret prompt" not in connection.execute(sql.select(campaigns.c.record)).scalar_one()


def test_in_a_watch_the_same_id_is_the_same_campaign_whoever_its_accounts_are(tenant):
    case_id = opened(tenant, names(0, 40), watch="live")
    again = find(tenant, names(30, 90), watch="live")
    assert again.refreshed == [case_id]
    assert accounts_of(tenant, case_id) == names(30, 90)
    assert find(tenant, names(200, 240), watch="other").opened


def test_across_runs_ids_mean_nothing_and_accounts_do(tenant):
    case_id = opened(tenant, names(0, 40))
    assert find(tenant, names(100, 140), "campaign-001", log_e=9.0).opened
    again = find(tenant, names(20, 80), "campaign-007")
    assert again.refreshed == [case_id]
    case = api.get_case(tenant, case_id)
    assert case.summary.campaign_ids == ["campaign-007"]
    assert [one.current for one in case.campaigns] == [True, False]
    assert accounts_of(tenant, case_id) == names(20, 80)
    assert find(tenant, names(61, 130), "campaign-008").opened == []


def test_an_older_result_taken_in_again_is_the_latest(tenant):
    case_id = opened(tenant, names(0, 40))
    find(tenant, names(0, 50), "campaign-002")
    find(tenant, names(0, 40))
    assert api.get_case(tenant, case_id).summary.campaign_ids == ["campaign-001"]
    assert [one.account_id for one in api.accused(tenant)] == names(0, 40)
    find(tenant, names(0, 45), "campaign-003")
    assert [one.account_id for one in api.accused(tenant)] == names(0, 45)


def test_less_than_half_of_the_smaller_is_another_campaign(tenant):
    opened(tenant, names(0, 40))
    assert find(tenant, names(21, 100), "campaign-002").opened


def test_a_campaign_that_fell_in_two_stays_one_case(tenant):
    case_id = opened(tenant, names(0, 40))
    table = members(campaign_001=names(0, 25), campaign_002=names(25, 40))
    both = [campaign("campaign-001", accounts=25), campaign("campaign-002", accounts=15)]
    again = api.upsert_findings(tenant, both, table)
    assert (again.opened, again.refreshed) == ([], [case_id])
    summary = api.get_case(tenant, case_id).summary
    assert (summary.accounts, summary.exchanges) == (40, 4000)
    assert summary.campaign_ids == ["campaign-001", "campaign-002"]


def test_two_cases_that_became_one_campaign_keep_their_accounts(tenant):
    first = opened(tenant, names(0, 40))
    second = opened(tenant, names(40, 60), "campaign-002")
    again = find(tenant, names(0, 70), "campaign-003")
    assert sorted(again.refreshed) == sorted([first, second])
    assert accounts_of(tenant, second) == names(40, 60)
    assert accounts_of(tenant, first) == names(0, 40) + names(60, 70)
    shares = [api.get_case(tenant, one).summary.exchanges for one in (first, second)]
    assert shares == [5000, 2000]


def test_a_refresh_without_news_adds_no_entry(tenant):
    case_id = opened(tenant, names(0, 40), watch="live")
    before = api.history(tenant, case_id).rows
    find(tenant, names(0, 40), watch="live", log_e=12.5)
    assert api.history(tenant, case_id).rows == before
    find(tenant, names(0, 41), watch="live")
    assert api.history(tenant, case_id).rows[-1].accounts == names(40, 41)


def test_a_dismissed_case_stays_so_on_the_same_evidence(tenant):
    case_id = opened(tenant, names(0, 40))
    api.dismiss(tenant, case_id, by="ana", reason="a class")
    assert {one.account_id for one in api.cleared(tenant)} == set(names(0, 40))
    again = find(tenant, names(0, 45), "campaign-009", log_e=13.0)
    assert (again.opened, again.reopened) == ([], [])
    assert api.get_case(tenant, case_id).summary.state == "dismissed"
    assert len(api.cleared(tenant)) == 45, "who joins the group is cleared with it"
    assert api.accused(tenant) == []


def test_a_dismissed_case_opens_again_when_the_evidence_has_grown(tenant):
    case_id = opened(tenant, names(0, 40))
    api.dismiss(tenant, case_id, by="ana", reason="a class")
    again = find(tenant, names(0, 40), "campaign-009", log_e=15.5)
    assert again.reopened == [case_id]
    assert api.get_case(tenant, case_id).summary.state == "open"
    assert api.cleared(tenant) == []
    assert len(api.accused(tenant)) == 40
    kinds = [one.kind for one in api.history(tenant, case_id).rows]
    assert kinds == ["case_opened", "case_dismissed", "clearing_lapsed", "case_reopened", "case_changed"]


def test_accounts_cleared_one_by_one_are_left_out_until_the_evidence_has_grown(tenant):
    case_id = opened(tenant, names(0, 40))
    api.clear(tenant, case_id, names(0, 3), by="ana", reason="a reseller's customers")
    assert accounts_of(tenant, case_id) == names(3, 40)
    find(tenant, names(0, 40), "campaign-002", log_e=13.0)
    assert accounts_of(tenant, case_id) == names(3, 40)
    assert {one.account_id for one in api.cleared(tenant, names(0, 10))} == set(names(0, 3))
    find(tenant, names(0, 40), "campaign-003", log_e=15.5)
    assert accounts_of(tenant, case_id) == names(0, 40)
    assert api.cleared(tenant) == []


def test_a_campaign_of_cleared_accounts_alone_opens_no_case(tenant):
    case_id = opened(tenant, names(0, 40))
    api.clear(tenant, case_id, names(0, 20), by="ana", reason="customers")
    again = find(tenant, names(0, 15), "campaign-004")
    assert (again.cleared, again.opened, again.refreshed) == (["campaign-004"], [], [])


def test_a_closed_case_opens_again_when_its_campaign_comes_back(tenant):
    case_id = opened(tenant, names(0, 40), watch="live")
    api.close(tenant, case_id, by="ana", reason="keys revoked")
    assert find(tenant, names(0, 40), watch="live").reopened == []
    late = find(tenant, names(0, 40), watch="live", last_seen=START + 90 * HOUR, active=False)
    assert late.reopened == []
    assert find(tenant, names(0, 40), watch="live", last_seen=START + 90 * HOUR).reopened == [case_id]


def test_a_confirmed_case_stays_confirmed(tenant):
    case_id = opened(tenant, names(0, 40))
    api.confirm(tenant, case_id, by="ana", reason="cards")
    find(tenant, names(0, 60), "campaign-002", log_e=30.0)
    assert api.get_case(tenant, case_id).summary.state == "confirmed"


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (campaign(log_e=float("inf")), "not finite"),
        (campaign("nobody"), "no account"),
        (campaign(""), "empty"),
    ],
)
def test_what_cannot_be_taken_in_is_rejected_and_the_rest_is_not(tenant, odd, reason):
    table = members(campaign_001=names(0, 40), campaign_002=names(50, 90))
    result = api.upsert_findings(tenant, [odd, campaign("campaign-002")], table)
    assert len(result.opened) == 1
    assert reason in result.rejected[0].reason


def test_a_measured_value_may_be_infinite(tenant):
    odd = campaign()
    odd.evidence.children[0].value = float("inf")
    result = api.upsert_findings(tenant, [odd], members(campaign_001=names(0, 40)))
    case = api.get_case(tenant, result.opened[0])
    assert case.evidence[0].children[0].value == "inf"
    assert msgspec.json.decode(msgspec.json.encode(case), type=api.Case) == case


def test_a_table_without_the_columns_of_the_contract(tenant):
    with pytest.raises(UnreadableInput, match="output contract"):
        api.upsert_findings(tenant, [campaign()], pa.table({"account_id": ["a"]}))


@pytest.mark.parametrize("account", ["", "nul \x00", "\x01[1]", "ünï\u202e", "'; drop table cases"])
def test_any_account_id_is_kept_as_it_is(tenant, account):
    case_id = opened(tenant, [account, "acct-1"])
    assert set(accounts_of(tenant, case_id)) == {account, "acct-1"}
    api.clear(tenant, case_id, [account], by="ana", reason="a test")
    assert [one.account_id for one in api.cleared(tenant)] == [account]
    assert api.history(tenant, case_id).rows[-1].accounts == [account]
