"""Accounts that come between looks: gateways are told within a round of those that are like a campaign."""

import msgspec
import pytest
from harvest import records
from staging import KEY, table
from test_watch import NOW, closed, hand_over, in_time, tell, watch_at

from stillwatch.features.sketch import sketch
from stillwatch.linking.rehearsal import DAY, Records
from stillwatch.records import EXCHANGES, Micros
from stillwatch.runtime.verdicts import verdicts

LATER = Micros(round(NOW * 1_000_000))


@pytest.fixture
def watch(tmp_path):
    """After all of the log but its last tick."""
    made = watch_at(tmp_path)
    tell(made)
    hand_over(made, in_time())
    made.commit({})
    closed(made)
    made.save()
    made.newcomers.news(LATER)
    assert made.state.loop.court.docket.standing()
    return made


def campaign_account(watch):
    suspect = watch.state.loop.court.docket.standing()[0]
    return watch.state.loop.ledger.names[suspect.accounts[0]]


def ordinary_account(watch):
    held = {code for one in watch.state.loop.court.docket.tested() for code in one.accounts.tolist()}
    return next(
        name for code, name in enumerate(watch.state.loop.ledger.names) if code not in held and name[0] != "?"
    )


def twin(watch, like, name, **changes):
    """Records of an account that does what another did, and began after the last look."""
    begun = watch.state.loop.looked_at
    accounts = [
        msgspec.structs.replace(
            one, account_id=name, created_at=Micros(begun), valid_from=None, status="active", **changes
        )
        for one in records().accounts
        if one.account_id == like
    ][-1:]
    exchanges = [
        msgspec.structs.replace(
            one, account_id=name, exchange_id=f"{name}/{number}", ts=Micros(begun + number)
        )
        for number, one in enumerate(one for one in records().exchanges if one.account_id == like)
    ]
    return Records(exchanges[:6], accounts, [])


def arrive(watch, some, *, accounts=True, exchanges=True):
    if accounts:
        tell(watch, Records([], some.accounts, []))
    if exchanges:
        hand_over(watch, sketch(table(some.exchanges, EXCHANGES), KEY))
    watch.commit({})


def told(watch):
    rows = watch.newcomers.news(LATER)
    return {} if rows is None else {row["account_id"]: row for row in rows.to_pylist()}


def test_an_account_that_does_as_a_campaign_does_is_told_of_as_suspected_and_another_is_not(watch):
    arrive(
        watch, twin(watch, campaign_account(watch), "fresh") + twin(watch, ordinary_account(watch), "plain")
    )
    rows = told(watch)
    assert set(rows) == {"fresh"}
    assert rows["fresh"]["state"] == "suspected"
    assert rows["fresh"]["campaign_id"] == watch.state.loop.court.docket.standing()[0].campaign_id
    assert rows["fresh"]["probability"] > 0.95
    assert not watch.newcomers.news(LATER)


def test_it_is_told_of_without_a_record_of_its_account(watch):
    arrive(watch, twin(watch, campaign_account(watch), "fresh"), accounts=False)
    assert set(told(watch)) == {"fresh"}


def test_an_organisation_that_has_shown_who_it_is_is_not_told_of(watch):
    known = twin(watch, campaign_account(watch), "known", org_id="org-1", kyc_level=2)
    allowed = twin(watch, campaign_account(watch), "allowed", authorised_distillation=True)
    arrive(watch, known + allowed)
    assert told(watch) == {}


def test_a_restart_changes_nothing(watch):
    arrive(watch, twin(watch, campaign_account(watch), "fresh"))
    rows = told(watch)
    again = watch_at(watch.home)
    assert told(again) == rows


def test_nothing_of_it_reaches_what_is_concluded(watch):
    arrive(watch, twin(watch, campaign_account(watch), "fresh"), exchanges=False)
    before = watch.state.loop.looked_at
    assert told(watch)
    assert watch.state.loop.looked_at == before
    assert watch.state.loop.ledger.lookup("fresh") is None


def test_a_look_judges_it_and_it_is_a_newcomer_no_more(watch):
    arrive(watch, twin(watch, campaign_account(watch), "fresh"))
    assert told(watch)
    before = watch.state.loop.looked_at
    arrive(watch, later(twin(watch, ordinary_account(watch), "plain"), 2 * DAY))
    for tick in sorted(watch.arrivals.waiting):
        watch.close(tick)
    assert watch.state.loop.looked_at > before
    assert told(watch) == {}
    assert "fresh" in verdicts(watch.state.loop, {})["account_id"].to_pylist()


def later(some, by):
    moved = [msgspec.structs.replace(one, ts=Micros(one.ts + by)) for one in some.exchanges]
    return Records(moved, some.accounts, [])
