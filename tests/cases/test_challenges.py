"""Challenges in the store: kept with their accounts, told in the case, part of its evidence, gone with an account."""

import msgspec
from composed_campaigns import campaign, members, names

from stillwatch.cases import api
from stillwatch.cases.challenge_records import Challenge, Challenged, Weight
from stillwatch.records import Micros

WEIGHT = Weight(
    cluster_passed=1,
    cluster=20,
    control_passed=4,
    control=5,
    pass_rate=0.8,
    pass_low=0.3,
    pass_high=0.99,
    log_e_value=3.5,
    passing=-2.0,
    scattering=1.5,
    weighed_at=Micros(9),
)


def challenge(own=(), **changed):
    asked = {
        name: Challenged(account_id=name, control=False, first=True, since=Micros(1), deadline=Micros(8))
        for name in own
    }
    usual = {
        "challenge_id": "challenge-campaign-001",
        "campaign_id": "campaign-001",
        "level": 2,
        "opened_at": Micros(1),
        "deadline": Micros(8),
        "asked": asked,
    }
    return Challenge(**(usual | changed))


def test_a_challenge_comes_back_as_it_was_kept(tenant):
    made = challenge(names(0, 700))
    api.keep_challenge(tenant, "watch", made, list(made.asked), "challenge_opened")
    made.asked["acct-0003"].answer, made.asked["acct-0003"].answered_at = "passed", Micros(5)
    made.weight = WEIGHT
    api.keep_challenge(tenant, "watch", made, ["acct-0003"], "challenge_answered")
    assert api.list_challenges(tenant, "watch") == [made]
    assert not api.list_challenges(tenant, "other")
    assert api.verify_lines(api.stored_lines(tenant)).holds


def test_what_was_asked_of_an_account_is_found_by_it(tenant, store):
    made = challenge(names(0, 5))
    api.keep_challenge(tenant, "watch", made, list(made.asked), "challenge_opened")
    [found] = api.asked_of(tenant, "acct-0003")
    assert (found.challenge_id, found.level, found.asked.answer) == (made.challenge_id, 2, "waiting")
    assert not api.asked_of(tenant, "acct-0009")
    assert not api.asked_of(store.tenant("rival"), "acct-0003")


def test_the_case_of_the_campaign_tells_of_it_and_takes_it_as_evidence(tenant):
    found = api.upsert_findings(
        tenant, [campaign("campaign-001", accounts=20)], members(campaign_001=names(0, 20)), watch="watch"
    )
    [case_id] = found.opened
    made = challenge(names(0, 20))
    api.keep_challenge(tenant, "watch", made, list(made.asked), "challenge_opened")
    assert len(api.get_case(tenant, case_id).evidence) == 1
    made.weight = WEIGHT
    api.keep_challenge(tenant, "watch", made, [], "challenge_weighed")
    evidence = api.get_case(tenant, case_id).evidence
    assert (evidence[1].detector, evidence[1].strength) == ("challenge", 3.5)
    assert "1 of 20 accounts" in evidence[1].claim
    kinds = [row.kind for row in api.history(tenant, case_id).rows]
    assert kinds[-2:] == ["challenge_opened", "challenge_weighed"]
    last = api.history(tenant, case_id).rows[-1].facts
    assert last["weight"] == msgspec.to_builtins(WEIGHT)


def test_a_redacted_account_leaves_the_challenge(tenant):
    made = challenge(names(0, 3))
    api.keep_challenge(tenant, "watch", made, list(made.asked), "challenge_opened")
    api.redact(tenant, "acct-0001", by="dpo", reason="asked to be forgotten")
    assert not api.asked_of(tenant, "acct-0001")
    assert list(api.list_challenges(tenant)[0].asked) == ["acct-0000", "acct-0002"]
