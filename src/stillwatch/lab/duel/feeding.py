"""What the watch of a duel is handed: the calls that went through as they were, and those that a gateway met."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.features.ledger import NEVER
from stillwatch.features.sketch import SKETCHES
from stillwatch.features.sketchlog import TICK
from stillwatch.features.strings import keyed
from stillwatch.lab.arrays import Ints
from stillwatch.lab.duel.gateway import ANSWERED
from stillwatch.lab.duel.reactions import Record
from stillwatch.lab.duel.traffic import Traffic
from stillwatch.records import ACCOUNTS, EXCHANGES
from stillwatch.runtime.loop import Loop
from stillwatch.runtime.newcomers import Arriving

OF_ANSWERS = (
    "response",
    "finish_reason",
    "tokens_out",
    "tokens_reasoning",
)  # what a refused call does not have


class Attempt(NamedTuple):
    """A call that a gateway was asked about. `changed`: at another time or from another account than planned."""

    row: int
    ts: int
    account: str
    status: int
    changed: bool


class Feeder:
    """Hands the loop of a watch one tick at a time: what it takes in is in order and whole, so it needs no journal."""

    def __init__(self, traffic: Traffic, fdr: float) -> None:
        self._traffic = traffic
        self.loop = Loop(traffic.key, fdr, live=True)
        self.arriving = Arriving(self.loop, traffic.key)
        self._told_accounts = self._told_events = self._arrived = 0
        created = pc.fill_null(traffic.records["created_at"].cast(pa.int64()), 0)
        self._records = traffic.records.take(pc.sort_indices(created))
        self._created = np.sort(created.to_numpy())
        self._events_at = traffic.events["ts"].cast(pa.int64()).to_numpy()
        self._enrolled: set[str] = set()  # accounts made in answer to refusals
        self._code = {name: code for code, name in enumerate(traffic.names)}
        self._first = np.full(len(traffic.names), NEVER)
        self._began, self._began_at = np.zeros(len(traffic.names), bool), -1  # since the look at a time
        np.minimum.at(self._first, traffic.account, traffic.ts)

    def arrive(self, now: int, passed: Ints, attempts: Sequence[Attempt], enrolled: Sequence[Record]) -> bool:
        """Take what came since the last time, up to `now`; whether verdicts of newcomers may have changed."""
        created = int(np.searchsorted(self._created, now))
        fresh = self._records.slice(self._arrived, max(created - self._arrived, 0))
        self._arrived = max(created, self._arrived)
        self._enrolled.update(record["account_id"] for record in enrolled)
        if len(fresh) or enrolled:
            made = pa.Table.from_pylist(list(enrolled), ACCOUNTS)
            for batch in [*fresh.to_batches(), *made.to_batches()]:
                self.arriving.accounts(batch)
        if self._began_at != self.loop.looked_at:
            self._began, self._began_at = self._first >= self.loop.looked_at, self.loop.looked_at
        began = self._began
        rows = passed[began[self._traffic.account[passed]]]
        met = [one for one in attempts if one.account in self._enrolled or began[self._code[one.account]]]
        if len(rows) or met:
            calls = pa.concat_tables([self._traffic.sketches.take(pa.array(rows)), self.met(met)])
            for batch in calls.combine_chunks().to_batches():
                self.arriving.exchanges(batch)
        return self.arriving.changed

    def feed(self, tick: int, passed: Ints, attempts: Sequence[Attempt], enrolled: Sequence[Record]) -> None:
        """Take a tick's calls, and the accounts and events of it, and close the tick."""
        end = (tick + 1) * TICK
        created, happened = (int(np.searchsorted(at, end)) for at in (self._created, self._events_at))
        self.loop.ledger.add(self._records.slice(self._told_accounts, created - self._told_accounts))
        self.loop.ledger.add(pa.Table.from_pylist(list(enrolled), ACCOUNTS))
        self.loop.events(self._traffic.events.slice(self._told_events, happened - self._told_events))
        self._told_accounts, self._told_events = created, happened
        calls = pa.concat_tables([self._traffic.sketches.take(pa.array(passed)), self.met(attempts)])
        ordered = calls.take(pc.sort_indices(calls, [("ts", "ascending"), ("id", "ascending")]))
        self.loop.tick(tick, ordered.combine_chunks().to_batches())
        if self.loop.looked_at == end:
            self.arriving.renew()

    def met(self, attempts: Sequence[Attempt]) -> pa.Table:
        """Sketches of calls as a gateway logs them: a refusal has its status and no answer."""
        key = self._traffic.key
        table = self._traffic.sketches.take(pa.array([one.row for one in attempts], pa.int64()))
        refused = pa.array([one.status != ANSWERED for one in attempts], pa.bool_())
        changed = pa.array([one.changed for one in attempts], pa.bool_())
        accounts = pa.array([one.account for one in attempts], pa.string())
        moved = pc.and_(changed, pc.not_equal(accounts, table["account_id"]))
        names = pa.array([_name(one) if one.changed else "" for one in attempts], pa.string())
        status = pa.array([one.status for one in attempts], pa.int16())
        answers = sum(1 << EXCHANGES.names.index(name) for name in OF_ANSWERS)
        present = table["present"].to_numpy()
        unanswered = pa.array(present & ~np.uint64(answers))
        put = {
            "ts": pa.array([one.ts for one in attempts], SKETCHES.field("ts").type),
            "account_id": accounts,
            "exchange_id": pc.if_else(changed, names, table["exchange_id"]),
            "id": pc.if_else(changed, pa.array(keyed(names, "exchange", key)), table["id"]),
            "api_key": pc.if_else(moved, pa.array(keyed(accounts, "api key", key)), table["api_key"]),
            "status": pc.if_else(refused, status, table["status"]),
            "tokens_out": pc.if_else(refused, 0, table["tokens_out"]),
            "present": pc.if_else(refused, unanswered, table["present"]),
        }
        for name, column in put.items():
            table = table.set_column(SKETCHES.get_field_index(name), SKETCHES.field(name), column)
        return table


def _name(attempt: Attempt) -> str:
    said = f"{attempt.row}/{attempt.ts}/{attempt.account}".encode()
    return hashlib.blake2b(said, digest_size=12).hexdigest()
