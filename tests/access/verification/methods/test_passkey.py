"""Ceremonies of WebAuthn with an authenticator in software, and all that must be refused."""

import contextlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from software_authenticator import (
    ATTESTED,
    NO_MODEL,
    ORIGIN,
    PARTY,
    PRESENT,
    VERIFIED,
    Authenticator,
    Maker,
    b64url,
    unb64url,
)
from vouching import SECOND, START, desk, kinds

from stillwatch.access.verification.api import Refused
from stillwatch.access.verification.protocols import passkeys as protocol
from stillwatch.access.verification.schema import metadata
from stillwatch.records import InvalidConfiguration

RELYING = {"id": PARTY, "name": "Example", "origins": [ORIGIN]}


@pytest.fixture(scope="module")
def maker():
    return Maker()


@pytest.fixture
def passkeys(tenant, tmp_path, maker):
    (tmp_path / "root.pem").write_bytes(maker.root_pem())
    roots = {"packed": ["root.pem"], "fido-u2f": ["root.pem"]}
    return desk(tenant, tmp_path, relying_party=RELYING, attestation_roots=roots)


def begin(passkeys, account="acct-1", **more):
    begun = passkeys.begin("passkey", {"account_id": account, **more})
    return begun, begun.shown["options"]


def complete(passkeys, begun, credential, account="acct-1"):
    return passkeys.complete(
        "passkey", {"account_id": account, "challenge_id": begun.challenge_id, "credential": credential}
    )


def register(passkeys, authenticator, account="acct-1", **told):
    begun, options = begin(passkeys, account)
    return complete(passkeys, begun, authenticator.create(options, **told), account)


def sign(passkeys, authenticator, account="acct-1", **told):
    begun, options = begin(passkeys, account, ceremony="sign")
    return complete(passkeys, begun, authenticator.get(options, **told), account)


def refused(reason, passkeys, authenticator, **told):
    with pytest.raises(Refused) as found:
        register(passkeys, authenticator, **told)
    assert found.value.reason == reason, str(found.value)
    return str(found.value)


@pytest.mark.parametrize(
    ("form", "made", "kind"),
    [
        ("none", False, "passkey"),
        ("packed", False, "passkey"),  # self-attestation: the key vouches for itself
        ("packed", True, "passkey_attested"),
        ("fido-u2f", True, "passkey_attested"),
    ],
)
def test_forms_of_attestation(form, made, kind, passkeys, maker, tenant):
    proof = register(passkeys, Authenticator(maker=maker if made else None, form=form))
    assert (proof.kind, proof.provenance["form"]) == (kind, form)
    assert proof.provenance["attested"] is (kind == "passkey_attested")
    assert kinds(tenant) == ["proof_begun", "proof_added"]


def test_a_registered_passkey_signs(passkeys, maker):
    held = Authenticator(maker=maker)
    first = register(passkeys, held)
    again = sign(passkeys, held)
    assert (again.kind, again.provenance["ceremony"]) == ("passkey_attested", "sign")
    assert again.subjects == [one for one in first.subjects if one.kind == "key"]
    assert sign(passkeys, held).proof_id != again.proof_id


def test_authenticators_that_do_not_count_sign_as_well(passkeys):
    held = Authenticator(form="none", counting=False)
    register(passkeys, held)
    sign(passkeys, held)
    sign(passkeys, held)


def test_a_key_that_can_be_copied_is_not_attested(passkeys, maker):
    proof = register(passkeys, Authenticator(maker=maker, copyable=True))
    assert (proof.kind, proof.provenance["copyable"]) == ("passkey", True)


@pytest.mark.parametrize("form", ["packed", "fido-u2f"])
def test_attestation_of_a_maker_whose_root_was_not_given_proves_nothing_more(form, passkeys):
    proof = register(passkeys, Authenticator(maker=Maker(), form=form))
    assert (proof.kind, proof.provenance["attested"]) == ("passkey", False)


def test_a_forged_attestation_is_refused_whoever_the_maker(passkeys, maker):
    for honest in (maker, Maker()):
        forger = Maker()
        forger.batch = honest.batch  # the certificate, without its key
        refused("forged", passkeys, Authenticator(maker=forger))


def test_a_file_may_hold_the_roots_of_many_makers(tenant, tmp_path):
    makers = [Maker() for _ in range(3)]
    (tmp_path / "roots.pem").write_bytes(b"# makers\n" + b"\n".join(one.root_pem() for one in makers))
    many = desk(tenant, tmp_path, relying_party=RELYING, attestation_roots={"packed": ["roots.pem"]})
    for number, one in enumerate(makers):
        assert register(many, Authenticator(maker=one), f"acct-{number}").kind == "passkey_attested"


def test_without_roots_attestation_proves_nothing_more(tenant, maker):
    open_to_all = desk(tenant, relying_party=RELYING)
    assert register(open_to_all, Authenticator(maker=maker)).kind == "passkey"


