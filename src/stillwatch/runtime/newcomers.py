"""Between looks: accounts that are new are held against what the last look found, as soon as their records arrive.

What is told this way reaches gateways and nothing else. No alarm, no campaign and no later look depends on it, so
what a watch concludes still changes at the end of a tick and at no other time.
"""

import numpy as np
import pyarrow as pa

from stillwatch.campaigns.assembly import SURE, UNHEARD
from stillwatch.campaigns.findings import HIGHEST_ODDS
from stillwatch.features.key import SketchKey
from stillwatch.features.ledger import NEVER, Ledger
from stillwatch.features.observed import Interner
from stillwatch.linking.keyring import keys_of
from stillwatch.linking.keytable import facts_of
from stillwatch.linking.newcomers import Newcomers
from stillwatch.linking.population import spared
from stillwatch.policy.publish import VERDICTS
from stillwatch.records import Micros
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.told import name_of

TOLD_TO = 0.25  # nats: what changes less is not published anew
HELD = 100_000  # sketches of newcomers of an open tick that are kept: about 40 MB


class Arriving:
    """Takes records of accounts that the last look has not judged, and says which of them are like a cluster."""

    def __init__(self, loop: Loop, key: SketchKey) -> None:
        self._loop, self._key = loop, key
        self._since: dict[str, Micros] = {}
        self.changed = False  # somebody may have come to be like a cluster, or to be so no longer
        self.renew()

    def renew(self) -> None:
        """Begin anew after a look, with the accounts that have signed up and done nothing yet."""
        left = self._loop.portrayed
        self._newcomers = Newcomers(left.portraits, [SURE if heard else UNHEARD for heard in left.heard])
        self._spared = spared(self._loop.ledger)
        self._spared_names: set[str] = set()  # of accounts that the ledger does not hold yet
        judged = self._judged(np.arange(len(self._loop.ledger)))
        waiting = np.flatnonzero(~judged & self._loop.ledger.known.upto(len(judged)))
        self._newcomers.observe(facts_of(self._loop.ledger, waiting), self._loop.ledger.names)
        for batch in self._loop.ledger.queued():
            self.accounts(batch)
        self.changed = True

    def accounts(self, versions: pa.RecordBatch) -> None:
        """Take account records (schema ACCOUNTS)."""
        if not self._loop.portrayed.portraits:
            return
        ledger = Ledger(self._key)
        ledger.add(pa.Table.from_batches([versions]))
        ledger.advance(NEVER)
        aside = spared(ledger)
        self._spared_names.update(ledger.names[code] for code in np.flatnonzero(aside).tolist())
        fresh = np.array([self._is_new(name) for name in ledger.names], bool)
        found = self._newcomers.observe(facts_of(ledger, np.flatnonzero(fresh & ~aside)), ledger.names)
        self.changed = self.changed or found

    def exchanges(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Take sketches (schema SKETCHES); returns those of newcomers."""
        encoded = batch.column("account_id").dictionary_encode()
        fresh = np.array([self._is_new(name) for name in encoded.dictionary.to_pylist()], bool)
        rows = np.flatnonzero(fresh[encoded.indices.to_numpy()]) if fresh.any() else np.zeros(0, np.int64)
        newcomers = batch.take(pa.array(rows))
        if len(rows) and self._loop.portrayed.portraits:
            ledger = Ledger(self._key)
            observed = Interner(ledger).observe(newcomers)
            found = self._newcomers.observe(keys_of(observed), ledger.names)
            self.changed = self.changed or found
        return newcomers

    def rows(self, now: Micros) -> pa.Table:
        """Verdicts (schema VERDICTS) of newcomers. They are suspected: no look has called them of a campaign."""
        self.changed = False
        like = self._newcomers.likeness()
        odds = np.round(like.log_odds / TOLD_TO) * TOLD_TO
        suspects = self._loop.portrayed.suspects
        of = [suspects[number] for number in like.portrait.tolist()]
        self._since = {name: self._since.get(name, now) for name in like.accounts}
        columns = {
            "account_id": like.accounts,
            "campaign_id": [name_of(suspect) for suspect in of],
            "state": ["suspected"] * len(of),
            "probability": 1 / (1 + np.exp(-np.minimum(odds, HIGHEST_ODDS))),
            "log_e_value": [suspect.lately_mean for suspect in of],
            "accounts": [len(suspect.accounts) for suspect in of],
            "capability": [""] * len(of),
            "since": [self._since[name] for name in like.accounts],
            "active": [True] * len(of),
            "case_id": [None] * len(of),
        }
        return pa.table(columns, schema=VERDICTS)

    def _is_new(self, name: str) -> bool:
        code = self._loop.ledger.lookup(name)
        if code is None:
            return name not in self._spared_names
        return not bool(self._judged(np.array([code]))[0])

    def _judged(self, codes: np.ndarray) -> np.ndarray:
        """Bool [codes]: the last look has judged the account, or it is none that looks judge."""
        judged, aside = self._loop.portrayed.judged, self._spared
        out: np.ndarray = (codes < len(judged)) & _at(judged, codes) | _at(aside, codes)
        return out


class Newly:
    """Records of a watch on their way to `Arriving`: those of open ticks are taken again after a look."""

    def __init__(self, arriving: Arriving) -> None:
        self._arriving = arriving
        self._open: dict[int, list[pa.RecordBatch]] = {}
        self._published: pa.Table | None = None

    def accounts(self, versions: pa.RecordBatch) -> None:
        """Take account records (schema ACCOUNTS)."""
        self._arriving.accounts(versions)

    def exchanges(self, tick: int, batch: pa.RecordBatch) -> None:
        """Take sketches (schema SKETCHES) of a tick that is open."""
        newcomers = self._arriving.exchanges(batch)
        held = self._open.setdefault(tick, [])
        if len(newcomers) and sum(map(len, held)) < HELD:
            held.append(newcomers)

    def close(self, tick: int, *, looked: bool) -> None:
        """A tick is part of the state, and a look was taken or not."""
        self._open.pop(tick, None)
        if looked:
            self._arriving.renew()
            for batches in self._open.values():
                for batch in batches:
                    self._arriving.exchanges(batch)

    def news(self, now: Micros) -> pa.Table | None:
        """Verdicts (schema VERDICTS) of newcomers where they have changed since they were given last."""
        if not self._arriving.changed:
            return None
        rows = self._arriving.rows(now)
        if self._published is not None and rows.equals(self._published):
            return None
        self._published = rows
        return rows


def _at(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Bool [codes]; false beyond the end."""
    inside = codes < len(values)
    out = np.zeros(len(codes), bool)
    out[inside] = values[codes[inside]]
    return out
