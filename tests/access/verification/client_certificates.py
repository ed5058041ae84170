"""Client certificates and their keys."""

import base64
import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import NameOID
from vouching import DAY, START

from stillwatch.access.verification.protocols import mtls
from stillwatch.records.times import moment


class Made(NamedTuple):
    key: object
    der: bytes
    pem: str


def self_signed(kind="ec", *, begins=START - DAY, ends=START + 300 * DAY, key=None):
    key = (
        key
        or {
            "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
            "ed25519": ed25519.Ed25519PrivateKey.generate,
            "rsa": lambda: rsa.generate_private_key(65537, 2048),
            "rsa1024": lambda: rsa.generate_private_key(65537, 1024),
        }[kind]()
    )
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"client {secrets.token_hex(4)}")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment(begins).replace(microsecond=0))
        .not_valid_after(moment(ends).replace(microsecond=0))
        .sign(key, None if kind == "ed25519" else hashes.SHA256())
    )
    encoding = serialization.Encoding
    return Made(key, made.public_bytes(encoding.DER), made.public_bytes(encoding.PEM).decode())


def lasting_now(**told):
    """A certificate that real TLS takes now."""
    now = datetime.now(UTC)
    micros = int((now - timedelta(days=1)).timestamp()) * 1_000_000
    return self_signed(begins=micros, ends=micros + 30 * DAY, **told)


def header_of(made):
    """As RFC 9440 writes it."""
    return f":{base64.b64encode(made.der).decode()}:"


def possess(made, challenge):
    """The signature that shows the key."""
    content = mtls.POSSESSION + base64.urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4))
    if isinstance(made.key, ec.EllipticCurvePrivateKey):
        raw = made.key.sign(content, ec.ECDSA(hashes.SHA256()))
    elif isinstance(made.key, ed25519.Ed25519PrivateKey):
        raw = made.key.sign(content)
    else:
        raw = made.key.sign(content, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
