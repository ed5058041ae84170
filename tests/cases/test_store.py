"""Opening a store; two writers at once, on SQLite and on a real PostgreSQL; the same behaviour on both."""

import os
import sqlite3
import stat
import subprocess
import sys
import time

import pytest
import sqlalchemy as sql
from composed_campaigns import Clock, accounts_of, find, names, opened
from postgres import running

from stillwatch.cases import api
from stillwatch.records import Decision, InvalidConfiguration, StillwatchError, UnreadableInput, UsageError

WRITER = """
import sys
from pathlib import Path
from stillwatch.cases import api
from stillwatch.records import Decision
url, key, who, rounds = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
with api.open_store(url, audit_key=key) as store:
    tenant = store.tenant("acme")
    for round in range(rounds):
        api.record_decisions(tenant, [
            Decision(decision_id=f"{who}-{round}-{n}", ts=round, account_id="acct-1", step="tag") for n in range(20)
        ])
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request, tmp_path_factory):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('store')}/cases.db"
        return
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return tmp_path_factory.mktemp("key") / "audit.key"


def test_two_writers_at_once_both_succeed(url, key):
    """They also come to an empty store at once: its tables, its key and the tenant's tree are made once."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url, str(key), who, "25"],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for who in ("first", "second")
    ]
    for process in processes:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
    with api.open_store(url, audit_key=key) as store:
        outcome = api.verify_lines(api.stored_lines(store.tenant("acme")), public=store.signer.public)
    assert (outcome.holds, outcome.entries) == (True, 2 * 25 * 20)


def test_a_case_from_finding_to_appeal(url, key):
    with api.open_store(url, audit_key=key, clock=Clock()) as store:
        tenant = store.tenant("whole")
        case_id = opened(tenant, names(0, 30))
        odd = ["nul \x00", "\x01[1]", "ünï"]
        other = opened(tenant, odd, "campaign-002")
        assert set(accounts_of(tenant, other)) == set(odd)
        api.confirm(tenant, case_id, by="ana", reason="cards", reviewer=True)
        api.clear(tenant, case_id, names(0, 2), by="ana", reason="customers")
        new = api.split(tenant, case_id, names(2, 9), by="ana", reason="two")
        api.merge(tenant, case_id, new, by="ana", reason="one")
        api.dismiss(tenant, other, by="ana", reason="a class")
        find(tenant, names(0, 35), "campaign-003")
        assert accounts_of(tenant, case_id) == names(2, 35)
        api.record_decisions(
            tenant,
            [Decision(decision_id="d-1", ts=1, account_id="acct-0003", step="hold", case_id=case_id)],
        )
        assert api.verify_appeal(api.appeal(tenant, "d-1")).holds
        assert api.verify_lines(api.stored_lines(tenant)).holds


def test_a_reader_reads_while_one_writes(url, key):
    with api.open_store(url, audit_key=key) as store:
        tenant = store.tenant("reader")
        find(tenant, names(0, 30))
        with tenant.writing():
            assert len(api.list_cases(tenant).rows) == 1


def test_a_store_of_a_newer_version_is_not_opened(url, key):
    with api.open_store(url, audit_key=key) as store, store.tenant().writing() as connection:
        connection.execute(sql.text("INSERT INTO stores (version) VALUES (99)"))
    with pytest.raises(InvalidConfiguration, match="newer Stillwatch: its schema is 99"):
        api.open_store(url, audit_key=key)
    assert key.exists()


def test_an_sqlite_store_is_its_owners_and_in_wal_mode(tmp_path):
    path = tmp_path / "below" / "cases.db"
    with api.open_store(f"sqlite:///{path}"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE((path.parent / "stillwatch-audit.key").stat().st_mode) == 0o600
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    raw.close()


@pytest.mark.parametrize(
    ("url", "error", "said"),
    [
        ("cases.db", InvalidConfiguration, "named by a URL"),
        ("sqlite://", InvalidConfiguration, "outlast"),
        ("mysql://db/cases", InvalidConfiguration, "SQLite or PostgreSQL"),
        ("postgresql+psycopg://db/cases", InvalidConfiguration, "--audit-key"),
    ],
)
def test_what_is_no_store(url, error, said):
    with pytest.raises(error, match=said):
        api.open_store(url)


def test_a_server_that_is_not_there_is_named_without_its_password(key):
    with pytest.raises(UnreadableInput, match="cannot be opened") as failed:
        api.open_store("postgresql+psycopg://ana:hushhush@127.0.0.1:9/cases", audit_key=key)
    assert "hushhush" not in str(failed.value)


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "cases.db").write_text("a letter to somebody, and long enough to be no header of a database")
    with pytest.raises(UnreadableInput, match="not a database"):
        api.open_store(f"sqlite:///{tmp_path}/cases.db")


def test_reading_makes_no_store(tmp_path):
    with pytest.raises(UnreadableInput, match="there is no store"):
        api.open_store(f"sqlite:///{tmp_path}/cases.db", make=False)
    sqlite3.connect(tmp_path / "empty.db").close()
    assert not (tmp_path / "cases.db").exists()


def test_a_store_that_fails_in_the_middle_says_so(tenant):
    with tenant.writing() as connection:
        connection.execute(sql.text("DROP TABLE items"))
    with pytest.raises(StillwatchError, match="nothing was changed: no such table: items"):
        find(tenant, names(0, 20))


def test_a_tenant_has_a_name(store):
    with pytest.raises(UsageError, match="needs a name"):
        store.tenant("")


def test_decisions_are_recorded_by_the_thousand_a_second(tenant):
    """Measured alone it is over 25,000; the floor leaves room for a busy machine."""
    decisions = [
        Decision(decision_id=f"d-{number}", ts=number, account_id=f"acct-{number}", step="tag")
        for number in range(10_000)
    ]
    before = time.perf_counter()
    api.record_decisions(tenant, decisions)
    assert len(decisions) / (time.perf_counter() - before) > 2_000


def test_a_place_where_no_file_can_be_is_said_to_be_one(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UnreadableInput, match="cannot be opened"):
        api.open_store(f"sqlite:///{tmp_path}/file/cases.db")
