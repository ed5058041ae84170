"""Keys that a client certificate binds, by RFC 8705: what is compared is SHA-256 of the certificate, `x5t#S256`.

The proxy that ends TLS has the client prove its key in the handshake and hands the certificate on in a header. It must
take away the header that a client sends itself.
"""

import re
from base64 import b64decode
from hashlib import sha256
from urllib.parse import unquote

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from stillwatch.access.verification.proof import SECOND, SKEW
from stillwatch.access.verification.protocols import base64url
from stillwatch.access.verification.refusal import Refused
from stillwatch.records import Micros

LONGEST = 16_384  # characters of a certificate
SMALLEST_RSA = 2_048  # bits, the least that NIST SP 800-131A allows
POSSESSION = b"stillwatch key_mtls\x00"  # before the challenge, so that no other signature is one
PEM = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*", re.ASCII)
FORWARDED = re.compile(r'(?:^|;)\s*Cert="?([^;",]+)"?', re.ASCII | re.IGNORECASE)


class Presented(msgspec.Struct, frozen=True, kw_only=True):
    """A client certificate."""

    thumbprint: str  # x5t#S256
    not_before: Micros
    not_after: Micros
    der: bytes


def certificate_of(text: str) -> Presented:
    """A certificate in PEM. Raises Refused."""
    found = PEM.fullmatch(text.strip() + "\n") if len(text) <= LONGEST else None
    if found is None:
        raise Refused("malformed", "no single certificate in PEM")
    try:
        return presented(b64decode("".join(found[1].split()), validate=True))
    except ValueError as error:
        raise Refused("malformed", "no certificate in PEM") from error


def presented(der: bytes) -> Presented:
    """Raises Refused where the bytes are no certificate of X.509."""
    try:
        read = x509.load_der_x509_certificate(der)
        begins, ends = read.not_valid_before_utc.timestamp(), read.not_valid_after_utc.timestamp()
    except (ValueError, TypeError, OverflowError, x509.InvalidVersion) as error:
        raise Refused("malformed", "no certificate of X.509") from error
    return Presented(
        thumbprint=base64url.encoded(sha256(der).digest()),
        not_before=Micros(int(begins) * SECOND),
        not_after=Micros(int(ends) * SECOND),
        der=der,
    )


def from_header(value: str) -> Presented:
    """The certificate a proxy hands on: `Client-Cert` (RFC 9440), PEM with percent escapes, or Envoy's `Cert=`.

    Raises Refused.
    """
    text = value.strip()
    if len(text) > 3 * LONGEST:
        raise Refused("malformed", "the header is too long for a certificate")
    if text.startswith(":") and text.endswith(":") and len(text) > 2:
        try:
            return presented(b64decode(text[1:-1], validate=True))
        except ValueError as error:
            raise Refused("malformed", "no byte sequence in the header") from error
    forwarded = FORWARDED.findall(text)
    return certificate_of(unquote(forwarded[-1] if forwarded else text))


def check_dates(shown: Presented, now: Micros) -> None:
    """Raises Refused outside the certificate's time."""
    if now < shown.not_before - SKEW:
        raise Refused("clock_skewed", "the certificate is not valid yet")
    if now >= shown.not_after:
        raise Refused("expired", "the certificate has expired")


def check_possession(shown: Presented, signature: bytes, challenge: bytes) -> None:
    """That who shows the certificate holds its key, where no handshake shows it. Raises Refused.

    The signature is over `stillwatch key_mtls`, a zero byte and the challenge: ECDSA or PSS (salt as long as the
    hash) with SHA-256, or Ed25519.
    """
    content = POSSESSION + challenge
    try:
        key = x509.load_der_x509_certificate(shown.der).public_key()
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, content, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, content)
        elif isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA:
            scheme = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
            key.verify(signature, content, scheme, hashes.SHA256())
        else:
            raise Refused("malformed", "the certificate's key is of no kind that is taken, or too short")
    except InvalidSignature as error:
        raise Refused("forged", "the signature does not fit the certificate") from error
    except (ValueError, UnsupportedAlgorithm) as error:  # a key that cannot be read
        raise Refused("malformed", "the certificate's key cannot be read") from error
