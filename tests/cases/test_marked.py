"""Cases keep which campaign was switched to which mark, and when."""

from stillwatch.cases import api
from stillwatch.records import Decision, TakenDecision, cohort_of


def decision(number, ts, campaign="camp-1", step="mark", **said):
    told = {"decision_id": f"d-{number}", "account_id": f"a-{number}", "campaign_id": campaign} | said
    return Decision(step=step, ts=ts, **told)


def taken(number, ts, outcome="applied", **said):
    return TakenDecision(
        decision=decision(number, ts, **said), exchange_id=f"x-{number}", route="chat", outcome=outcome
    )


def test_the_first_and_the_last_mark_of_a_campaign_are_kept(tenant):
    api.record_decisions(tenant, [taken(1, 50), taken(2, 70, case_id="case-9"), decision(3, 60)])
    api.record_decisions(tenant, [taken(4, 20), taken(2, 70, case_id="case-9")])
    (one,) = api.list_marked(tenant)
    assert one.cohort == cohort_of(decision(9, 0))
    assert (one.campaign_id, one.case_id) == ("camp-1", "case-9")
    assert (one.first_at, one.last_at, one.decisions) == (20, 70, 4)
    assert api.list_marked(tenant, case_id="case-9") == [one]
    assert api.list_marked(tenant, case_id="case-8") == []
    leaves = [line.entry.leaf for line in api.stored_lines(tenant) if hasattr(line, "entry")]
    assert sum("case_marked" in leaf and one.cohort in leaf for leaf in leaves) == 1
    assert api.verify_lines(api.stored_lines(tenant)).holds


def test_what_was_not_done_is_no_mark(tenant, store):
    others = [taken(1, 5, "dry_run"), taken(2, 5, "not_applied"), taken(3, 5, step="tag")]
    api.record_decisions(tenant, others)
    assert api.list_marked(tenant) == []
    api.record_decisions(tenant, [taken(4, 5), taken(5, 6, campaign="camp-2")])
    assert [one.campaign_id for one in api.list_marked(tenant)] == ["camp-1", "camp-2"]
    assert api.list_marked(store.tenant("other")) == []


def test_honey_marks_too(tenant):
    api.record_decisions(tenant, [taken(1, 5, step="honey")])
    assert [one.campaign_id for one in api.list_marked(tenant)] == ["camp-1"]
