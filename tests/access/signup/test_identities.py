"""One identity, one organisation, 90 days; on SQLite and on a real PostgreSQL, and with keys that come and go."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sql

sys.path.append(str(Path(__file__).parents[2] / "cases"))

from postgres import running

from stillwatch.access.signup.epoch_keys import EPOCH, EpochKeys
from stillwatch.access.signup.identities import COUNTS, Identities, Identity, identity_tokens
from stillwatch.cases import api
from stillwatch.records import InvalidConfiguration, Micros, StillwatchError, UsageError

DAY = 86_400_000_000
START = 220 * EPOCH + 80 * DAY  # ten days before a new key
PASSPORT = Identity(kind="passport", country="NL", number="NX 4829-17")
CLAIMER = """
import sys
from pathlib import Path
from stillwatch.access.signup.identities import Identities, Identity
from stillwatch.cases import api
url, folder, who = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
with api.open_store(url, audit_key=folder / "audit.key") as store:
    identities = Identities(store.tenant("racing"), folder / "racing.key")
    won = [identities.claim(Identity(kind="id", country="NL", number=f"N{n}"), who).granted for n in range(30)]
print(sum(won))
"""


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return Micros(self.now)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request, tmp_path_factory):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('store')}/cases.db"
        return
    with running() as found:
        yield found


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(url, clock, tmp_path):
    with api.open_store(url, audit_key=tmp_path / "audit.key", clock=clock) as store:
        yield store


@pytest.fixture
def identities(store, tmp_path, request):
    return Identities(store.tenant(request.node.name), tmp_path / "identity.key")


def test_an_identity_stands_for_one_organisation_for_90_days(identities, clock):
    first = identities.claim(PASSPORT, "acme")
    assert (first.granted, first.others, first.free_at) == (True, 0, START + COUNTS)
    clock.now += 89 * DAY
    other = identities.claim(Identity(kind="Passport", country="nl", number="nx482917"), "other")
    assert (other.granted, other.others, other.since) == (False, 1, START)
    assert identities.claim(PASSPORT, "acme").granted
    clock.now = START + COUNTS - 1
    assert not identities.claim(PASSPORT, "other").granted
    clock.now += 1
    assert identities.claim(PASSPORT, "other").granted
    assert not identities.claim(PASSPORT, "acme").granted


def test_a_repeat_is_the_same_claim(identities, clock):
    first = identities.claim(PASSPORT, "acme")
    clock.now += DAY
    assert identities.claim(PASSPORT, "acme") == first


def test_a_released_identity_is_free(identities):
    identities.claim(PASSPORT, "acme")
    assert not identities.release(PASSPORT, "other")
    assert identities.release(PASSPORT, "acme")
    assert not identities.release(PASSPORT, "acme")
    assert identities.claim(PASSPORT, "other").granted


def test_tenants_do_not_meet(store, tmp_path):
    one, other = (Identities(store.tenant(name), tmp_path / "identity.key") for name in ("one", "two"))
    assert one.claim(PASSPORT, "acme").granted
    assert other.claim(PASSPORT, "elsewhere").granted


def test_a_clock_that_is_behind_finds_what_was_claimed(identities, clock):
    clock.now += 11 * DAY
    identities.claim(PASSPORT, "acme")
    clock.now -= 11 * DAY
    assert not identities.claim(PASSPORT, "other").granted


def test_what_is_stored_is_keyed_and_goes_with_its_time(identities, store, clock, request, tmp_path):
    identities.claim(PASSPORT, "acme")
    tenant = store.tenant(request.node.name)
    with tenant.reading() as connection:
        [row] = connection.execute(sql.select(identity_tokens).where(tenant.mine(identity_tokens))).mappings()
    assert not any(word in str(dict(row)).casefold() for word in ("passport", "4829", "acme"))
    assert identities.forget() == 0
    before = json.loads((tmp_path / "identity.key").read_text())
    clock.now += COUNTS + EPOCH
    assert identities.forget() == 1
    after = json.loads((tmp_path / "identity.key").read_text())
    assert after["epoch"] > before["epoch"]
    assert after["key"] != before["key"]
    with pytest.raises(StillwatchError, match="is gone"):
        EpochKeys(tmp_path / "identity.key").token(before["epoch"], "identity", "x")


def test_an_identity_without_a_number_is_none(identities):
    with pytest.raises(UsageError, match="number"):
        identities.claim(Identity(kind="passport", country="NL", number=" - "), "acme")


def test_two_that_claim_at_once_do_not_both_get_it(url, tmp_path):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMER, url, str(tmp_path), who],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for who in ("first", "second")
    ]
    won = 0
    for process in processes:
        out, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
        won += int(out)
    assert won == 30


def test_keys_follow_from_each_other_and_not_back(tmp_path):
    path = tmp_path / "identity.key"
    keys = EpochKeys(path)
    old, now, later = (keys.token(epoch, "identity", "x") for epoch in (9, 10, 12))
    assert len({old, now, later}) == 3
    keys.retire(10)
    again = EpochKeys(path)
    assert (again.token(10, "identity", "x"), again.token(12, "identity", "x")) == (now, later)
    assert not again.has(9)
    again.retire(5)
    assert again.has(10)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["identity.key"]


def test_parts_of_a_token_do_not_run_together(tmp_path):
    keys = EpochKeys(tmp_path / "identity.key")
    assert keys.token(1, "identity", "ab", "c") != keys.token(1, "identity", "a", "bc")


def test_a_clock_years_ahead_costs_no_key(tmp_path):
    path = tmp_path / "identity.key"
    keys = EpochKeys(path)
    keys.token(10, "identity", "x")
    before = path.read_bytes()
    with pytest.raises(StillwatchError, match="quarters ago"):
        keys.retire(300)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "text", ["", "{}", '{"epoch": 1, "key": "zz"}', '{"epoch": 1, "key": "00"}', '{"epoch": 1}']
)
def test_a_key_file_that_is_none(tmp_path, text):
    (tmp_path / "identity.key").write_text(text)
    with pytest.raises(InvalidConfiguration, match="identity tokens"):
        EpochKeys(tmp_path / "identity.key").token(1, "identity", "x")
