"""Keys that calls must show, published for gateways whenever the audit says that something changed."""

from pathlib import Path
from typing import TYPE_CHECKING

from stillwatch.access import verification
from stillwatch.features.key import SketchKey

if TYPE_CHECKING:
    from stillwatch.cases.api import Tenant

BOUND_KEYS = "bound-keys"


class KeyPublishing:
    """Publishes. Needs the packages of the extra `access`."""

    def __init__(self, path: Path, key: SketchKey) -> None:
        self._path = path
        self._office = verification.Office(verification.Settings(), key)
        self._entries: int | None = None  # of the audit when the file was written last

    def round(self, tenant: "Tenant", entries: int | None) -> None:
        """Raises StillwatchError."""
        if entries is not None and entries == self._entries:
            return
        keys = verification.VerificationDesk(tenant, self._office).bound_keys()
        verification.publish_bound_keys(self._path, keys)
        self._entries = entries


def key_publishing(out: Path, key: SketchKey | None) -> KeyPublishing | None:
    """None where verification is not installed: no account can have bound a key."""
    return KeyPublishing(out / BOUND_KEYS, key) if key is not None and verification.installed() else None
