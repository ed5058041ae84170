"""Signatures on what leaves: a detached JWS with Ed25519 over canonical JSON.

By RFC 7515 (appendix F), RFC 7797 (unencoded payload), RFC 8037 and RFC 8785, so that a signature holds however a
receiver's tools write the JSON. A key is a JSON Web Key with `nbf` and `exp`, seconds since 1970. An expired key signs
nothing, and a signature made outside a key's time does not hold.
"""

import json
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import msgspec
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stillwatch.records import InvalidConfiguration, Micros, StillwatchError, UnreadableInput

KEY_FILE = "stillwatch-release.jwk"
SECOND = 1_000_000  # microseconds
LASTS = 365 * 86_400  # seconds that a new key is good for
NARROW = 0o600


class NotGenuine(StillwatchError):
    """A signature does not hold, or its key was not good when it was made."""

    exit_code = 3


class ExpiredKey(InvalidConfiguration):
    """The key that should sign is not good now."""


class PublicKey(msgspec.Struct, frozen=True, kw_only=True):
    """What receivers hold of a key."""

    x: str
    kid: str
    nbf: int
    exp: int
    kty: str = "OKP"
    crv: str = "Ed25519"
    alg: str = "EdDSA"
    use: str = "sig"


class ReleaseKey(PublicKey, frozen=True, kw_only=True):
    """With the private part `d`."""

    d: str

    @property
    def public(self) -> PublicKey:
        return PublicKey(**{name: getattr(self, name) for name in PublicKey.__struct_fields__})


class _Header(msgspec.Struct, frozen=True):
    alg: str
    b64: bool
    crit: list[str]
    iat: int
    kid: str


def new_key(at: Micros, lasts: int = LASTS) -> ReleaseKey:
    """A fresh key, good from `at` on for so many seconds."""
    private = Ed25519PrivateKey.generate()
    x = _encoded(private.public_key().public_bytes_raw())
    now = at // SECOND
    return ReleaseKey(
        x=x, d=_encoded(private.private_bytes_raw()), kid=thumbprint(x), nbf=now, exp=now + lasts
    )


def thumbprint(x: str) -> str:
    """The key's name, by RFC 7638."""
    return _encoded(sha256(canonical({"crv": "Ed25519", "kty": "OKP", "x": x})).digest())


def load_key(path: Path, at: Micros) -> ReleaseKey:
    """The key in a file, made there on first use (mode 0600)."""
    if not path.exists():
        _make(path, at)
    try:
        key = msgspec.json.decode(path.read_bytes(), type=ReleaseKey)
        Ed25519PrivateKey.from_private_bytes(_decoded(key.d))
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror} (errno {error.errno})") from error
    except ValueError as error:
        raise InvalidConfiguration(f"{path}: no private JSON Web Key of Ed25519 with nbf and exp") from error
    return key


def canonical(value: object) -> bytes:
    """RFC 8785. Raises UnreadableInput for what it cannot hold."""
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type] # it refuses what it does not know
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise UnreadableInput(f"cannot be written as canonical JSON: {error}") from error


def sign(payload: bytes, key: ReleaseKey, at: Micros) -> str:
    """The detached JWS over bytes. Raises ExpiredKey where the key is not good at `at`."""
    now = at // SECOND
    if not key.nbf <= now < key.exp:
        raise ExpiredKey(
            f"the release key {key.kid} is good from {key.nbf} to {key.exp} (seconds since 1970), not at {now}"
        )
    header = _encoded(canonical({"alg": "EdDSA", "b64": False, "crit": ["b64"], "iat": now, "kid": key.kid}))
    private = Ed25519PrivateKey.from_private_bytes(_decoded(key.d))
    return f"{header}..{_encoded(private.sign(header.encode() + b'.' + payload))}"


def verify(payload: bytes, jws: str, key: PublicKey, at: Micros) -> int:
    """Check a detached JWS; returns when it was made, in seconds since 1970. Raises NotGenuine."""
    header, _, rest = jws.partition(".")
    middle, _, signature = rest.partition(".")
    try:
        said = msgspec.json.decode(_decoded(header), type=_Header)
        Ed25519PublicKey.from_public_bytes(_decoded(key.x)).verify(
            _decoded(signature), header.encode("ascii") + b"." + payload
        )
    except (ValueError, InvalidSignature) as error:
        raise NotGenuine("the signature does not hold") from error
    if middle or said.alg != "EdDSA" or said.b64 or said.crit != ["b64"] or said.kid != key.kid:
        raise NotGenuine("the signature is of another form or key")
    if not key.nbf <= said.iat < key.exp or said.iat > at // SECOND:
        raise NotGenuine("the signature was made outside the time in which its key is good")
    return said.iat


def _make(path: Path, at: Micros) -> None:
    """Two processes may come at once: the file appears whole, and only one of them makes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, NARROW)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(json.dumps(msgspec.to_builtins(new_key(at)), indent=1).encode() + b"\n")
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
