"""A key that calls are signed with, by RFC 9449 (DPoP): an API key that is resold without it is worth nothing.

Shows: that who asks holds a private key. From then on a call of the account can be made to prove it
(`CallKeys`): each call carries a proof for its method and address that counts once and is bound to the API key.
Registering: the customer signs a proof whose `htm` is POST, whose `htu` is the address that was told, and whose `nonce` is
the challenge's.
Refuses: a key that another account has registered. It is reported as a link between the two.
Cannot show: that the key stays where it is. A program can hand its key on; a passkey or a key in hardware cannot. But who
resells access with the key shares one key among all buyers, and its calls come from everywhere.
"""

import secrets

from stillwatch.access.verification.kept import KEY
from stillwatch.access.verification.methods._proving.interface import (
    Answer,
    Answering,
    Asked,
    Asking,
    Begun,
    Given,
    Long,
    Method,
    NewKey,
    Opening,
)
from stillwatch.access.verification.proof import MINUTE
from stillwatch.access.verification.protocols import base64url, dpop
from stillwatch.access.verification.refusal import Refused
from stillwatch.cases.entry import canonical

KIND = "dpop"
NONCE = 24  # random bytes
HTU = "https://key-registration.invalid/"  # no address of an API, so that no proof for a call registers a key


class Complete(Answer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signed proof."""

    proof: Long


def begin(asking: Asking) -> Begun:  # noqa: ARG001 - the shape of every method
    nonce = base64url.encoded(secrets.token_bytes(NONCE))
    return Begun(state={"nonce": nonce}, shown={"htm": "POST", "htu": HTU, "nonce": nonce})


def complete(answering: Answering) -> Given:
    wanted = answering.state["nonce"]

    def check_nonce(given: object) -> None:
        if not isinstance(given, str) or not secrets.compare_digest(given.encode(), wanted.encode()):
            raise Refused("forged", "the proof was made for another challenge")

    shown = dpop.check(
        answering.answer.proof, method="POST", url=HTU, now=answering.now, check_nonce=check_nonce
    )
    return Given(
        kind="key_dpop",
        provenance={"key_type": shown.key["kty"]},
        subjects=(answering.keyed.subject(KEY, shown.jkt),),
        key=NewKey(kind=KIND, key_id=shown.jkt, public=canonical(shown.key)),
    )


METHOD = Method(
    gives=("key_dpop",),
    completes=Complete,
    complete=complete,
    opening=Opening(
        takes=Asked,
        begin=begin,
        lives=10 * MINUTE,
        attempts=3,
    ),
)
