"""Puts a rehearsal before a detector: everyday accounts, the suspects among them, and the score that comes out."""

from functools import cache

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.campaigns.calibration import calibrate
from stillwatch.campaigns.reference import reference_groups
from stillwatch.features.groups import Groups
from stillwatch.features.key import SketchKey
from stillwatch.features.ledger import Ledger
from stillwatch.features.migration import Migration
from stillwatch.features.observed import Interner, Observed
from stillwatch.features.sketch import sketch
from stillwatch.linking.keyring import FAMILIES, Keyring
from stillwatch.linking.keytable import key_table
from stillwatch.linking.population import Population, eligible
from stillwatch.linking.rehearsal import DAY, DAYS, START, Records, everybody
from stillwatch.linking.scene import Scene
from stillwatch.records import ACCOUNTS, EVENTS, EXCHANGES

KEY = SketchKey(b"a key for rehearsals, 32 bytes !")
END = START + DAYS * DAY
FIRES, QUIET = 2.0, 1.5  # standard scores a true positive must reach, and a true negative must not
ROW_FIELDS_OF_OTHER_LENGTH = {"accounts", "replayed", "replayed_row"}


class Staged(msgspec.Struct):
    """Everything a detector meets, at the end of the log."""

    observed: Observed
    scene: Scene
    groups: Groups  # the suspects, then natural groups
    families: np.ndarray
    suspects: np.ndarray

    def measure(self, detector, *batches):
        """What a fresh or given detector says after having seen the batches (by default all in one)."""
        seen = detector() if isinstance(detector, type) else detector
        for batch in batches or (self.observed,):
            seen.observe(batch)
        return seen.measure(self.groups, self.scene)

    def score(self, detector):
        """Standard score of the suspects against natural groups, NaN unseen."""
        made_by_it = FAMILIES.index(detector.kind) if detector.kind in FAMILIES else -1
        measure = self.measure(detector)
        return calibrate(measure, 1, self.families != made_by_it, detector.floor)


def table(records, schema, drop=frozenset(), prefix=""):
    """Records as an Arrow batch, without the dropped fields."""
    rows = [msgspec.structs.asdict(record) for record in records]
    for row in rows:
        row.update({name: None for name in row if prefix + name in drop})
    return pa.RecordBatch.from_pylist(rows, schema=schema)


@cache
def _crowd(drop):
    records = everybody()
    return sketch(table(records.exchanges, EXCHANGES, drop), KEY), records


def stage(records: Records, suspects, drop=frozenset()) -> Staged:
    """The records played among everyday accounts; fields in `drop` are missing everywhere."""
    crowd, background = _crowd(frozenset(drop))
    sketches = pa.Table.from_batches([crowd, sketch(table(records.exchanges, EXCHANGES, drop), KEY)])
    sketches = sketches.take(pc.sort_indices(sketches, [("ts", "ascending"), ("exchange_id", "ascending")]))
    everything = background + records
    kept = [event for event in everything.events if f"event.{event.kind}" not in drop]
    return staged(
        sketches.combine_chunks().to_batches()[0],
        table(everything.accounts, ACCOUNTS, drop, "account."),
        table(kept, EVENTS),
        suspects,
    )


def staged(sketches, accounts, events, suspects) -> Staged:
    """The scene at the end of sketches (in order of time)."""
    ledger, population, keyring, migration = Ledger(KEY), Population(), Keyring(), Migration()
    interner = Interner(ledger)
    ledger.add(pa.Table.from_batches([accounts]))
    ledger.advance(END)
    bans = []
    for event in sorted(events.to_pylist(), key=lambda event: event["ts"]):
        at = int(event["ts"].timestamp() * 1_000_000)
        if event["kind"] == "model_release":
            migration.released(at, int(interner.models.codes(pa.array([event["model"]]))[0]))
        else:
            bans.append((at, int(ledger.codes(pa.array([event["account_id"]]))[0])))
    observed = interner.observe(sketches)
    for watcher in (population, keyring, migration):
        watcher.observe(observed)
    keyring.settle()
    size = len(ledger)
    exchanges = population.exchanges(size)
    graph = key_table(keyring, ledger, eligible(ledger, exchanges), population.country(size), END)
    codes = np.sort([ledger.lookup(name) for name in suspects])
    suspected = np.zeros(size, bool)
    suspected[codes] = True
    reference = reference_groups(graph, suspected, population.first(size))
    natural = np.split(reference.groups.members, reference.groups.offsets[1:-1])
    scene = Scene(
        now=END,
        ledger=ledger,
        table=graph,
        exchanges=exchanges,
        first=population.first(size),
        last=population.last(size),
        daily=population.daily(size),
        bans=bans,
        migration=migration,
    )
    return Staged(observed, scene, Groups.of([codes, *natural]), reference.family, codes)


def part(observed: Observed, start, stop) -> Observed:
    """Exchanges start … stop of a batch."""
    fields = msgspec.structs.asdict(observed)
    cut = {name: rows[start:stop] for name, rows in fields.items() if name not in ROW_FIELDS_OF_OTHER_LENGTH}
    inside = (observed.replayed_row >= start) & (observed.replayed_row < stop)
    cut["replayed"], cut["replayed_row"] = observed.replayed[inside], observed.replayed_row[inside] - start
    known = int(observed.account[:stop].max(initial=-1)) + 1
    return Observed(accounts=max(known, 1), **cut)
