"""The secret behind all marks of a provider, and the keys made of it, by tenant, purpose and cohort.

Keys are made by keyed BLAKE2b over names that are each preceded by their length, so that no two uses share a key and a
key tells nothing about another. The secret stays with those who serve the model and those who test students;
no key is ever taken from a request.
"""

import os
import secrets
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from stillwatch.records import InvalidConfiguration, UnreadableInput

if TYPE_CHECKING:
    from stillwatch.marks.watermark.threefry import Words

ENVIRONMENT = "STILLWATCH_MARK_SECRET"
MAKING = (
    "answers are tested with the secret they were marked with, and `python3 -c 'import secrets;"
    " print(secrets.token_hex(32))' > mark.secret` makes a new one"
)
SECRET_BYTES = 32
KEY_BYTES = 16
PERSON = b"stillwatch mark"


class MarkKeys(msgspec.Struct, frozen=True):
    """The keys of one tenant."""

    secret: bytes
    tenant: str = "default"

    def __post_init__(self) -> None:
        if len(self.secret) != SECRET_BYTES:
            raise InvalidConfiguration(f"the secret of marks is {SECRET_BYTES} bytes, not {len(self.secret)}")

    def key(self, purpose: str, *names: str) -> bytes:
        """16 bytes that belong to one purpose and name."""
        said = b"".join(
            len(one).to_bytes(8, "big") + one
            for one in (part.encode("utf-8", "surrogatepass") for part in (self.tenant, purpose, *names))
        )
        return blake2b(said, key=self.secret, digest_size=KEY_BYTES, person=PERSON).digest()

    def selector(self) -> "Words":
        """Of the choice which contexts are the cohorts' and which the global key's."""
        return as_words(self.key("selector"))

    def overall(self) -> "Words":
        """The global key: that of every marked answer."""
        return as_words(self.key("global"))

    def cohort(self, name: str) -> "Words":
        return as_words(self.key("cohort", name))

    def cohorts(self, names: list[str]) -> "Words":
        """Of several names: [names, 4]."""
        return np.stack([self.cohort(name) for name in names]) if names else np.empty((0, 4), np.uint32)

    def decoys(self, count: int, first: int = 0) -> "Words":
        """Keys [count, 4] that no answer was ever marked with, to compare a real one with."""
        return np.stack([as_words(self.key("decoy", str(first + number))) for number in range(count)])

    def key_id(self, cohort: str) -> str:
        """A public name of a cohort's key: it tells whether two secrets make the same key, and nothing else."""
        return blake2b(self.key("cohort", cohort), digest_size=8, person=b"mark key id").hexdigest()


def as_words(key: bytes) -> "Words":
    """16 bytes as the four words of Threefry, little-endian."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key of marks is {KEY_BYTES} bytes")
    return np.frombuffer(key, "<u4").astype(np.uint32)


def new_secret() -> str:
    return secrets.token_hex(SECRET_BYTES)


def load_secret(path: Path | None) -> bytes:
    """The secret in a file, or in the environment, as hexadecimal digits."""
    if path is None:
        text, where = os.environ.get(ENVIRONMENT), ENVIRONMENT
        if text is None:
            raise InvalidConfiguration(
                f"marks need their secret: set {ENVIRONMENT}, or name a file of it; {MAKING}"
            )
    else:
        where = str(path)
        try:
            text = path.read_text(encoding="ascii", errors="replace")
        except FileNotFoundError as error:
            raise UnreadableInput(f"{path}: no such file; {MAKING}") from error
        except OSError as error:
            raise UnreadableInput(f"{path}: {error.strerror}") from error
    try:
        secret = bytes.fromhex(text.strip())
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise InvalidConfiguration(
            f"the secret of marks ({where}) must be {SECRET_BYTES * 2} hexadecimal digits"
        )
    return secret
