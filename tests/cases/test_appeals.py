"""Appeals: a person decides who took no part, a reversal frees the account, and all are counted."""

import pytest
from composed_campaigns import campaign, members, names

from stillwatch.cases import api
from stillwatch.records import Decision, Micros, NotThere, UsageError

OWN = names(0, 20)


@pytest.fixture
def case_id(tenant):
    found = api.upsert_findings(
        tenant, [campaign("campaign-001", accounts=20)], members(campaign_001=OWN), watch="watch"
    )
    return found.opened[0]


def decided(tenant, number=1, **said):
    told = {"step": "step_up", "reason": "asked", "appeal": True} | said
    api.record_decisions(
        tenant, [Decision(decision_id=f"d-{number}", ts=Micros(5), account_id="acct-0007", **told)]
    )
    return f"d-{number}"


def test_a_reversal_clears_the_account_and_lets_it_off(tenant, case_id):
    decision = decided(tenant, case_id=case_id, standing_id="st-1")
    api.contest(tenant, decision, by="desk", reason="They say they are a school.")
    found = api.settle_appeal(tenant, decision, by="judge", outcome="reversed", reason="They are.")
    assert (found.outcome, found.decided_by) == ("reversed", "judge")
    assert "acct-0007" in {one.account_id for one in api.cleared(tenant)}
    assert "acct-0007" not in {one.account_id for one in api.accused(tenant)}
    assert api.excused(tenant, since=Micros(0)) == {"acct-0007"}
    assert not api.excused(tenant, since=Micros(found.decided_at + 1))
    kinds = [row.kind for row in api.history(tenant, case_id).rows]
    assert kinds[-2:] == ["appeal_opened", "appeal_decided"]
    assert api.verify_lines(api.stored_lines(tenant)).holds


def test_what_is_upheld_changes_nothing(tenant, case_id):
    decision = decided(tenant, case_id=case_id)
    api.contest(tenant, decision, by="desk", reason="no")
    api.settle_appeal(tenant, decision, by="judge", outcome="upheld", reason="It was right.")
    assert not api.cleared(tenant)
    assert not api.excused(tenant, since=Micros(0))


def test_who_confirmed_the_case_does_not_judge(tenant, case_id):
    api.confirm(tenant, case_id, by="ann", reason="it is one")
    decision = decided(tenant, case_id=case_id)
    api.contest(tenant, decision, by="desk", reason="no")
    with pytest.raises(UsageError, match="ann confirmed the case"):
        api.settle_appeal(tenant, decision, by="ann", outcome="upheld", reason="I was right.")
    assert api.count_appeals(tenant).waiting == 1


def test_an_appeal_is_taken_up_once_and_decided_once(tenant):
    decision = decided(tenant)
    first = api.contest(tenant, decision, by="desk", reason="no")
    assert api.contest(tenant, decision, by="desk", reason="again") == first
    api.settle_appeal(tenant, decision, by="judge", outcome="upheld", reason="yes")
    with pytest.raises(UsageError, match="upheld"):
        api.settle_appeal(tenant, decision, by="judge", outcome="reversed", reason="no")
    with pytest.raises(UsageError, match="upheld"):
        api.contest(tenant, decision, by="desk", reason="again")


def test_what_is_not_there_is_said(tenant):
    with pytest.raises(NotThere, match="no decision"):
        api.contest(tenant, "d-9", by="desk", reason="no")
    with pytest.raises(NotThere, match="nobody has contested"):
        api.settle_appeal(tenant, decided(tenant), by="judge", outcome="upheld", reason="yes")
    with pytest.raises(UsageError, match="say why"):
        api.contest(tenant, "d-1", by="desk", reason=" ")


def test_appeals_are_listed_by_pages_and_counted(tenant, store):
    for number in range(5):
        api.contest(tenant, decided(tenant, number), by="desk", reason="no")
    for number, outcome in enumerate(("reversed", "upheld", "upheld")):
        api.settle_appeal(tenant, f"d-{number}", by="judge", outcome=outcome, reason="why")
    counts = api.count_appeals(tenant)
    assert (counts.waiting, counts.upheld, counts.reversed) == (2, 2, 1)
    assert counts.reversed_share == pytest.approx(1 / 3)
    page = api.list_appeals(tenant, limit=3)
    rest = api.list_appeals(tenant, limit=3, after=page.next)
    assert [one.decision_id for one in [*page.rows, *rest.rows]] == [f"d-{number}" for number in range(5)]
    assert rest.next is None
    assert [one.decision_id for one in api.list_appeals(tenant, waiting=True).rows] == ["d-3", "d-4"]
    assert api.count_appeals(store.tenant("rival")).reversed_share is None
    for after in ("x", "²:d"):
        with pytest.raises(UsageError, match="no cursor"):
            api.list_appeals(tenant, after=after)


def test_an_answer_says_that_a_standing_decided(tenant):
    assert "had not been proved" in api.appeal(tenant, decided(tenant, standing_id="st-1")).automatic
