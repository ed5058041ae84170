"""Cases put together and taken apart: either undoes the other, and nothing of the past is lost."""

import pytest
from composed_campaigns import Clock, accounts_of, campaign, find, members, names, opened
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.cases import api
from stillwatch.records import UsageError


def two(tenant):
    table = members(c_1=names(0, 30), c_2=names(30, 50))
    both = [campaign("c-1", accounts=30), campaign("c-2", accounts=20, log_e=9.0)]
    return api.upsert_findings(tenant, both, table, watch="live").opened


def picture(tenant):
    """The partition of accounts into cases with state and figures, whatever the ids."""
    return sorted(
        (accounts_of(tenant, one.case_id), one.state, one.exchanges, sorted(one.campaign_ids), one.reviewers)
        for one in api.list_cases(tenant).rows
    )


def test_a_merge_is_undone_by_a_split(tenant):
    first, second = two(tenant)
    before = picture(tenant)
    api.merge(tenant, first, second, by="ana", reason="one payment family")
    assert accounts_of(tenant, first) == names(0, 50)
    assert api.get_case(tenant, second).summary.case_id == first
    assert api.get_case(tenant, first).summary.exchanges == 5000
    new = api.split(tenant, first, names(30, 50), by="ana", reason="two after all")
    assert picture(tenant) == before
    table = members(c_1=names(0, 30), c_2=names(30, 55))
    both = [campaign("c-1", accounts=30), campaign("c-2", accounts=25, log_e=9.0)]
    again = api.upsert_findings(tenant, both, table, watch="live")
    assert sorted(again.refreshed) == sorted([first, new])
    assert accounts_of(tenant, new) == names(30, 55), (
        "who joins the campaign joins the case that now leads it"
    )


@settings(deadline=None, max_examples=15)
@given(moved=st.sets(st.integers(0, 29), min_size=1, max_size=29), confirmed=st.booleans())
def test_a_split_is_undone_by_a_merge(tmp_path_factory, moved, confirmed):
    folder = tmp_path_factory.mktemp("split")
    with api.open_store(f"sqlite:///{folder}/cases.db", clock=Clock()) as store:
        tenant = store.tenant()
        first, _ = two(tenant)
        if confirmed:
            api.confirm(tenant, first, by="ana", reason="cards", reviewer=True)
        before = picture(tenant)
        some = [f"acct-{number:04d}" for number in sorted(moved)]
        new = api.split(tenant, first, some, by="ana", reason="another payer")
        assert accounts_of(tenant, new) == some
        figures = [api.get_case(tenant, one).summary.exchanges for one in (first, new)]
        assert sum(figures) == 3000
        find(tenant, names(0, 30), "c-1", watch="live")
        assert accounts_of(tenant, new) == some, "a look does not undo what people took apart"
        api.merge(tenant, first, new, by="ana", reason="no")
        assert picture(tenant) == before
        assert api.verify_lines(api.stored_lines(tenant)).holds


def test_both_histories_are_kept(tenant):
    first, second = two(tenant)
    api.note(tenant, second, by="ana", text="of the second")
    api.merge(tenant, first, second, by="ana", reason="one operator")
    api.note(tenant, second, by="ana", text="by its old id")
    rows = api.history(tenant, second).rows
    assert [one.text for one in rows if one.text] == ["of the second", "one operator", "by its old id"]
    assert [one.kind for one in rows].count("case_opened") == 2


def test_ids_lead_on_over_several_merges(tenant):
    first, second = two(tenant)
    third = opened(tenant, names(100, 120), "c-9", watch="live")
    api.merge(tenant, second, third, by="ana", reason="one")
    api.merge(tenant, first, third, by="ana", reason="two")
    assert api.get_case(tenant, third).summary.case_id == first
    assert sorted(api.get_case(tenant, first).merged) == sorted([second, third])
    with pytest.raises(UsageError, match="are one case"):
        api.merge(tenant, third, first, by="ana", reason="three")


def test_what_cannot_be_merged_or_split(tenant):
    first, second = two(tenant)
    api.confirm(tenant, first, by="ana", reason="cards")
    with pytest.raises(UsageError, match="one state first"):
        api.merge(tenant, first, second, by="ana", reason="one")
    api.dismiss(tenant, second, by="ana", reason="a class")
    with pytest.raises(UsageError, match="reopen it first"):
        api.split(tenant, second, names(30, 31), by="ana", reason="one")
    with pytest.raises(UsageError, match="without accounts"):
        api.split(tenant, first, names(0, 30), by="ana", reason="all")
    with pytest.raises(UsageError, match="not in"):
        api.split(tenant, first, names(40, 41), by="ana", reason="not its own")
    with pytest.raises(UsageError, match="say why"):
        api.split(tenant, first, names(0, 1), by="ana", reason="")


def test_reviewers_of_both_stay(tenant):
    first, second = two(tenant)
    for case_id, people in ((first, ("ana", "ben")), (second, ("ben", "cem"))):
        for by in people:
            api.confirm(tenant, case_id, by=by, reason="cards", reviewer=True)
    api.merge(tenant, first, second, by="ana", reason="one")
    assert api.get_case(tenant, first).summary.reviewers == ["ben"]
