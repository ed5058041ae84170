"""What all operations stand on: the store, and for each tenant with a watch here the place of its results."""

from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Protocol

import msgspec
from starlette.concurrency import run_in_threadpool

from stillwatch.cases.api import Store
from stillwatch.records import NotThere, StillwatchError
from stillwatch.service.metrics import Series
from stillwatch.service.spooling import Spooler

if TYPE_CHECKING:
    from stillwatch.access.verification.office import Office  # needs the extra `access`

READY_TENANT = "default"


class Watched(Protocol):
    """A watch that is looked after."""

    def trouble(self) -> str | None:
        """Why it does not run, or None."""


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """Where a tenant's watch leaves its results, and where exchanges for it are put."""

    out: Path
    verdicts: Path
    standings: Path
    alarms: Path
    spooler: Spooler
    policy: Path | None = None


class Standing:
    """Shared by all requests."""

    def __init__(
        self,
        store: Store,
        homes: Mapping[str, Home],
        series: Series,
        watched: Watched | None = None,
        office: "Office | None" = None,
    ) -> None:
        """Without an `office`, nothing of verification is served."""
        self.store = store
        self.series = series
        self._office = office
        self.streams = 0  # of alarms that are open
        self.ending = Event()  # the service goes down: streams come to their end
        self._homes = homes
        self._watched = watched

    def streaming(self, change: int) -> None:
        """A stream was opened or has ended."""
        self.streams += change
        self.series.streams(change)

    def home(self, tenant: str) -> Home:
        """Raises NotThere where no watch of this tenant runs here."""
        found = self._homes.get(tenant)
        if found is None:
            raise NotThere("no watch of this tenant runs here")
        return found

    @property
    def office(self) -> "Office":
        """What verification stands on. Raises NotThere where it is not served."""
        if self._office is None:
            raise NotThere("verification is not served here")
        return self._office

    async def troubles(self) -> list[str]:
        """Why requests cannot be served as they should be; none where all is well."""
        return await run_in_threadpool(self._troubles)

    def _troubles(self) -> list[str]:
        found = []
        try:
            with self.store.tenant(READY_TENANT).reading():
                pass
        except StillwatchError as error:
            found.append(str(error))
        if self._watched is not None and (trouble := self._watched.trouble()):
            found.append(trouble)
        found += [full for home in self._homes.values() if (full := home.spooler.trouble())]
        return found + (["the service is going down"] if self.ending.is_set() else [])

    def close(self) -> None:
        self.ending.set()
        for home in self._homes.values():
            home.spooler.close()
