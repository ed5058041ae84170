"""The one loop behind replay and watch: a tick of sketches in, alarms out; only the clock differs."""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.campaigns.court import Court
from stillwatch.campaigns.reference import Known
from stillwatch.detectors import catalogue
from stillwatch.features.key import SketchKey
from stillwatch.features.ledger import Ledger
from stillwatch.features.migration import Migration
from stillwatch.features.observed import Interner
from stillwatch.features.sketchlog import TICK
from stillwatch.linking.keyring import Keyring
from stillwatch.linking.keytable import key_table
from stillwatch.linking.population import Population, eligible
from stillwatch.linking.scene import Scene
from stillwatch.records import Alarm
from stillwatch.runtime.told import Portrayed

LOOK_AFTER = 0.02  # share of all exchanges so far that must be new before another look
SETTLED = (
    1 << 18
)  # exchanges of a tick after which pairs of accounts and keys are folded: they wait in memory
LOOK_AT_LEAST = 4  # ticks after which there is a look however little is new: once a day


class Loop:
    """All state of a run. Its size follows accounts, not exchanges; it can be pickled between ticks."""

    def __init__(self, key: SketchKey, fdr: float, known: Known | None = None, *, live: bool = False) -> None:
        """`live` says that accounts are going to be held against what looks found before the next look."""
        self.live = live
        self.ledger = Ledger(key)
        self.interner = Interner(self.ledger)
        self.population = Population()
        self.keyring = Keyring()
        self.migration = Migration()
        self.detectors = {name: detector() for name, detector in catalogue().items()}
        self.court = Court(self.detectors, fdr, known)
        self.bans: list[tuple[int, int]] = []
        self.alarms: list[Alarm] = []
        self.looked_at = 0  # end of the tick of the last look, microseconds
        self.heard: np.ndarray | None = None  # accounts whose texts were known at the last look
        self.portrayed = Portrayed.nothing()  # what the last look left for accounts that come after it
        self._seen = self._fresh = 0  # exchanges in all, and since the last look
        self._unsettled = 0  # exchanges since pairs of accounts and keys were folded
        self._looked = -LOOK_AT_LEAST  # tick of the last look

    def events(self, events: pa.Table) -> None:
        """Take in provider events (schema EVENTS, in order of time) that precede the next tick's end."""
        times = pc.cast(events["ts"], pa.int64()).to_pylist()
        rows = zip(
            times,
            events["kind"].to_pylist(),
            events["model"].to_pylist(),
            events["account_id"].to_pylist(),
            strict=True,
        )
        for at, kind, model, account in rows:
            if kind == "model_release" and model is not None:
                self.migration.released(at, int(self.interner.models.codes(pa.array([model]))[0]))
            elif kind == "ban" and account is not None:
                self.ledger.ban(account, at)
                self.bans.append((at, int(self.ledger.codes(pa.array([account]))[0])))
            elif kind == "unban" and account is not None:
                self.ledger.unban(account)

    def tick(self, number: int, batches: Iterable[pa.RecordBatch]) -> list[Alarm]:
        """Take in all sketches of tick `number` (in order of time) and look at the population at its end."""
        self.take(number, batches)
        return self.end(number)

    def take(self, number: int, batches: Iterable[pa.RecordBatch]) -> None:
        """Take in sketches of tick `number`, in order of time and after those that were taken before."""
        self.ledger.advance((number + 1) * TICK)
        for batch in batches:
            for start, stop in self._parts(len(batch)):
                self._observe(batch.slice(start, stop - start))

    def end(self, number: int) -> list[Alarm]:
        """Look at the population at the end of tick `number`, all of whose sketches were taken."""
        self._settle()
        if self._fresh < LOOK_AFTER * self._seen and number < self._looked + LOOK_AT_LEAST:
            return []
        self._fresh, self._looked = 0, number
        self.looked_at = (number + 1) * TICK
        scene = self.scene(self.looked_at)
        self.heard = scene.table.shows("text")
        alarms = self.court.look(scene)
        if self.live:
            self.portrayed = Portrayed.of(self.court.docket, scene, self.portrayed)
        self.alarms += alarms
        return alarms

    def observe(self, number: int, batches: Iterable[pa.RecordBatch]) -> None:
        """Take in all sketches of tick `number` without looking."""
        self.take(number, batches)
        self._settle()

    def _parts(self, rows: int) -> Iterator[tuple[int, int]]:
        """Rows of a batch in parts, so that pairs are folded after the same exchanges however a tick is cut."""
        start = 0
        while start < rows:
            stop = min(rows, start + SETTLED - self._unsettled)
            yield start, stop
            start = stop
            if self._unsettled == SETTLED:
                self._settle()

    def _observe(self, batch: pa.RecordBatch) -> None:
        observed = self.interner.observe(batch)
        self.population.observe(observed)
        self.migration.observe(observed)
        self.keyring.observe(observed)
        for detector in self.detectors.values():
            detector.observe(observed)
        self._seen += len(batch)
        self._fresh += len(batch)
        self._unsettled += len(batch)

    def _settle(self) -> None:
        self.keyring.settle()
        self._unsettled = 0

    def scene(self, now: int) -> Scene:
        """The population as it stands at `now`."""
        accounts = len(self.ledger)
        exchanges = self.population.exchanges(accounts)
        table = key_table(
            self.keyring,
            self.ledger,
            eligible(self.ledger, exchanges),
            self.population.country(accounts),
            now,
        )
        return Scene(
            now=now,
            ledger=self.ledger,
            table=table,
            exchanges=exchanges,
            first=self.population.first(accounts),
            last=self.population.last(accounts),
            daily=self.population.daily(accounts),
            bans=self._bans(now),
            migration=self.migration,
        )

    def _bans(self, now: int) -> list[tuple[int, int]]:
        """Bans that were told as events, and those that only an account's status shows."""
        told = {account for _, account in self.bans}
        off = self.ledger.off_at.upto(len(self.ledger))
        shown = [(int(off[account]), int(account)) for account in np.flatnonzero(off <= now)]
        return sorted(self.bans + [ban for ban in shown if ban[1] not in told])
