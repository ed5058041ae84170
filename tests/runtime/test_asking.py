"""Levels asked in a live watch: challenges reach the store, standings the gateways, and both outlive the process."""

import sys
import time
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

sys.path.append(str(Path(__file__).parents[1] / "cases"))
sys.path.append(str(Path(__file__).parents[1] / "access" / "levels"))
from composed_campaigns import campaign, members, names
from composed_levels import BANDS, CHALLENGE, DAY, KEY, NO_ASKS

from stillwatch.access import verification
from stillwatch.access.levels.facts import completed
from stillwatch.cases import api
from stillwatch.policy import StandingTable, VerdictTable
from stillwatch.policy.publish import rows
from stillwatch.records import Decision, InvalidConfiguration, Micros, Verdict
from stillwatch.runtime.asking import Asking, Asks, facts_of
from stillwatch.runtime.casework import Books, Casework, enter
from stillwatch.runtime.loop import Loop

OWN = names(0, 20)


def verdict(**changed):
    told = {
        "campaign_id": "campaign-001",
        "state": "open",
        "probability": 0.995,
        "log_e_value": 9.0,
        "accounts": 20,
        "capability": "coding",
        "since": Micros(1),
        "active": True,
    }
    return Verdict(**(told | changed))


def facts(level=None, count=3_000):
    now = time.time_ns() // 1000
    return completed(
        pa.table(
            {
                "account_id": names(0, count),
                "created_at": [now - 50 * DAY] * count,
                "exchanges": [40] * count,
                "last_seen": [now] * count,
                "level": [(level or {}).get(name) for name in names(0, count)],
            },
        )
    )


@pytest.fixture
def home(tmp_path):
    (tmp_path / "state").mkdir()
    return tmp_path / "state"


@pytest.fixture
def books(home):
    given = Books(f"sqlite:///{home.parent}/cases.db", None, "acme", "watch")
    enter(given, [campaign("campaign-001", accounts=20)], members(campaign_001=OWN))
    return given


@pytest.fixture
def asks(tmp_path):
    path = tmp_path / "levels.yaml"
    path.write_text(BANDS + NO_ASKS + CHALLENGE)
    return Asks(path, tmp_path / "standings")


@pytest.fixture
def working(books, home, asks):
    started = []

    def start():
        asking = Asking(asks, home, KEY, "watch")
        started.append(Casework(books, home, home / "verdicts", (), asking))
        return started[-1]

    yield start
    for one in started:
        one.close()


def until(true, seconds=8.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def standing(asks, account):
    if not asks.standings.exists():
        return None
    return StandingTable.open(asks.standings).lookup(account)


def test_a_look_that_calls_a_campaign_asks_its_accounts_and_a_restart_keeps_the_deadline(
    asks, books, working
):
    work = working()
    work.offer(rows([(name, verdict()) for name in OWN]), facts())
    assert until(lambda: standing(asks, OWN[0]) is not None)
    first = standing(asks, OWN[0])
    assert (first.asked, first.level, first.challenge_id) == (2, 0, "challenge-campaign-001")
    with api.open_store(books.url) as store:
        tenant = store.tenant("acme")
        [kept] = api.list_challenges(tenant)
        assert (len(kept.cluster), len(kept.controls)) == (20, 2)
        [case] = api.list_cases(tenant).rows
        assert "challenge_opened" in {row.kind for row in api.history(tenant, case.case_id).rows}
    work.close()
    asks.standings.unlink()
    working().offer(
        rows([(name, verdict()) for name in OWN] + [("newcomer", verdict(state="suspected"))]), facts()
    )
    assert until(lambda: standing(asks, OWN[0]) is not None)
    assert standing(asks, OWN[0]).standing_id == first.standing_id
    assert standing(asks, OWN[0]).deadline == first.deadline
    assert standing(asks, "newcomer").since > first.since


def test_proofs_and_reversals_end_what_is_asked(asks, books, working):
    work = working()
    look = rows([(name, verdict()) for name in OWN])
    work.offer(look, facts())
    assert until(lambda: standing(asks, OWN[3]) is not None)
    with api.open_store(books.url) as store:
        tenant = store.tenant("acme")
        said = {"step": "step_up", "reason": "asked", "standing_id": "st-1"}
        api.record_decisions(tenant, [Decision(decision_id="d-1", ts=Micros(1), account_id=OWN[4], **said)])
        api.contest(tenant, "d-1", by="desk", reason="a school")
        api.settle_appeal(tenant, "d-1", by="judge", outcome="reversed", reason="it is")
    work.offer(look, facts({OWN[3]: 2}))
    assert until(lambda: not standing(asks, OWN[3]).short)
    assert standing(asks, OWN[4]) is None
    with api.open_store(books.url) as store:
        answers = {one.account_id: one.answer for one in api.list_challenges(store.tenant("acme"))[0].cluster}
    assert (answers[OWN[3]], answers[OWN[4]], answers[OWN[5]]) == ("passed", "excused", "waiting")


LEVELS = """
version: 2026-01-01
kinds: {payment: {days: 90, because: x}, contract: {days: 90, because: x}, audit: {days: 90, because: x}}
levels:
  - {level: 0, says: x, needs: {x: [{all: [payment]}]}}
  - {level: 1, says: x, needs: {x: [{all: [contract]}]}}
  - {level: 2, says: x, needs: {x: [{all: [audit]}]}}
  - {level: 3, says: x, needs: {x: [{all: [payment, audit]}]}}
  - {level: 4, says: x, needs: {x: [{all: [payment, contract]}]}}
"""


def test_what_is_proved_to_the_desk_counts_where_levels_are_asked(asks, books, home):
    (home / "kinds.yaml").write_text(LEVELS)
    (home / "verification.yaml").write_text("levels: kinds.yaml\n")
    settings = verification.load(home / "verification.yaml")
    with api.open_store(books.url) as store:
        tenant = store.tenant("acme")
        desk = verification.VerificationDesk(tenant, verification.Office(settings, KEY))
        for kind in ("payment", "contract"):
            desk.record(
                {
                    "account_id": OWN[3],
                    "kind": kind,
                    "reference": "crm/1",
                    "source": "register",
                    "checked_at": time.time_ns() // 1000 - DAY,
                    "note": "seen",
                },
                by="ana",
            )
        told = msgspec.structs.replace(asks, verification=home / "verification.yaml")
        asking = Asking(told, home, KEY, "watch")
        asking.round(tenant, facts(), rows([(name, verdict()) for name in OWN]))
    assert standing(asks, OWN[3]).level == 1
    assert standing(asks, OWN[4]).level == 0


def test_without_a_level_policy_nothing_is_asked(books, home):
    work = Casework(books, home, home / "verdicts")
    work.offer(rows([(name, verdict()) for name in OWN]))
    assert until(lambda: VerdictTable.open(home / "verdicts").lookup(OWN[0]) is not None)
    work.close()
    assert not (home.parent / "standings").exists()


def test_a_level_policy_that_does_not_hold_is_said_at_the_start(asks, home):
    asks.policy.write_text("tiers: 5")
    with pytest.raises(InvalidConfiguration):
        Asking(asks, home, KEY, "watch")


def test_facts_of_a_watch_that_saw_nothing_are_none():
    assert len(facts_of(Loop(KEY, 0.01))) == 0
