"""Calls that must show their account's key: resold API keys break, and each proof counts once."""

from threading import Thread

import pytest
from client_certificates import header_of, self_signed
from possession import URL, new_key, proof
from vouching import SECOND, START

from stillwatch.access.verification.api import Bound, Call, CallKeys, Refused, SeenProofs, Unproved, confirmed
from stillwatch.access.verification.calls import LONGEST
from stillwatch.access.verification.protocols import dpop, mtls

TOKEN = "sk-of-the-customer"
KEY = new_key()
NONCES = dpop.Nonces(bytes(32))


def call(*proofs, certificate=None, **changed):
    told = {"method": "POST", "url": URL, "token": TOKEN, "proofs": proofs, "certificate": certificate}
    return Call(**(told | changed))


def keys(*, x5t=(), nonces=None, **more):
    return CallKeys({"acct-1": Bound(frozenset({KEY.thumbprint()}), frozenset(x5t))}, nonces=nonces, **more)


def unproved(checked, shown, now=START):
    with pytest.raises(Unproved) as found:
        checked.check("acct-1", shown, now)
    return found.value


def test_an_account_without_a_key_is_not_asked():
    assert keys().check("acct-2", call(), START) is False


def test_a_call_that_shows_the_key_passes():
    assert keys().check("acct-1", call(proof(KEY, token=TOKEN)), START) is True


def test_a_resold_api_key_is_worth_nothing():
    checked = keys()
    assert unproved(checked, call()).reason == "malformed"
    assert unproved(checked, call(proof(new_key(), token=TOKEN))).reason == "mismatch"
    assert unproved(checked, call(proof(KEY, token="another"))).reason == "mismatch"


def test_4_3_check_1_one_header_and_no_more():
    assert unproved(keys(), call(proof(KEY, token=TOKEN), proof(KEY, token=TOKEN))).reason == "malformed"


def test_11_1_a_proof_counts_once():
    checked, made = keys(), proof(KEY, token=TOKEN)
    assert checked.check("acct-1", call(made), START)
    assert unproved(checked, call(made)).reason == "replayed"
    again = CallKeys({"acct-1": checked.bound("acct-1")}, seen=checked.seen)  # keys were read anew
    assert unproved(again, call(made)).reason == "replayed"


def test_a_proof_is_remembered_as_long_as_it_would_be_taken():
    checked, made = keys(), proof(KEY, now=START + 59 * SECOND, token=TOKEN)  # its maker's clock is ahead
    assert checked.check("acct-1", call(made), START)
    for now in range(START, START + LONGEST + 60 * SECOND, 30 * SECOND):
        assert unproved(checked, call(made), now).reason in ("replayed", "late")


def test_the_memory_is_bounded_and_forgets_nothing_that_counts():
    seen = SeenProofs(most=3)
    shown = [dpop.Shown(jkt="k", jti=str(number), made_at=START, key={}) for number in range(5)]
    assert all(seen.first(one, START) for one in shown[:3])
    with pytest.raises(Refused, match="too many"):
        seen.first(shown[3], START)
    assert not seen.first(shown[0], START)
    assert seen.first(shown[3], START + LONGEST)


def test_of_two_threads_with_one_proof_one_passes():
    checked, made, passed = keys(), proof(KEY, token=TOKEN), []

    def ask():
        try:
            passed.append(checked.check("acct-1", call(made), START))
        except Unproved as refused:
            passed.append(refused.reason)

    threads = [Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(10)
    assert sorted(map(str, passed)) == ["True", *["replayed"] * 7]


def test_7_1_and_8_what_a_refused_call_is_answered():
    plain = unproved(keys(), call())
    assert plain.challenge.startswith('DPoP error="invalid_dpop_proof", algs="ES256 ')
    assert plain.nonce is None
    checked = keys(nonces=NONCES)
    asked = unproved(checked, call(proof(KEY, token=TOKEN)))
    assert asked.challenge.startswith('DPoP error="use_dpop_nonce"')
    assert checked.check("acct-1", call(proof(KEY, token=TOKEN, nonce=asked.nonce)), START)


def test_a_bound_certificate_passes_and_another_does_not():
    own, other = self_signed(), self_signed()
    checked = keys(x5t=[mtls.presented(own.der).thumbprint])
    assert checked.check("acct-1", call(certificate=header_of(own)), START)
    refused = unproved(checked, call(certificate=header_of(other)))
    assert refused.reason == "mismatch"
    only = CallKeys({"acct-1": Bound(frozenset(), frozenset({mtls.presented(own.der).thumbprint}))})
    missing = unproved(only, call())
    assert (missing.reason, missing.challenge) == ("mismatch", 'Bearer error="invalid_token"')
    assert unproved(only, call(certificate="garbage")).reason == "malformed"


def test_6_what_a_token_is_bound_to():
    assert confirmed({"cnf": {"jkt": "a", "x5t#S256": "b"}}) == Bound(frozenset("a"), frozenset("b"))
    for odd in ({}, {"cnf": None}, {"cnf": "jkt"}, {"cnf": {"jkt": 5}}):
        assert confirmed(odd) == Bound()
