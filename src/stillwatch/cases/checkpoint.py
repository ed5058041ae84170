"""Signed checkpoints of a log, in the form of C2SP's tlog-checkpoint: a signed note of origin, size and root.

The signer's name is the log's origin. A key id is the first four bytes of SHA-256 over the name, a line feed,
the algorithm byte 1 (Ed25519) and the public key.
"""

import os
import secrets
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stillwatch.records import InvalidConfiguration, UnreadableInput

KEY_FILE = "stillwatch-audit.key"
ED25519 = b"\x01"
ID = 4  # bytes of a key id
LINES = 3  # origin, size, root; lines after them are extensions
DASH = "\u2014"


class Checkpoint(msgspec.Struct, frozen=True):
    """What a log's owner signed: the tree of `size` entries had this root."""

    origin: str
    size: int
    root: bytes


class Signer:
    """The private key that signs a store's checkpoints."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key().public_bytes_raw()

    def sign(self, checkpoint: Checkpoint) -> str:
        """The signed note."""
        root = b64encode(checkpoint.root).decode()
        text = f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n"
        signature = key_id(checkpoint.origin, self.public) + self._key.sign(text.encode())
        return f"{text}\n{DASH} {checkpoint.origin} {b64encode(signature).decode()}\n"


def origin_of(tenant: str) -> str:
    """The name of a tenant's log, which may hold neither spaces nor plus signs."""
    return f"stillwatch/{quote(tenant, safe='')}"


def key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:ID]


def verifier_key(name: str, public: bytes) -> str:
    """The public key as one line of text that checkers of signed notes read."""
    return f"{name}+{key_id(name, public).hex()}+{b64encode(ED25519 + public).decode()}"


def public_of(verifier: str) -> bytes:
    """The public key in a verifier key. Raises ValueError where it is none."""
    name, identifier, encoded = verifier.strip().split("+", 2)
    kind, public = b64decode(encoded, validate=True)[:1], b64decode(encoded, validate=True)[1:]
    if kind != ED25519 or identifier != key_id(name, public).hex():
        raise ValueError("no verifier key of Ed25519, or its parts do not fit")
    return public


def opened(note: str, public: bytes) -> Checkpoint:
    """The checkpoint in a signed note. Raises ValueError where the note or its signature does not hold."""
    text, gap, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) < LINES:
        raise ValueError("no checkpoint: it has not the lines of one")
    origin, size, root = lines[:LINES]
    if not size.isascii() or not size.isdecimal() or str(int(size)) != size:
        raise ValueError(f"no checkpoint: its size is {size[:20]!r}")
    mine = key_id(origin, public)
    for line in signatures.splitlines():
        dash, name, encoded = [*line.split(" "), "", "", ""][:3]
        signature = b64decode(encoded, validate=True) if dash == DASH and name == origin else b""
        if signature[:ID] == mine:
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(signature[ID:], f"{text}\n".encode())
            except InvalidSignature as error:
                raise ValueError("its signature does not hold") from error
            return Checkpoint(origin, int(size), b64decode(root, validate=True))
    raise ValueError("it is not signed with this key")


def load_signer(path: Path) -> Signer:
    """The key in a file, made there on first use (mode 0600)."""
    if not path.exists():
        _make(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror} (errno {error.errno})") from error
    except (ValueError, TypeError) as error:
        raise InvalidConfiguration(f"{path}: no private key in PEM without a password") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidConfiguration(f"{path}: the key must be of Ed25519")
    return Signer(key)


def _make(path: Path) -> None:
    """Two processes may come at once: the file appears whole, and only one of them makes it."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
