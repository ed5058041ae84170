"""Registering a key for DPoP, and calls that must then show it."""

import pytest
from possession import new_key, proof
from vouching import SECOND, START, desk, kinds

from stillwatch.access.verification.api import Refused


@pytest.fixture
def keys(tenant):
    return desk(tenant)


def register(keys, key, account="acct-1", **told):
    begun = keys.begin("key_dpop", {"account_id": account})
    shown = begun.shown
    made = proof(key, **({"url": shown["htu"], "method": shown["htm"], "nonce": shown["nonce"]} | told))
    answer = {"account_id": account, "challenge_id": begun.challenge_id, "proof": made}
    return keys.complete("key_dpop", answer)


def test_a_key_is_registered_and_its_calls_are_bound(keys, tenant):
    key = new_key()
    proof = register(keys, key)
    assert (proof.kind, proof.provenance) == ("key_dpop", {"key_type": "EC"})
    assert keys.bound_keys()["acct-1"].jkt == {key.thumbprint()}
    assert kinds(tenant) == ["proof_begun", "proof_added"]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("forged", {"nonce": "another"}),
        ("forged", {"nonce": None}),
        ("forged", {"nonce": "ü"}),
        ("mismatch", {"url": "https://api.example.com/v1/models"}),
        ("mismatch", {"method": "GET"}),
        ("late", {"now": START - 400 * SECOND}),
        ("clock_skewed", {"now": START + 400 * SECOND}),
    ],
)
def test_a_proof_for_something_else_registers_nothing(reason, told, keys):
    with pytest.raises(Refused) as found:
        register(keys, new_key(), **told)
    assert found.value.reason == reason
    assert keys.bound_keys() == {}


def test_one_key_on_two_accounts_is_refused_and_linked(keys):
    key = new_key()
    register(keys, key, "acct-1")
    with pytest.raises(Refused, match="registered already"):
        register(keys, key, "acct-2")
    register(keys, new_key(), "acct-2")
    (link,) = keys.links(["key"])
    assert link.accounts == ["acct-1", "acct-2"]


def test_a_revoked_key_binds_no_more(keys):
    made = register(keys, new_key())
    keys.revoke(made.proof_id, by="ana", reason="lost")
    assert keys.bound_keys() == {}
