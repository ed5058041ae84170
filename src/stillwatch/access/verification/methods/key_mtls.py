"""A client certificate that calls are made with, by RFC 8705 (mTLS): an API key that is resold without it is worth nothing.

Shows: that who asks holds the key of a certificate. From then on a call of the account can be made to come over TLS with
this very certificate (`CallKeys`), which the proxy that ends TLS hands on.
Registering: the certificate in PEM, and a signature of its key over `stillwatch key_mtls`, a zero byte and the challenge;
ECDSA or PSS with SHA-256, or Ed25519. The certificate may be self-signed: what counts is that it is the same one.
Ends: with the certificate, or before.
Refuses: a certificate, or another one of the same key, that is registered already. The accounts are reported as linked.
Cannot show: that the key stays where it is, as with `key_dpop`.
"""

import secrets
from hashlib import sha256
from typing import Annotated

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

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
from stillwatch.access.verification.protocols import base64url, mtls
from stillwatch.access.verification.refusal import Refused

KIND = "mtls"
CHALLENGE = 32  # random bytes


class Complete(Answer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The certificate, and the signature in base64url."""

    certificate: Long
    signature: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


def begin(asking: Asking) -> Begun:  # noqa: ARG001 - the shape of every method
    challenge = base64url.encoded(secrets.token_bytes(CHALLENGE))
    return Begun(state={"challenge": challenge}, shown={"challenge": challenge})


def complete(answering: Answering) -> Given:
    shown = mtls.certificate_of(answering.answer.certificate)
    mtls.check_dates(shown, answering.now)
    try:
        signature = base64url.decoded(answering.answer.signature)
    except ValueError as error:
        raise Refused("malformed", "the signature is no base64url") from error
    mtls.check_possession(shown, signature, base64url.decoded(answering.state["challenge"]))
    public = x509.load_der_x509_certificate(shown.der).public_key()
    described = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    fingerprint = base64url.encoded(sha256(described).digest())
    return Given(
        kind="key_mtls",
        provenance={"not_after": shown.not_after},
        subjects=(answering.keyed.subject(KEY, fingerprint),),
        until=shown.not_after,
        key=NewKey(
            kind=KIND, key_id=shown.thumbprint, public=fingerprint, facts={"not_after": shown.not_after}
        ),
    )


METHOD = Method(
    gives=("key_mtls",),
    completes=Complete,
    complete=complete,
    opening=Opening(
        takes=Asked,
        begin=begin,
        lives=10 * MINUTE,
        attempts=3,
    ),
)
