"""A watch publishes the keys that accounts register and lose, where gateways look."""

import sys
import time
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "access" / "verification"))
from possession import new_key, proof
from test_casework import until

from stillwatch.access.verification.api import Office, Settings, VerificationDesk, read_bound_keys
from stillwatch.cases import api
from stillwatch.features.key import SketchKey
from stillwatch.records import UnreadableInput
from stillwatch.runtime.casework import Books, Casework
from stillwatch.runtime.duty import Duty, Post
from stillwatch.runtime.key_publishing import KeyPublishing, key_publishing

KEY = SketchKey(bytes(range(32)))


@pytest.fixture
def store(tmp_path):
    with api.open_store(f"sqlite:///{tmp_path}/cases.db") as store:
        yield store


@pytest.fixture
def desk(store):
    return VerificationDesk(store.tenant("acme"), Office(Settings(), KEY))


def registered(desk, account):
    key = new_key()
    begun = desk.begin("key_dpop", {"account_id": account})
    shown = begun.shown
    now = time.time_ns() // 1000
    made = proof(key, url=shown["htu"], method=shown["htm"], nonce=shown["nonce"], now=now)
    answer = {"account_id": account, "challenge_id": begun.challenge_id, "proof": made}
    return key, desk.complete("key_dpop", answer)


def published(path, account):
    try:
        return set(read_bound_keys(path).bound(account).jkt)
    except UnreadableInput:
        return None


def test_a_key_that_is_registered_and_revoked_reaches_the_file(tmp_path, desk):
    home = tmp_path / "state"
    home.mkdir()
    path = tmp_path / "bound-keys"
    books = Books(f"sqlite:///{tmp_path}/cases.db", None, "acme", "watch")
    work = Casework(books, home, home / "verdicts", keys=key_publishing(tmp_path, KEY))
    try:
        assert until(lambda: published(path, "acct-1") == set())
        key, made = registered(desk, "acct-1")
        assert until(lambda: published(path, "acct-1") == {key.thumbprint()})
        assert b"acct-1" not in path.read_bytes()
        desk.revoke(made.proof_id, by="ana", reason="lost")
        assert until(lambda: published(path, "acct-1") == set())
    finally:
        work.close()


def test_the_store_is_asked_only_where_the_audit_grew(tmp_path, desk):
    path = tmp_path / "bound-keys"
    publishing = KeyPublishing(path, KEY)
    publishing.round(desk.tenant, 0)
    registered(desk, "acct-1")
    publishing.round(desk.tenant, 0)
    assert published(path, "acct-1") == set()
    publishing.round(desk.tenant, 2)
    assert published(path, "acct-1")


def test_a_watch_with_a_store_publishes_and_one_without_does_not(tmp_path):
    for name in ("with", "without"):
        out = tmp_path / name
        books = Books(f"sqlite:///{tmp_path}/cases.db", None, "acme", "watch") if name == "with" else None
        with Duty(out / "state", Post(out, out / "verdicts", books=books, key=KEY), print):
            pass
    assert published(tmp_path / "with" / "bound-keys", "acct-1") == set()
    assert not (tmp_path / "without" / "bound-keys").exists()
