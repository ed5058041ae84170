"""A passkey: a key that an authenticator holds and uses only when a person is there (WebAuthn).

Shows: that somebody holds an authenticator and unlocked it. As `passkey_attested` also that its maker vouches for the
device: a root in `attestation_roots` (for `packed`, `tpm`, `fido-u2f`; those of Apple and Android come with the
library) has signed its certificate, and the key cannot be copied to other devices.
Forms: `none`, self-attestation and other makers' give `passkey`. `packed`, `tpm`, `android-key`, `apple` and `fido-u2f` are verified; of
`packed` also the certificate itself and that it is of the model the passkey names. `android-safetynet` is refused.
Refuses: a passkey that is registered already, with whatever account, by its id or by its public key. The second account
is remembered, and the two are reported as linked.
Links: `key` is the same key. `attestation_certificate` is weaker: makers give one certificate to some 100,000 devices, so
it says the same model and batch, and weighs by how rare it is among all.
Beside: accounts named in `beside` are asked together. An authenticator that holds a passkey of one of them refuses by
itself to make another, so that n accounts need n devices. It also tells the page the ids of their passkeys.
Cannot show: who the person is, or that an authenticator written in software is a device; that is what attestation is for.
"""

import secrets
from base64 import b64decode, b64encode
from typing import Annotated, Any, Literal

import msgspec

from stillwatch.access.verification.kept import KEY
from stillwatch.access.verification.methods._proving.interface import (
    Answer,
    Answering,
    Asked,
    Asking,
    Begun,
    Given,
    Id,
    Line,
    Method,
    NewKey,
    Opening,
)
from stillwatch.access.verification.proof import MINUTE, Key
from stillwatch.access.verification.protocols import base64url, passkeys
from stillwatch.access.verification.refusal import Refused

KIND = "passkey"
CHALLENGE = 32  # random bytes; WebAuthn asks for 16 or more


class Begin(Asked, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`name` is shown to the person by the authenticator and not kept."""

    ceremony: Literal["register", "sign"] = "register"
    name: Line = "account"
    beside: Annotated[tuple[Id, ...], msgspec.Meta(max_length=1_000)] = ()


class Complete(Answer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the browser gave, as `credential.toJSON()` writes it."""

    credential: dict[str, Any]


def begin(asking: Asking) -> Begun:
    asked, party = asking.asked, asking.settings.party()
    challenge = secrets.token_bytes(CHALLENGE)
    own = [one.key_id for one in asking.keys([asked.account_id], KIND)]
    if asked.ceremony == "sign":
        if not own:
            raise Refused("not_found", "the account has no passkey")
        options = passkeys.authentication_options(party, challenge=challenge, known=own)
    else:
        beside = [one.key_id for one in asking.keys(sorted(set(asked.beside) - {asked.account_id}), KIND)]
        options = passkeys.registration_options(
            party,
            user=bytes.fromhex(asking.keyed.token("account", asked.account_id)),
            name=asked.name,
            challenge=challenge,
            known=[*own, *beside],
        )
    state = {"ceremony": asked.ceremony, "challenge": base64url.encoded(challenge)}
    return Begun(state=state, shown={"options": options})


def complete(answering: Answering) -> Given:
    challenge = base64url.decoded(answering.state["challenge"])
    if answering.state["ceremony"] == "sign":
        return _signed(answering, challenge)
    return _registered(answering, challenge)


def _registered(answering: Answering, challenge: bytes) -> Given:
    settings = answering.settings
    new = passkeys.register(
        settings.party(), answering.answer.credential, challenge=challenge, roots=settings.roots()
    )
    shown = new.attestation
    attested = shown.trusted and not new.copyable
    public = b64encode(new.public).decode()
    subjects = [answering.keyed.subject(KEY, public)]
    if shown.certificate is not None:
        subjects.append(answering.keyed.subject("attestation_certificate", shown.certificate.hex()))
    facts: dict[str, object] = {
        "attested": attested,
        "form": shown.form,
        "model": shown.aaguid,
        "copyable": new.copyable,
    }
    return Given(
        kind="passkey_attested" if attested else "passkey",
        provenance={"ceremony": "register", **facts},
        subjects=tuple(subjects),
        key=NewKey(kind=KIND, key_id=new.credential_id, public=public, counter=new.counter, facts=facts),
    )


def _signed(answering: Answering, challenge: bytes) -> Given:
    key = _known(answering)
    signed = passkeys.sign(
        answering.settings.party(),
        answering.answer.credential,
        challenge=challenge,
        public=b64decode(key.public),
        counter=key.counter,
    )
    return Given(
        kind="passkey_attested" if key.facts.get("attested") is True else "passkey",
        provenance={"ceremony": "sign", **key.facts},
        subjects=(answering.keyed.subject(KEY, key.public),),
        used=(key, signed.counter),
    )


def _known(answering: Answering) -> Key:
    """The account's key that the answer names. Raises Refused."""
    named = answering.answer.credential.get("id")
    for one in answering.keys([answering.account_id], KIND):
        if one.key_id == named:
            return one
    raise Refused("unknown", "the account has no such passkey")


METHOD = Method(
    gives=("passkey", "passkey_attested"),
    completes=Complete,
    complete=complete,
    opening=Opening(
        takes=Begin,
        begin=begin,
        lives=10 * MINUTE,  # longer than a browser waits for the person
        attempts=3,
    ),
)
