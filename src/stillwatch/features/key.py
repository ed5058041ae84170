"""The operator's secret that keys every sketch, so that a sketch cannot be matched or reversed without it."""

import hashlib
import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np

from stillwatch.records import InvalidConfiguration

ENVIRONMENT = "STILLWATCH_KEY"
KEY_FILE = "stillwatch.key"
KEY_BYTES = 32


class SketchKey(msgspec.Struct, frozen=True):
    """32 secret bytes; the constants of all keyed hashes are derived from them with BLAKE2b."""

    secret: bytes

    def constants(self, purpose: str, count: int) -> np.ndarray:
        """`count` pseudo-random odd uint64 for one purpose."""
        return _constants(self.secret, purpose, count)


@lru_cache(maxsize=256)
def _constants(secret: bytes, purpose: str, count: int) -> np.ndarray:
    blocks = [
        hashlib.blake2b(f"{purpose}/{i}".encode(), key=secret, digest_size=64).digest()
        for i in range(-(-count // 8))
    ]
    out = np.frombuffer(b"".join(blocks), np.uint64)[:count] | np.uint64(1)
    out.flags.writeable = False
    return out


def _make(path: Path) -> None:
    """Write a new key, whole; if another process was faster, its key stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
        with suppress(FileExistsError):  # then that one is read
            os.link(made, path)
    finally:
        made.unlink()


def load_key(beside: Path) -> SketchKey:
    """The key from STILLWATCH_KEY (hex), else from `stillwatch.key` in `beside`, made on first use (mode 0600)."""
    text = os.environ.get(ENVIRONMENT)
    if text is None:
        path = beside / KEY_FILE
        if not path.exists():
            _make(path)
        text = path.read_text(encoding="ascii", errors="replace")
    try:
        secret = bytes.fromhex(text.strip())
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise InvalidConfiguration(
            f"the sketch key ({ENVIRONMENT} or {beside / KEY_FILE}) must be {KEY_BYTES * 2} hexadecimal digits"
        )
    return SketchKey(secret)
