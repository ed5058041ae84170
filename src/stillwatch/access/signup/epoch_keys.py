"""The secret behind identity tokens: a new key each quarter, of which old ones cannot be had back.

A key follows from the one before it by a hash, and the file holds the oldest that is still needed. So whoever gets
the file later, with the store beside it, can test no guess against tokens of quarters that are over.
"""

import os
import secrets
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import msgspec

from stillwatch.records import InvalidConfiguration, Micros, StillwatchError
from stillwatch.records.durable import replace

KEY_BYTES = 32
EPOCH = 90 * 86_400_000_000  # microseconds: as long as a token counts, so that two keys are needed at a time
LONGEST_REST = 8  # epochs that a file may be behind: more is a wrong clock, which would cost all keys
_NEXT, _IDENTITY = b"next", b"identity"


class _Kept(msgspec.Struct, forbid_unknown_fields=True):
    epoch: int
    key: str


class EpochKeys:
    """Keys by epoch, from the file's own on."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @staticmethod
    def epoch(now: Micros) -> int:
        return now // EPOCH

    def token(self, epoch: int, kind: str, *parts: str) -> str:
        """64 hexadecimal digits, the same for the same parts in one epoch, and no guess can be tested without the key.

        Raises StillwatchError where the key of the epoch is gone, or lies too far ahead to be true.
        """
        hashed = blake2b(key=self._key(epoch), person=_IDENTITY, digest_size=KEY_BYTES)
        for part in (kind, *parts):
            data = part.encode("utf-8", "surrogatepass")
            hashed.update(len(data).to_bytes(8) + data)
        return hashed.hexdigest()

    def has(self, epoch: int) -> bool:
        """Whether the key of the epoch is not gone."""
        return epoch >= self._read(epoch).epoch

    def retire(self, before: int) -> None:
        """Make keys of earlier epochs such that nobody can have them back."""
        if self._read(before).epoch < before:
            key = self._key(before)
            partial = self._path.with_name(f".{self._path.name}-{secrets.token_hex(8)}")
            _write(partial, before, key)
            replace(partial, self._path)

    def _key(self, epoch: int) -> bytes:
        kept = self._read(epoch)
        ahead = epoch - kept.epoch
        if ahead < 0:
            raise StillwatchError(f"{self._path}: the key of that quarter is gone; is the clock behind?")
        if ahead > LONGEST_REST:
            raise StillwatchError(
                f"{self._path}: was last renewed {ahead} quarters ago by this clock; if the clock is right, no token still"
                " counts: move the file away to begin with a new key"
            )
        key = bytes.fromhex(kept.key)
        for _ in range(ahead):
            key = blake2b(key=key, person=_NEXT, digest_size=KEY_BYTES).digest()
        return key

    def _read(self, epoch: int) -> _Kept:
        """What the file holds; it is made, for the epoch before this one, on first use."""
        if not self._path.exists():
            self._make(epoch - 1)
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
            sound = len(bytes.fromhex(kept.key)) == KEY_BYTES
        except (OSError, ValueError) as error:
            raise InvalidConfiguration(f"{self._path}: no key of identity tokens") from error
        if not sound:
            raise InvalidConfiguration(f"{self._path}: a key of identity tokens has {KEY_BYTES} bytes")
        return kept

    def _make(self, epoch: int) -> None:
        """Write a new key, whole; if another process was faster, its key stands."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        made = self._path.with_name(f".{self._path.name}-{secrets.token_hex(8)}")
        try:
            _write(made, epoch, secrets.token_bytes(KEY_BYTES))
            with suppress(FileExistsError):
                os.link(made, self._path)
        finally:
            made.unlink(missing_ok=True)


def _write(path: Path, epoch: int, key: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.encode(_Kept(epoch, key.hex())) + b"\n")
