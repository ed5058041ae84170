"""Pages: every row once, in order, and each answer as JSON."""

import pytest
from composed_campaigns import accounts_of, as_json, names, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.cases import api
from stillwatch.records import UsageError


@pytest.fixture
def many(tenant):
    return tenant, [opened(tenant, names(20 * n, 20 * n + 15), f"c-{n}") for n in range(7)]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 9))
def test_pages_of_cases_hold_each_once(many, limit):
    tenant, ids = many
    seen, after = [], None
    while True:
        page = api.list_cases(tenant, after=after, limit=limit)
        seen += [one.case_id for one in page.rows]
        assert as_json(page)["next"] == page.next
        after = page.next
        if after is None:
            break
    assert seen == ids[::-1]


def test_pages_of_accounts_and_history(many):
    tenant, ids = many
    assert accounts_of(tenant, ids[2]) == names(40, 55)
    for number in range(5):
        api.note(tenant, ids[2], by="ana", text=f"note {number}")
    first = api.history(tenant, ids[2], limit=4)
    rest = api.history(tenant, ids[2], after=first.next, limit=4)
    assert [one.text for one in (*first.rows, *rest.rows)] == [None, *(f"note {n}" for n in range(5))]
    assert rest.next is None
    assert as_json(first)["rows"][0]["accounts"] == names(40, 55)


def test_filters(many):
    tenant, ids = many
    api.confirm(tenant, ids[3], by="ana", reason="cards")
    api.assign(tenant, ids[4], by="ana", owner="ben")
    assert [one.case_id for one in api.list_cases(tenant, state="confirmed").rows] == [ids[3]]
    assert [one.case_id for one in api.list_cases(tenant, owner="ben").rows] == [ids[4]]


@pytest.mark.parametrize("after", ["", "x", "1x:case", "\u0663:case"])
def test_no_cursor(tenant, after):
    with pytest.raises(UsageError, match="no cursor"):
        api.list_cases(tenant, after=after)


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_no_size_of_a_page(tenant, limit):
    with pytest.raises(UsageError, match="1 to 1000"):
        api.list_cases(tenant, limit=limit)
