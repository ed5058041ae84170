"""A member's own secret keys: one signs its messages, one opens what was sealed for it."""

import os
from pathlib import Path

import msgspec

from stillwatch.records import InvalidConfiguration, UnreadableInput, UsageError

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
except ImportError as _missing:
    raise InvalidConfiguration(
        "private matching needs the packages of `share`: pip install 'stillwatch[share]'"
    ) from _missing

KEY_BYTES = 32
_NONCE = bytes(12)  # each sealing has a key of its own


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What a member keeps to itself, hexadecimal."""

    name: str
    signing: str
    sealing: str

    @property
    def signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.signing))

    @property
    def opener(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(bytes.fromhex(self.sealing))

    @property
    def verify_key(self) -> str:
        return self.signer.public_key().public_bytes_raw().hex()

    @property
    def seal_key(self) -> str:
        return self.opener.public_key().public_bytes_raw().hex()

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """What was sealed for this member. Raises UnreadableInput where it was not."""
        try:
            sender = X25519PublicKey.from_public_bytes(sealed[:KEY_BYTES])
            key = _derived(self.opener.exchange(sender), sealed[:KEY_BYTES] + bytes.fromhex(self.seal_key))
            return ChaCha20Poly1305(key).decrypt(_NONCE, sealed[KEY_BYTES:], about)
        except (ValueError, InvalidTag) as error:
            raise UnreadableInput(f"not sealed for {self.name}, or changed on its way") from error


def created(name: str) -> Identity:
    return Identity(
        name=name,
        signing=Ed25519PrivateKey.generate().private_bytes_raw().hex(),
        sealing=X25519PrivateKey.generate().private_bytes_raw().hex(),
    )


def sealed_for(seal_key: str, content: bytes, about: bytes) -> bytes:
    """Content that only the holder of a key can open, bound to what it is about."""
    ephemeral, to = X25519PrivateKey.generate(), bytes.fromhex(seal_key)
    sender = ephemeral.public_key().public_bytes_raw()
    key = _derived(ephemeral.exchange(X25519PublicKey.from_public_bytes(to)), sender + to)
    return sender + ChaCha20Poly1305(key).encrypt(_NONCE, content, about)


def load_identity(path: Path) -> Identity:
    """The identity in a file. Raises InvalidConfiguration where there is none."""
    try:
        identity = msgspec.json.decode(path.read_bytes(), type=Identity)
        _ = identity.signer, identity.opener
    except FileNotFoundError as error:
        raise InvalidConfiguration(
            f"{path}: no identity there; `stillwatch share identity` makes one"
        ) from error
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise InvalidConfiguration(f"{path}: not an identity: {error}") from error
    return identity


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, and that was not there. Raises UsageError where it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError as error:
        raise UsageError(f"{path}: is there already, and is not written over") from error


def _derived(shared: bytes, between: bytes) -> bytes:
    return HKDF(
        algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"stillwatch-sealed-1" + between
    ).derive(shared)
