"""A member's part in the key of one epoch: its share, what the shares of all are in public, and the seed of hashes."""

import hashlib
from pathlib import Path

import msgspec

from stillwatch.features.key import SketchKey
from stillwatch.records import InvalidConfiguration, Micros, UsageError, rfc3339

LONGEST_EPOCH = 92 * 86_400_000_000  # microseconds: a quarter of a year


class EpochKey(msgspec.Struct, frozen=True, kw_only=True):
    """Scalars, elements and seed are hexadecimal. `share` is None for a member that only asks."""

    group: str
    epoch: str
    valid_from: Micros
    valid_until: Micros
    threshold: int
    public: str
    public_shares: dict[int, str]
    seed: str
    member: str
    number: int | None = None
    share: str | None = None

    @property
    def key_id(self) -> str:
        return key_id(self.group, self.epoch, self.public)

    @property
    def hashes(self) -> SketchKey:
        """The hash family of this epoch, by which all members sketch templates alike."""
        return SketchKey(hashlib.sha256(b"stillwatch-templates-1" + bytes.fromhex(self.seed)).digest())

    def valid(self, now: int) -> bool:
        return self.valid_from <= now < self.valid_until


def key_id(group: str, epoch: str, public: str) -> str:
    """The name of a key: 16 hexadecimal digits that follow from group, epoch and public key."""
    return hashlib.sha256(f"{group}\0{epoch}\0{public}".encode()).hexdigest()[:16]


def load_key(path: Path) -> EpochKey:
    """The key in a file. Raises InvalidConfiguration where there is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=EpochKey)
    except (OSError, msgspec.MsgspecError) as error:
        raise InvalidConfiguration(f"{path}: not the key of an epoch: {error}") from error


def load_keys(folder: Path) -> dict[str, EpochKey]:
    """All keys of a folder (`*.epoch`), by id. Raises InvalidConfiguration for one that is none."""
    keys = [load_key(path) for path in sorted(folder.glob("*.epoch"))]
    return {key.key_id: key for key in keys}


def current(keys: dict[str, EpochKey], now: int) -> EpochKey:
    """The key that is valid now; of several the one that began last. Raises UsageError where none is."""
    valid = [key for key in keys.values() if key.valid(now)]
    if not valid:
        until = max((key.valid_until for key in keys.values()), default=None)
        ended = "" if until is None else f"; the last one ends {rfc3339(until)}"
        raise UsageError(
            f"no key is valid at {rfc3339(now)}{ended}; members deal one with `stillwatch share deal`"
        )
    return max(valid, key=lambda key: key.valid_from)
