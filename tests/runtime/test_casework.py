"""A watch and its cases: what people decide reaches the verdicts, what gateways decide the audit, also after trouble."""

import logging
import shutil
import sys
import time
from pathlib import Path

import msgspec
import pytest

sys.path.append(str(Path(__file__).parents[1] / "cases"))
from composed_campaigns import START, campaign, find, members, names
from postgres import running

from stillwatch.cases import api
from stillwatch.policy import VerdictTable
from stillwatch.policy.publish import VERDICTS, rows
from stillwatch.records import Decision, Micros, StillwatchError, TakenDecision, Verdict
from stillwatch.runtime import casework
from stillwatch.runtime.casework import Books, Casework, enter
from stillwatch.runtime.decided import closed_segments, read_decisions, spools
from stillwatch.runtime.known import Known, applied

OWN = names(0, 20)


def verdict(**changed):
    told = {
        "campaign_id": "campaign-001",
        "state": "open",
        "probability": 0.9,
        "log_e_value": 9.0,
        "accounts": 20,
        "capability": "coding",
        "since": Micros(1),
        "active": True,
    }
    return Verdict(**(told | changed))


def look(own=OWN):
    """The rows of a look that accuses these."""
    return rows([(account, verdict()) for account in own])


def until(true, seconds=5.0):
    """Whether something became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(params=["sqlite", "postgresql"])
def books(request, tmp_path):
    if request.param == "sqlite":
        yield Books(f"sqlite:///{tmp_path}/cases.db", None, "acme", "watch")
        return
    with running() as url:
        yield Books(url, tmp_path / "audit.key", "acme", "watch")


@pytest.fixture
def home(tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "spool").mkdir()
    return tmp_path / "state"


@pytest.fixture
def working(books, home):
    """Start casework, and end what was started."""
    started = []

    def start(given=books):
        started.append(Casework(given, home, home / "verdicts", [home.parent / "spool"]))
        return started[-1]

    yield start
    for one in started:
        one.close()


def held(home, account):
    return VerdictTable.open(home / "verdicts").lookup(account)


def test_what_people_decide_is_in_the_verdicts_within_two_seconds(books, home, working):
    enter(books, [campaign("campaign-001", accounts=20)], members(campaign_001=names(0, 20)))
    work = working()
    work.offer(look())
    assert until(lambda: held(home, "acct-0001").case_id is not None)
    case_id = held(home, "acct-0001").case_id
    assert work.case_of("campaign-001") == case_id
    with api.open_store(books.url, audit_key=books.audit_key) as store:
        tenant = store.tenant("acme")
        begun = time.monotonic()
        api.confirm(tenant, case_id, by="ana", reason="sure")
        assert until(lambda: held(home, "acct-0001").state == "confirmed")
        assert time.monotonic() - begun < 2.0
        api.clear(tenant, case_id, ["acct-0002"], by="ana", reason="a class")
        assert until(lambda: held(home, "acct-0002") is None)
        work.offer(look(names(5, 10)))  # the next look does not name all of them: those confirmed stay
        assert held(home, "acct-0001").state == "confirmed"
        assert held(home, "acct-0002") is None
        api.reopen(tenant, case_id, by="ana", reason="not sure")
        assert until(lambda: held(home, "acct-0001") is None)
        begun = time.monotonic()
        api.dismiss(tenant, case_id, by="ana", reason="a class")
        assert until(lambda: held(home, "acct-0006") is None)
        assert time.monotonic() - begun < 2.0


def segment(home, name, *lines):
    (home.parent / "spool" / name).write_bytes(b"".join(line + b"\n" for line in lines))
    return home.parent / "spool" / name


def taken(name):
    decision = Decision(decision_id=name, ts=Micros(START), account_id="acct-0001", step="tag")
    return msgspec.json.encode(
        TakenDecision(decision=decision, exchange_id="e", route="chat", outcome="applied")
    )


def recorded(books):
    with api.open_store(books.url, audit_key=books.audit_key) as store:
        return [
            leaf["decision_id"]
            for entry in api.list_entries(store.tenant("acme"), limit=9_999)
            if (leaf := msgspec.json.decode(entry.leaf)).get("decision_id")
        ]


def test_closed_segments_are_recorded_once_and_taken_away(books, home, working, caplog):
    first = segment(
        home, "decisions-h-1-1.jsonl", *(taken(f"d-{n}") for n in range(2_500)), b"no decision", b""
    )
    again = segment(home, "decisions-h-1-2.jsonl", taken("d-7"), taken("d-last"))
    still = segment(home, "decisions-h-1-3.jsonl.open", taken("d-open"))
    working()
    assert until(lambda: not first.exists() and not again.exists(), 20)
    assert still.exists()
    found = recorded(books)
    assert sorted(found) == sorted({*(f"d-{n}" for n in range(2_500)), "d-last"})
    (rejected,) = (home / casework.REJECTED).read_bytes().splitlines()
    assert msgspec.json.decode(rejected)["line"] == 2_501
    assert "no decisions" in caplog.text


def test_a_store_that_is_down_stops_nothing_and_is_said_once(home, working, tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(casework, "AGAIN", 0.2)
    books = Books(f"sqlite:///{tmp_path}/store/cases.db", None, "acme", "watch")
    enter(books, [campaign("campaign-001", accounts=20)], members(campaign_001=names(0, 20)))
    with api.open_store(books.url) as store:
        (case,) = api.list_cases(store.tenant("acme")).rows
        api.confirm(store.tenant("acme"), case.case_id, by="ana", reason="sure")
    first = working(books)
    first.offer(look())
    assert until(lambda: held(home, "acct-0001").state == "confirmed")
    first.close()
    shutil.move(tmp_path / "store", tmp_path / "away")
    (tmp_path / "store").write_text("no directory")
    waiting = segment(home, "decisions-h-1-1.jsonl", taken("d-1"))
    with caplog.at_level(logging.WARNING):
        second = working(books)  # of a watch that was started again meanwhile
        second.offer(look())
        time.sleep(2.5)
    assert held(home, "acct-0001").state == "confirmed"
    assert waiting.exists()
    assert caplog.text.count("tried again") == 1
    with pytest.raises((StillwatchError, OSError)):
        enter(books, [], members())
    (tmp_path / "store").unlink()
    shutil.move(tmp_path / "away", tmp_path / "store")
    assert until(lambda: not waiting.exists())
    assert recorded(books) == ["d-1"]


def test_rows_without_cases_stay_as_they_are():
    table = look(["a", "b"])
    assert applied(table, Known()).equals(table.select(VERDICTS.names))
    told = applied(
        table,
        Known(
            accounts=["b", "c"],
            case_ids=["case-1", "case-2"],
            states=["open", "confirmed"],
            cleared=["a"],
            confirmed=[("c", verdict(state="confirmed", case_id="case-2"))],
        ),
    ).to_pylist()
    assert [(row["account_id"], row["case_id"], row["state"]) for row in told] == [
        ("b", "case-1", "open"),
        ("c", "case-2", "confirmed"),
    ]


def test_spools_are_the_folders_that_are_watched(tmp_path):
    (tmp_path / "a b").mkdir()
    (tmp_path / "log.jsonl").touch()
    addresses = [
        str(tmp_path),
        f"file://{tmp_path}/a%20b?consume=1",
        str(tmp_path / "log.jsonl"),
        "nats://127.0.0.1:4222/S",
        str(tmp_path),
    ]
    assert spools(addresses) == [tmp_path, tmp_path / "a b"]
    for name in ("decisions-b.jsonl", "decisions-a.jsonl", "decisions-c.jsonl.open", "exchanges-a.jsonl"):
        (tmp_path / name).touch()
    assert [path.name for path in closed_segments(tmp_path)] == ["decisions-a.jsonl", "decisions-b.jsonl"]


def test_lines_that_are_no_decisions_are_told_by_number():
    good = taken("d-1")
    found, rejected = read_decisions([good, b"", b"{", b"[" * 9_999, b"\xff", b'{"decision": 1}'], "f", 10)
    assert [one.decision.decision_id for one in found] == ["d-1"]
    assert [one.line for one in rejected] == [12, 13, 14, 15]


def test_news_are_changes_that_are_not_decisions(tmp_path):
    with api.open_store(f"sqlite:///{tmp_path}/cases.db") as store:
        tenant = store.tenant("acme")
        assert api.news(tenant, 0) == (0, False)
        find(tenant, names(0, 20))
        size, changed = api.news(tenant, 0)
        assert changed
        api.record_decisions(tenant, [Decision(decision_id="d", ts=1, account_id="a", step="tag")])
        assert api.news(tenant, size) == (size + 1, False)
        assert api.news(tenant, size + 1) == (size + 1, False)
