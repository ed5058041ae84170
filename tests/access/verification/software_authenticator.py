"""An authenticator in software: real keys, real CBOR, real certificates, and every lie that a test wants to tell."""

import base64
import hashlib
import json
import secrets
from datetime import UTC, datetime

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ORIGIN, PARTY = "https://console.example.com", "example.com"
MODEL = bytes.fromhex("f8a011f38c0a4d15800617111f9edc7d")
NO_MODEL = bytes(16)
AAGUID = x509.ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")
PRESENT, VERIFIED, COPYABLE, BACKED_UP, ATTESTED = 1, 4, 8, 16, 64


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def name_of(common, unit="Authenticator Attestation"):
    told = [
        (NameOID.COUNTRY_NAME, "SE"),
        (NameOID.ORGANIZATION_NAME, "Keys of Metal"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        (NameOID.COMMON_NAME, common),
    ]
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in told])


def certificate(
    public, issuer, signer, *, common="device", unit="Authenticator Attestation", ca=False, model=None
):
    begin, end = datetime(2024, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name_of(common, unit))
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if model is not None:
        builder = builder.add_extension(
            x509.UnrecognizedExtension(AAGUID, b"\x04\x10" + model), critical=False
        )
    return builder.sign(signer, hashes.SHA256())


class Maker:
    """Who makes authenticators: a root, and one certificate for each batch of devices."""

    def __init__(self, *, unit="Authenticator Attestation", model=MODEL, ca=False):
        self.key = ec.generate_private_key(ec.SECP256R1())
        common = f"Root {secrets.token_hex(4)}"
        root = name_of(common, "Root CA")
        self.root = certificate(self.key.public_key(), root, self.key, common=common, unit="Root CA", ca=True)
        self.batch_key = ec.generate_private_key(ec.SECP256R1())
        self.batch = certificate(self.batch_key.public_key(), root, self.key, unit=unit, model=model, ca=ca)

    def root_pem(self):
        return self.root.public_bytes(serialization.Encoding.PEM)

    def batch_der(self):
        return self.batch.public_bytes(serialization.Encoding.DER)


class Authenticator:
    """Holds any number of passkeys."""

    def __init__(self, *, maker=None, form="packed", model=MODEL, copyable=False, counting=True):
        self.maker, self.form, self.model = maker, form, model
        self.copyable, self.counting = copyable, counting
        self.held = {}  # credential id -> (key, counter)

    def create(
        self,
        options,
        *,
        origin=ORIGIN,
        key=None,
        flags=0,
        drop=0,
        challenge=None,
        credential_id=None,
        **client,
    ):
        """As `navigator.credentials.create()`. Raises where it holds a passkey that it was told to exclude."""
        excluded = {one["id"] for one in options.get("excludeCredentials", [])}
        if excluded & {b64url(one) for one in self.held}:
            raise RuntimeError("InvalidStateError")
        key = key or ec.generate_private_key(ec.SECP256R1())
        credential_id = credential_id or secrets.token_bytes(32)
        self.held[credential_id] = [key, 0]
        told = self._client("webauthn.create", challenge or options["challenge"], origin, client)
        numbers = key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        model = NO_MODEL if self.form == "fido-u2f" else self.model
        data = self._data(options["rp"]["id"], (PRESENT | VERIFIED | ATTESTED | flags) & ~drop, 0)
        data += model + len(credential_id).to_bytes(2, "big") + credential_id + cose
        form, statement = self._statement(key, data, told, credential_id, b"\x04" + x + y)
        attested = cbor2.dumps({"fmt": form, "attStmt": statement, "authData": data})
        return {
            "id": b64url(credential_id),
            "rawId": b64url(credential_id),
            "type": "public-key",
            "response": {"clientDataJSON": b64url(told), "attestationObject": b64url(attested)},
            "clientExtensionResults": {},
        }

    def get(self, options, *, origin=ORIGIN, drop=0, counter=None, key=None, challenge=None, **client):
        """As `navigator.credentials.get()`."""
        allowed = [unb64url(one["id"]) for one in options["allowCredentials"]]
        credential_id = next(one for one in allowed if one in self.held)
        held = self.held[credential_id]
        held[1] += 1 if self.counting else 0
        data = self._data(
            options["rpId"], (PRESENT | VERIFIED) & ~drop, held[1] if counter is None else counter
        )
        told = self._client("webauthn.get", challenge or options["challenge"], origin, client)
        made = (key or held[0]).sign(data + hashlib.sha256(told).digest(), ec.ECDSA(hashes.SHA256()))
        return {
            "id": b64url(credential_id),
            "rawId": b64url(credential_id),
            "type": "public-key",
            "response": {
                "clientDataJSON": b64url(told),
                "authenticatorData": b64url(data),
                "signature": b64url(made),
            },
            "clientExtensionResults": {},
        }

    def _client(self, kind, challenge, origin, more):
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, **more}).encode()

    def _data(self, party, flags, counter):
        flags |= COPYABLE | BACKED_UP if self.copyable else 0
        return hashlib.sha256(party.encode()).digest() + bytes([flags]) + counter.to_bytes(4, "big")

    def _statement(self, key, data, told, credential_id, point):
        """The form of attestation, and what it states."""
        hashed = hashlib.sha256(told).digest()
        algorithm = ec.ECDSA(hashes.SHA256())
        if self.form == "none":
            return "none", {}
        if self.form == "fido-u2f":
            signed = b"\x00" + data[:32] + hashed + credential_id + point
            made = self.maker.batch_key.sign(signed, algorithm)
            return "fido-u2f", {"sig": made, "x5c": [self.maker.batch_der()]}
        if self.maker is None:
            return "packed", {"alg": -7, "sig": key.sign(data + hashed, algorithm)}
        made = self.maker.batch_key.sign(data + hashed, algorithm)
        return self.form, {"alg": -7, "sig": made, "x5c": [self.maker.batch_der()]}
