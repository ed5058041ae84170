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
from stillwatch.records.changing import ChangingFile

LOGGER = logging.getLogger("stillwatch.marks")


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
        self._tenant, self._others, self._max_age = tenant, tuple(other_tenants), max_age
        load_or_make(path)
        self._file = ChangingFile(path, clock)
        self._take_up(read(path))

    def minter(self) -> Minter:
        self._look()
        return self._minter

    def sealer(self) -> Sealer:
        self._look()
        return self._sealer

    def _look(self) -> None:
        if not self._file.changed():
            return
        try:
            self._take_up(read(self._file.path))
        except InvalidConfiguration as error:
            LOGGER.error("minting goes on with the keys before: %s", error)  # noqa: TRY400 - it says all there is
        else:
            LOGGER.warning("keys taken up anew: %s", self._file.path)

    def _take_up(self, ring: KeyRing) -> None:
        minter = Minter(ring, tenant=self._tenant, other_tenants=self._others, max_age=self._max_age)
        self._sealer = Sealer(ring, minter)
        self._minter = minter