@pytest.mark.parametrize(
    ("made", "model"),
    [
        ({"unit": "Web Server"}, None),  # another certificate of the same root
        ({"ca": True}, None),
        ({"model": bytes(range(16))}, None),  # of another model than the passkey says
        ({}, NO_MODEL),
    ],
)
def test_the_certificate_must_be_an_authenticators_and_of_its_model(tenant, tmp_path, made, model):
    other = Maker(**made)
    (tmp_path / "root.pem").write_bytes(other.root_pem())
    strict = desk(tenant, tmp_path, relying_party=RELYING, attestation_roots={"packed": ["root.pem"]})
    authenticator = Authenticator(maker=other, **({} if model is None else {"model": model}))
    refused("untrusted", strict, authenticator)


def test_safetynet_is_not_taken(passkeys, maker):
    refused("forged", passkeys, Authenticator(maker=maker, form="android-safetynet"))
    refused("forged", passkeys, Authenticator(maker=maker, form="of-my-own"))


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("forged", {"origin": "https://console.example.com.evil.test"}),
        ("forged", {"challenge": b64url(b"another challenge of thirty-two b")}),
        ("forged", {"drop": VERIFIED}),
        ("forged", {"drop": PRESENT}),
        ("forged", {"drop": ATTESTED}),
        ("mismatch", {"crossOrigin": True}),
    ],
)
def test_a_ceremony_for_something_else_is_refused(reason, told, passkeys):
    refused(reason, passkeys, Authenticator(form="none"), **told)


def test_a_passkey_is_registered_once(passkeys, tenant):
    held = Authenticator(form="none")
    key = ec.generate_private_key(ec.SECP256R1())
    register(passkeys, held, key=key)
    _, options = begin(passkeys)
    with pytest.raises(RuntimeError, match="InvalidStateError"):  # the authenticator itself refuses
        held.create(options)
    clone = Authenticator(form="none")
    assert "registered already" in refused("already_registered", passkeys, clone, key=key)
    known = next(iter(held.held))
    refused("already_registered", passkeys, Authenticator(form="none"), credential_id=known)
    assert kinds(tenant).count("key_shown_again") == 2
    assert passkeys.links() == []  # of one account with itself there is none


def test_the_same_key_on_another_account_is_refused_and_linked(passkeys):
    key = ec.generate_private_key(ec.SECP256R1())
    register(passkeys, Authenticator(form="none"), "acct-1", key=key)
    with pytest.raises(Refused, match="registered already"):
        register(passkeys, Authenticator(form="none"), "acct-2", key=key)
    register(passkeys, Authenticator(form="none"), "acct-3")
    (link,) = passkeys.links()
    assert (link.kind, link.accounts, link.of) == ("key", ["acct-1", "acct-2"], 3)
    assert passkeys.level_of("acct-2").level == -1


def test_devices_of_one_batch_are_a_link_of_their_own(passkeys, maker):
    for number in range(4):
        register(passkeys, Authenticator(maker=maker if number < 3 else None), f"acct-{number}")
    (link,) = passkeys.links()
    assert (link.kind, link.accounts, link.of) == (
        "attestation_certificate",
        ["acct-0", "acct-1", "acct-2"],
        3,
    )


def test_accounts_asked_together_need_an_authenticator_each(passkeys):
    held = Authenticator(form="none")
    register(passkeys, held, "acct-1")
    _, options = begin(passkeys, "acct-2", beside=["acct-1", "acct-2"])
    with pytest.raises(RuntimeError, match="InvalidStateError"):
        held.create(options)


def test_a_counter_that_goes_back_is_a_clone(passkeys):
    held = Authenticator(form="none")
    register(passkeys, held)
    sign(passkeys, held, counter=7)
    for counter in (7, 3, 0):
        with pytest.raises(Refused) as found:
            sign(passkeys, held, counter=counter)
        assert found.value.reason == "cloned"
    assert passkeys.office.refusals()["passkey", "cloned"] == 3


def test_a_signature_of_another_key_account_or_challenge_is_refused(passkeys):
    held, other = Authenticator(form="none"), Authenticator(form="none")
    register(passkeys, held)
    register(passkeys, other, "acct-2")
    with pytest.raises(Refused, match="signature"):
        sign(passkeys, held, key=ec.generate_private_key(ec.SECP256R1()))
    begun, options = begin(passkeys, ceremony="sign")
    _, of_other = begin(passkeys, "acct-2", ceremony="sign")
    with pytest.raises(Refused, match="no such passkey"):
        complete(passkeys, begun, other.get(of_other, challenge=options["challenge"]))
    with pytest.raises(Refused, match="challenge"):
        complete(passkeys, begun, held.get(options, challenge=of_other["challenge"]))
    with pytest.raises(Refused, match="another account"):
        complete(passkeys, begun, held.get(options), "acct-2")


def test_a_registration_is_no_signature_and_a_signature_no_registration(passkeys):
    held = Authenticator(form="none")
    register(passkeys, held)
    begun, options = begin(passkeys, ceremony="sign")
    created = Authenticator(form="none").create({"rp": {"id": PARTY}, "challenge": options["challenge"]})
    with pytest.raises(Refused):
        complete(passkeys, begun, created)
    begun, options = begin(passkeys)
    with pytest.raises(Refused):
        complete(
            passkeys,
            begun,
            held.get(
                {
                    "rpId": PARTY,
                    "challenge": options["challenge"],
                    "allowCredentials": [{"id": b64url(next(iter(held.held)))}],
                }
            ),
        )


def test_a_challenge_is_answered_once_and_in_time(passkeys, clock):
    held = Authenticator(form="none")
    begun, options = begin(passkeys)
    credential = held.create(options)
    clock.now = begun.expires_at
    with pytest.raises(Refused, match="expired"):
        complete(passkeys, begun, credential)
    clock.now = START  # a clock that goes back a little harms nobody
    complete(passkeys, begun, credential)
    with pytest.raises(Refused, match="answered already"):
        complete(passkeys, begun, credential)


def test_tries_are_counted(passkeys):
    begun, options = begin(passkeys)
    for _ in range(3):
        with pytest.raises(Refused):
            complete(passkeys, begun, {"id": "x", "response": {}})
    with pytest.raises(Refused, match="too often"):
        complete(passkeys, begun, Authenticator(form="none").create(options))


def test_a_revoked_passkey_signs_no_more_and_what_it_proved_goes_with_it(passkeys):
    held = Authenticator(form="none")
    first = register(passkeys, held)
    sign(passkeys, held)
    begun, options = begin(passkeys, ceremony="sign")
    ended = passkeys.revoke(first.proof_id, by="ana", reason="sold")
    assert len(ended) == 2
    with pytest.raises(Refused, match="no such passkey"):
        complete(passkeys, begun, held.get(options))
    with pytest.raises(Refused, match="has no passkey"):
        begin(passkeys, ceremony="sign")
    refused(
        "already_registered",
        passkeys,
        Authenticator(form="none"),
        key=held.held[unb64url(options["allowCredentials"][0]["id"])][0],
    )


def test_without_a_relying_party_there_are_no_passkeys(tenant):
    with pytest.raises(InvalidConfiguration, match="relying_party"):
        begin(desk(tenant))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


CHALLENGE = bytes(32)
MADE = {
    form: Authenticator(form=form).create({"rp": {"id": PARTY}, "challenge": b64url(CHALLENGE)})
    for form in ("none", "packed")
}
CHANGES = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 4), st.binary(max_size=4)), min_size=1, max_size=3
)


def changed(raw, changes):
    out = bytearray(raw)
    for at, length, new in changes:
        start = at % max(len(out), 1)
        out[start : start + length] = new
    return bytes(out)


@settings(max_examples=200, deadline=None)
@given(
    form=st.sampled_from(sorted(MADE)),
    field=st.sampled_from(["clientDataJSON", "attestationObject"]),
    changes=CHANGES,
)
def test_changed_bytes_are_read_or_refused(form, field, changes):
    party = protocol.RelyingParty(id=PARTY, name="E", origins=[ORIGIN])
    response = MADE[form]["response"]
    raw = changed(unb64url(response[field]), changes)
    credential = MADE[form] | {"response": response | {field: b64url(raw)}}
    with contextlib.suppress(Refused):
        protocol.register(party, credential, challenge=CHALLENGE, roots={})
    client = b64url(
        json.dumps({"type": "webauthn.get", "challenge": b64url(CHALLENGE), "origin": ORIGIN}).encode()
    )
    for data in (raw, changed(raw[:60], changes)):
        told = {"clientDataJSON": client, "authenticatorData": b64url(data), "signature": b64url(raw)}
        with pytest.raises(Refused):
            protocol.sign(party, MADE[form] | {"response": told}, challenge=CHALLENGE, public=raw, counter=0)


@settings(max_examples=100, deadline=None)
@given(
    field=st.sampled_from(["id", "rawId", "response", "type", "clientDataJSON", "attestationObject"]),
    value=JSON,
)
def test_other_json_is_refused(field, value):
    party = protocol.RelyingParty(id=PARTY, name="E", origins=[ORIGIN])
    made = MADE["none"]
    below = field in made["response"]
    credential = made | ({"response": made["response"] | {field: value}} if below else {field: value})
    for ask in (
        lambda: protocol.register(party, credential, challenge=CHALLENGE, roots={}),
        lambda: protocol.sign(party, credential, challenge=CHALLENGE, public=b"", counter=0),
    ):
        with pytest.raises(Refused):
            ask()


def test_what_is_kept_says_neither_name_nor_address(passkeys, tenant):
    begun, options = begin(passkeys, name="ana@acme.example")
    complete(passkeys, begun, Authenticator(form="none").create(options))
    with tenant.reading() as connection:
        kept = [repr(connection.execute(table.select()).all()) for table in metadata.sorted_tables]
    assert "ana@acme" not in str(kept)
    assert options["user"]["name"] == "ana@acme.example"
    assert begun.expires_at == START + 600 * SECOND
