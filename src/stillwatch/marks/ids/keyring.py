"""The keys that ids are minted with: one mints, older ones verify until they are retired.

They lie in a JSON file of mode 0600, made on first use. Every gateway needs the same file. A retired key keeps its
number, so that its ids are told apart from forged ones, and loses its secret.
"""

import os
import secrets
import stat
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from stillwatch.records import InvalidConfiguration, Micros, UsageError, rfc3339

SCHEMA = "stillwatch.minting-keys/1"
SECRET_BYTES = 32
MOST = 256  # numbers of keys: one byte of an id
MICROS = 1_000_000


class MintingKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One key. Without a secret it is retired."""

    number: int
    secret: str | None  # hexadecimal
    made_at: str
    retired_at: str | None = None


class KeyRing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All keys, the one that mints last, and the secret behind handles, which outlives them."""

    schema: str
    handles: str  # hexadecimal
    keys: tuple[MintingKey, ...]

    @property
    def minting(self) -> MintingKey:
        return self.keys[-1]


def made() -> KeyRing:
    """A new ring with one key."""
    return KeyRing(schema=SCHEMA, handles=secrets.token_hex(SECRET_BYTES), keys=(_key(0),))


def rotated(ring: KeyRing) -> KeyRing:
    """The ring with a new key that mints from now on. Raises UsageError where every number is taken."""
    used = {key.number for key in ring.keys if key.secret is not None}
    number = next(
        (
            n % MOST
            for n in range(ring.minting.number + 1, ring.minting.number + MOST)
            if n % MOST not in used
        ),
        None,
    )
    if number is None:
        raise UsageError(f"{MOST} keys still verify: retire some first")
    kept = tuple(key for key in ring.keys if key.number != number)
    return msgspec.structs.replace(ring, keys=(*kept, _key(number)))


def retired(ring: KeyRing, number: int) -> KeyRing:
    """The ring in which a key verifies nothing any more. Raises UsageError."""
    found = next((key for key in ring.keys if key.number == number), None)
    if found is None:
        raise UsageError(
            f"there is no key {number}; there are {', '.join(str(key.number) for key in ring.keys)}"
        )
    if found is ring.minting:
        raise UsageError(f"key {number} mints: rotate first")
    if found.secret is None:
        raise UsageError(f"key {number} is retired already, since {found.retired_at}")
    gone = msgspec.structs.replace(found, secret=None, retired_at=_now())
    return msgspec.structs.replace(ring, keys=tuple(gone if key is found else key for key in ring.keys))


def load_or_make(path: Path) -> KeyRing:
    """The ring in a file, made if there is none. Raises InvalidConfiguration."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = _written(path, made())
            with suppress(FileExistsError):  # another process was faster, and its keys stand
                os.link(partial, path)
            partial.unlink()
    except OSError as error:
        raise InvalidConfiguration(f"the keys {path} cannot be made: {error.strerror}") from error
    return read(path)


def read(path: Path) -> KeyRing:
    """Raises InvalidConfiguration."""
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise InvalidConfiguration(
            f"the keys {path} are not there: name with --keys those that minted the ids, since no others read them;"
            f" `stillwatch mark ids mint ACCOUNT --keys {path}` makes new ones"
        ) from error
    except OSError as error:
        raise InvalidConfiguration(f"the keys {path} cannot be read: {error.strerror}") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InvalidConfiguration(f"the keys {path} must be their owner's alone: chmod 600 {path}")
    try:
        ring = msgspec.json.decode(content, type=KeyRing)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidConfiguration(f"the keys {path} cannot be read: {error}") from error
    if wrong := _wrong(ring):
        raise InvalidConfiguration(f"the keys {path} do not hold together: {wrong}")
    return ring


def write(path: Path, ring: KeyRing) -> None:
    """Put a ring in the place of the one in a file. Raises InvalidConfiguration."""
    try:
        _written(path, ring).replace(path)
    except OSError as error:
        raise InvalidConfiguration(f"the keys {path} cannot be written: {error.strerror}") from error


def _written(path: Path, ring: KeyRing) -> Path:
    partial = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(ring), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return partial


def _wrong(ring: KeyRing) -> str | None:
    """What does not hold in a ring; no secret is ever part of it."""
    if ring.schema != SCHEMA:
        return f"not of the form {SCHEMA}"
    if not ring.keys:
        return "there is no key"
    numbers = [key.number for key in ring.keys]
    if len(set(numbers)) < len(numbers) or not all(0 <= number < MOST for number in numbers):
        return f"numbers of keys must differ and lie in 0 to {MOST - 1}"
    if ring.minting.secret is None:
        return f"the last key, {ring.minting.number}, mints and has no secret"
    for name, secret in [
        ("handles", ring.handles),
        *((f"key {key.number}", key.secret) for key in ring.keys),
    ]:
        if secret is not None and not _is_secret(secret):
            return f"the secret of {name} must be {SECRET_BYTES * 2} hexadecimal digits"
    return None


def _is_secret(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == SECRET_BYTES
    except ValueError:
        return False


def _key(number: int) -> MintingKey:
    return MintingKey(number=number, secret=secrets.token_hex(SECRET_BYTES), made_at=_now())


def _now() -> str:
    return rfc3339(Micros(int(time.time()) * MICROS))
