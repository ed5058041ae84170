"""The keys of a file, taken up anew when it changes: after a rotation, every gateway mints with the new key soon."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from stillwatch.marks.ids.ages import MAX_AGE
from stillwatch.marks.ids.keyring import KeyRing, load_or_make, read
from stillwatch.marks.ids.minting import Minter
from stillwatch.marks.ids.sealing import Sealer
from stillwatch.records import InvalidConfiguration

LOGGER = logging.getLogger("stillwatch.marks")
INTERVAL = 1.0  # seconds between two looks at the file


class FollowedKeys:
    """Raises InvalidConfiguration if the file does not hold at the beginning; later, the last one that held goes on."""

    def __init__(
        self,
        path: Path,
        *,
        tenant: str = "",
        other_tenants: Sequence[str] = (),
        max_age: int = MAX_AGE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path, self._tenant, self._others, self._max_age = path, tenant, tuple(other_tenants), max_age
        self._clock = clock
        ring = load_or_make(path)
        self._seen = self._signature()
        self._take_up(ring)
        self._next = clock() + INTERVAL

    def minter(self) -> Minter:
        self._look()
        return self._minter

    def sealer(self) -> Sealer:
        self._look()
        return self._sealer

    def _look(self) -> None:
        if self._clock() < self._next:
            return
        self._next = self._clock() + INTERVAL
        signature = self._signature()
        if signature == self._seen:
            return
        self._seen = signature
        try:
            self._take_up(read(self._path))
        except InvalidConfiguration as error:
            LOGGER.error("minting goes on with the keys before: %s", error)  # noqa: TRY400 - it says all there is
        else:
            LOGGER.warning("keys taken up anew: %s", self._path)

    def _take_up(self, ring: KeyRing) -> None:
        minter = Minter(ring, tenant=self._tenant, other_tenants=self._others, max_age=self._max_age)
        self._sealer = Sealer(ring, minter)
        self._minter = minter

    def _signature(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns
