"""The duel: each tick's calls are decided on what was published before, and what came of them is what the watch sees."""

from collections import Counter
from dataclasses import dataclass, field
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.features.sketchlog import TICK
from stillwatch.lab.arrays import Bools, Ints, Rng
from stillwatch.lab.duel.feeding import Attempt, Feeder
from stillwatch.lab.duel.gateway import Answer, Gateway
from stillwatch.lab.duel.reactions import REACTIONS, Reaction, Record
from stillwatch.lab.duel.review import Review, Seen
from stillwatch.lab.duel.traffic import OF_ACCOUNTS, Traffic
from stillwatch.policy import Policy
from stillwatch.policy.publish import VERDICTS, publish
from stillwatch.records import Call, Micros
from stillwatch.runtime.verdicts import verdicts

SECOND = 1_000_000  # microseconds
HARMLESS = frozenset({"observe", "tag", "mark"})


class Terms(msgspec.Struct, frozen=True):
    """What a duel is fought under."""

    policy: Policy
    reaction: str
    review_hours: float | None = 8.0
    publish_seconds: float = 180.0  # from the end of a tick until gateways decide by it: 120 for stragglers
    newcomer_seconds: float = 120.0  # between verdicts on newcomers; 0 leaves them to the next look
    fdr: float = 0.01
    seed: int = 0


