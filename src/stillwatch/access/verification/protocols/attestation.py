"""What the attestation of a passkey is worth: whether its maker's certificate vouches for the key, and of which model.

The library verifies each format's signature, but where no root is given it takes any chain, and it does not check what
WebAuthn asks of the certificate of a packed attestation (section 8.2.1). Both are done here.
"""

from typing import Any

import cbor2
import msgspec
from cryptography import x509
from cryptography.x509.oid import NameOID
from webauthn.helpers.structs import AttestationFormat
from webauthn.registration.verify_registration_response import VerifiedRegistration

from stillwatch.access.verification.refusal import Refused

AAGUID = x509.ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")  # id-fido-gen-ce-aaguid
UNIT = "Authenticator Attestation"
ROOTED = frozenset({AttestationFormat.APPLE, AttestationFormat.ANDROID_KEY})  # roots come with the library
REFUSED = frozenset({AttestationFormat.ANDROID_SAFETYNET})  # Google ended the service that made it in 2025
NO_MODEL = "00000000-0000-0000-0000-000000000000"


class Attestation(msgspec.Struct, frozen=True, kw_only=True):
    """`trusted`: a root that was named vouches for the key. `certificate`: of the authenticator, in DER."""

    form: str
    aaguid: str
    trusted: bool
    certificate: bytes | None


def attestation_of(verified: VerifiedRegistration, rooted: frozenset[str]) -> Attestation:
    """`rooted` are the formats for which roots were given to the library. Raises Refused."""
    form = AttestationFormat(verified.fmt)
    if form in REFUSED:
        raise Refused("untrusted", f"attestation of the form {form.value} is not taken any more")
    chain = _chain(verified.attestation_object)
    if form is AttestationFormat.PACKED and chain:
        _check_packed(chain[0], verified.aaguid)
    return Attestation(
        form=form.value,
        aaguid=verified.aaguid,
        trusted=bool(chain) and (form in ROOTED or form.value in rooted),
        certificate=chain[0] if chain else None,
    )


def _chain(attestation_object: bytes) -> list[bytes]:
    """The certificates of a statement that was verified; none of a self-attestation."""
    statement: Any = cbor2.loads(attestation_object).get("attStmt", {})
    chain = statement.get("x5c", [])
    return [bytes(one) for one in chain]


def _check_packed(der: bytes, aaguid: str) -> None:
    """Section 8.2.1. Raises Refused."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        subject = certificate.subject
        extensions = certificate.extensions
        units = [one.value for one in subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)]
        named = all(
            subject.get_attributes_for_oid(name)
            for name in (NameOID.COUNTRY_NAME, NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
        )
        model = next((one for one in extensions if one.oid == AAGUID), None)
        authority = extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, x509.InvalidVersion, x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise Refused("untrusted", "the attestation's certificate cannot be read as one") from error
    if certificate.version is not x509.Version.v3 or authority or units != [UNIT] or not named:
        raise Refused("untrusted", "the attestation's certificate is not that of an authenticator")
    if model is not None and (model.critical or _model(model.value) != aaguid):
        raise Refused("untrusted", "the attestation's certificate is of another model")


def _model(value: x509.ExtensionType) -> str:
    """The AAGUID in an octet string within the extension."""
    raw = value.value if isinstance(value, x509.UnrecognizedExtension) else b""
    hexadecimal = raw[2:].hex() if raw[:2] == b"\x04\x10" and len(raw) == 18 else ""
    parts = (hexadecimal[:8], hexadecimal[8:12], hexadecimal[12:16], hexadecimal[16:20], hexadecimal[20:])
    return "-".join(parts)