@dataclass
class Met:
    """Calls of some group of accounts by what became of them."""

    calls: int = 0
    later: int = 0  # told to retry later
    held: int = 0  # answered late
    refused: int = 0
    changed: int = 0  # answered without a part
    accounts: set[str] = field(default_factory=set)  # of those that were slowed or refused
    waits: list[float] = field(default_factory=list)  # seconds, of those told to retry later

    @property
    def slowed(self) -> int:
        return self.later + self.held

    def join(self, other: "Met") -> None:
        """Count the calls of another log in; ids of accounts differ between logs."""
        for name in ("calls", "later", "held", "refused", "changed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.accounts |= other.accounts
        self.waits += other.waits

    def add(self, answer: Answer, account: str) -> None:
        if answer.refused or answer.delay:
            self.accounts.add(account)
        if answer.wait:
            self.later += 1
            self.waits.append(answer.wait)
        elif answer.refused:
            self.refused += 1
        elif answer.delay:
            self.held += 1
        elif answer.step in {"strip_reasoning", "reduce_surface"}:
            self.changed += 1


@dataclass
class Duel:
    """What came of one. Bools are by call of the traffic: answered at last, and how."""

    got: Bools
    stripped: Bools
    fresh: Bools  # answered to an account that was made in answer to a refusal
    innocents: Met
    cover: Met  # innocent calls of the operators' own accounts
    first_act: dict[str, int]
    seen: dict[str, Seen]
    enrolled: dict[str, int]
    steps: Counter[str]  # attempts that were asked about, by step and whether they were answered
    failures: int  # of the policy's conditions


def play(traffic: Traffic, terms: Terms, home: Path) -> Duel:
    """Play a log to its end; verdicts are published in `home`."""
    return Live(traffic, terms, home).run()


class Live:
    """One duel, in event time."""

    def __init__(self, traffic: Traffic, terms: Terms, home: Path) -> None:
        self._traffic, self._terms = traffic, terms
        self._published = home / "verdicts"
        self._feeder = Feeder(traffic, terms.fdr)
        publish(self._published, VERDICTS.empty_table(), 1)
        self._gateway = Gateway(terms.policy, self._published)
        records = {record["account_id"]: record for record in traffic.records.to_pylist()}
        self._records: dict[str, Record] = records
        self._runs = {
            name: traffic.operators[run]
            for name, run in zip(traffic.names, traffic.runs.tolist(), strict=True)
            if run >= 0
        }
        self._actors = {name: self._actor(number, name) for number, name in enumerate(traffic.operators)}
        self._review = Review(terms.review_hours, self._runs)
        read = self._gateway.fields
        self._facts = traffic.facts.select([name for name in traffic.facts.column_names if name in read])
        self._shown: dict[int, dict[str, Any]] = {}  # what a call that was asked about shows the policy
        self._names = pa.array(traffic.names, pa.string())
        self._held = np.zeros(len(traffic.names), bool)  # accounts of the log that have a verdict
        self._rows: pa.Table | None = None  # what is published
        self._queue: list[
            tuple[int, int, int, str | None]
        ] = []  # time, order, call, account if it is settled
        self._order = 0
        self._attempts: list[Attempt] = []
        calls = len(traffic.ts)
        legitimate = Met(calls=int(traffic.legitimate.sum()))
        cover = Met(calls=int((~traffic.legitimate & ~traffic.illicit).sum()))
        self._duel = Duel(
            got=np.zeros(calls, bool), stripped=np.zeros(calls, bool),
            fresh=np.zeros(calls, bool), innocents=legitimate, cover=cover,
            first_act={}, seen=self._review.seen, enrolled={}, steps=Counter(), failures=0,
        )  # fmt: skip

    def _actor(self, number: int, name: str) -> Reaction:
        pool = [self._records[account] for account, run in self._runs.items() if run == name]
        rng: Rng = np.random.default_rng([self._terms.seed, number])
        return REACTIONS[self._terms.reaction](pool, rng)

    def run(self) -> Duel:
        """All ticks, one after the other."""
        ts = self._traffic.ts
        for tick in range(int(ts[0]) // TICK, int(ts[-1]) // TICK + 1):
            self._tick(tick)
        self._duel.failures = self._gateway.decider.failures.total()
        return self._duel

    def _tick(self, tick: int) -> None:
        start, end = tick * TICK, (tick + 1) * TICK
        known = start + round(self._terms.publish_seconds * SECOND)
        moments = {known, *self._review.moments(start, end)}
        rounds = set(self._rounds(known, end))
        passed, attempts, enrolled = [], [], []
        at, stale = start, False
        for until in sorted(moments | rounds | {end}):
            rows = self._until(at, until)
            here, self._attempts = self._attempts, []
            made = self._enrolled()
            passed.append(rows)
            attempts += here
            enrolled += made
            if self._terms.newcomer_seconds:
                stale |= self._feeder.arrive(until, rows, here, made)
            if until in moments or (until in rounds and stale):
                self._publish(until)
                stale = False
            at = until
        self._feeder.feed(tick, np.concatenate(passed), attempts, enrolled)
        if self._feeder.loop.looked_at == end:
            self._review.look(
                verdicts(self._feeder.loop, {}), end + round(self._terms.publish_seconds * SECOND)
            )

    def _rounds(self, start: int, end: int) -> range:
        """When newcomers are looked at: as soon as a tick's verdicts are known, and from then on."""
        step = round(self._terms.newcomer_seconds * SECOND)
        return range(start, end, step) if step else range(0)

    def _enrolled(self) -> list[Record]:
        """Accounts that operators made in this tick."""
        out = []
        for operator, actor in self._actors.items():
            for record in actor.enrolled:
                self._records[record["account_id"]] = record
                self._runs[record["account_id"]] = operator
                self._duel.enrolled[operator] = self._duel.enrolled.get(operator, 0) + 1
                out.append(record)
            actor.enrolled.clear()
        return out

    def _publish(self, at: int) -> None:
        rows = self._review.rows(at)
        if self._terms.newcomer_seconds:
            rows = pa.concat_tables([rows, self._feeder.arriving.rows(Micros(at))])
        self._held = self._named(rows)
        if self._rows is not None and rows.equals(self._rows):
            return
        self._rows = rows
        publish(self._published, rows, at, Micros(at))

    def _named(self, rows: pa.Table) -> Bools:
        """Accounts of the log that rows name, by their places."""
        return np.asarray(pc.is_in(self._names, rows["account_id"].combine_chunks()))

    def _until(self, start: int, end: int) -> Ints:
        """Decide what needs deciding between two moments; returns the calls that nothing can meet."""
        traffic = self._traffic
        rows = np.arange(*np.searchsorted(traffic.ts, [start, end]))
        asked = traffic.runs[traffic.account[rows]] >= 0
        if self._gateway.asks_about_all:
            asked[:] = True
        else:
            asked |= self._held[traffic.account[rows]]
        self._shows(rows[asked])
        for row in rows[asked].tolist():
            heappush(self._queue, (int(traffic.ts[row]), self._next(), row, None))
        while self._queue and self._queue[0][0] < end:
            self._attempt(*heappop(self._queue))
        passed = rows[~asked]
        self._duel.got[passed] = traffic.answered[passed]
        return passed

    def _next(self) -> int:
        self._order += 1
        return self._order

    def _shows(self, rows: Ints) -> None:
        """Note what calls show that are going to be asked about."""
        shown = self._facts.take(pa.array(rows)).to_pylist() if self._facts.num_columns else [{}] * len(rows)
        self._shown |= zip(rows.tolist(), shown, strict=True)

    def _attempt(self, ts: int, _order: int, row: int, settled: str | None) -> None:
        traffic = self._traffic
        own = traffic.names[traffic.account[row]]
        operator = self._runs.get(own)
        actor = None if operator is None else self._actors[operator]
        account = settled or own
        if settled is None and actor is not None:
            sent = actor.send(own, ts)
            if sent.ts > ts:
                heappush(self._queue, (sent.ts, self._next(), row, sent.account))
                return
            account = sent.account
        answer = self._gateway.ask(self._call(row, ts, account, own))
        changed = account != own or ts != int(traffic.ts[row])
        self._attempts.append(Attempt(row, ts, account, answer.status, changed=changed))
        self._note(row, ts, account, operator, answer)
        if answer.refused and actor is not None and traffic.operator[row] >= 0:
            again = actor.told(account, answer, ts)
            if again is not None:
                heappush(self._queue, (max(again.ts, ts + 1), self._next(), row, again.account))

    def _call(self, row: int, ts: int, account: str, own: str) -> Call:
        record = self._records.get(account) or self._records.get(own, {})
        shown: dict[str, Any] = self._shown[row] | {name: record.get(name) for name in OF_ACCOUNTS}
        return Call(account_id=account, ts=Micros(ts), route="chat", **shown)

    def _note(self, row: int, ts: int, account: str, operator: str | None, answer: Answer) -> None:
        duel, traffic = self._duel, self._traffic
        duel.steps[f"{answer.step}, {'refused' if answer.refused else 'answered'}"] += 1
        if not answer.refused:
            duel.got[row] = traffic.answered[row]
            duel.fresh[row] = account != traffic.names[traffic.account[row]]
            duel.stripped[row] = answer.step == "strip_reasoning"
        if operator is None:
            duel.innocents.add(answer, account)
        else:
            if answer.step not in HARMLESS:
                duel.first_act.setdefault(operator, ts)
            if traffic.operator[row] < 0:
                duel.cover.add(answer, account)
