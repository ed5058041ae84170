"""The duel with challenges: standings are published beside verdicts, and whoever is asked answers, or does not."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.levels.board import Board, Seen
from stillwatch.access.levels.facts import completed
from stillwatch.access.levels.policy import LevelPolicy
from stillwatch.access.levels.standings import standings
from stillwatch.access.levels.taken_up import taken_up
from stillwatch.cases.challenge_records import Challenge
from stillwatch.lab.arrays import HOUR, Rng
from stillwatch.lab.duel.gateway import Gateway
from stillwatch.lab.duel.live import Duel, Live, Terms
from stillwatch.lab.duel.review import Review
from stillwatch.lab.duel.traffic import Traffic
from stillwatch.lab.duel.verifying import Habits, Verifies
from stillwatch.policy.publish_standings import publish_standings
from stillwatch.records import STANDINGS, Micros

MONTH = 28 * 24 * HOUR  # of which exchanges are counted
BLOCKED_FROM = 0.999  # probability in a confirmed campaign, as the policy of the bench has it
EVERY = HOUR  # between two rounds of standings while answers are waited for


class Customers(msgspec.Struct, frozen=True, kw_only=True):
    """How accounts that no operator runs meet a challenge. Assumptions of the laboratory."""

    passes: float = 0.8
    hours: float = 24.0  # mean, until it is done


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a challenge is held under."""

    levels: LevelPolicy
    habits: Habits = Habits()
    customers: Customers = Customers()


@dataclass
class Asked:
    """Who was asked when. Times are microseconds."""

    operators: dict[str, dict[str, int]] = field(default_factory=dict)  # operator -> account -> when
    controls: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)  # accounts of nobody's, in a cluster all the same


@dataclass
class Survival:
    """What an operator spent and has left at the end of a log."""

    bought: int = 0  # identities
    made: int = 0  # accounts in the place of others
    pool: int = 0  # accounts of the plan that called and were not banned otherwise
    unhindered: int = 0  # accounts that are under no unmet ask and no block


@dataclass
class Held:
    """What came of a duel with challenges."""

    duel: Duel
    asked: Asked
    challenges: list[Challenge]
    survival: dict[str, Survival]
    customers: int  # accounts that no operator runs


class _Answered(Review):
    """Verdicts as challenges make them; moments in every hour while answers are awaited."""

    board: Board

    def rows(self, now: int) -> pa.Table:
        return taken_up(super().rows(now), self.board.challenges.values())

    def moments(self, start: int, end: int) -> list[int]:
        usual = super().moments(start, end)
        waiting = any(one.weight is None for one in self.board.challenges.values())
        return sorted({*usual, *range(start + EVERY, end, EVERY)}) if waiting else usual


class Challenged(Live):
    """A duel in which campaigns are challenged."""

    def __init__(self, traffic: Traffic, terms: Terms, home: Path, plan: Plan) -> None:
        self._plan = plan
        super().__init__(traffic, terms, home)
        self._board = Board()
        review = _Answered(terms.review_hours, self._runs)
        review.board = self._board
        review.seen = self._review.seen
        self._review = review
        self._standings = home / "standings"
        publish_standings(self._standings, STANDINGS.empty_table(), [], 1)
        self._gateway = Gateway(terms.policy, self._published, self._standings)
        self._before = STANDINGS.empty_table()
        self._codes = {name: code for code, name in enumerate(traffic.names)}
        self._chance: Rng = np.random.default_rng([terms.seed, 1])
        self._proofs: dict[str, int] = {}  # account -> when it has proved what it was asked for
        self._fresh: list[str] = []
        self.asked = Asked()
        created = dict(
            zip(*(traffic.records[name].to_pylist() for name in ("account_id", "kyc_level")), strict=True)
        )
        self._level = np.array([created.get(name) or 0 for name in traffic.names], np.uint8)
        times = pc.fill_null(traffic.records["created_at"].cast(pa.int64()), 0).to_pylist()
        made = dict(zip(traffic.records["account_id"].to_pylist(), times, strict=True))
        self._created = np.array([made.get(name, 0) for name in traffic.names], np.int64)
        self._actors = {name: self._actor(number, name) for number, name in enumerate(traffic.operators)}

    def _actor(self, number: int, name: str) -> Verifies:
        pool = [self._records[account] for account, run in self._runs.items() if run == name]
        return Verifies(pool, np.random.default_rng([self._terms.seed, number]), self._plan.habits)

    def hold(self) -> Held:
        """Play to the end."""
        duel = self.run()
        return Held(
            duel=duel,
            asked=self.asked,
            challenges=list(self._board.challenges.values()),
            survival={name: self._survival(name) for name in self._traffic.operators},
            customers=int((self._traffic.runs < 0).sum()),
        )

    def _publish(self, at: int) -> None:
        super()._publish(at)
        assert self._rows is not None
        policy = self._plan.levels
        if not (len(self._rows) or self._board.challenges) or policy.challenge is None:
            return
        seen = Seen(facts=self._known(at), verdicts=self._rows)
        turn = self._board.turn(policy.challenge, seen, self._traffic.key, Micros(at))
        told = standings(policy, self._board, seen, self._before, self._traffic.key, Micros(at))
        self._before = told.rows
        publish_standings(self._standings, told.rows, told.terms, at, Micros(at))
        for name in turn.opened:
            self._tell([one.account_id for one in self._board.challenges[name].asked.values()], name, at)
        for name, accounts in turn.joined.items():
            self._tell(accounts, name, at)
        short = told.rows.filter(pc.less(told.rows["level"], told.rows["asked"]))
        self._held = self._held | self._named(short)

    def _tell(self, accounts: list[str], challenge: str, at: int) -> None:
        """Each is told by a notice, and answers in its way."""
        asked = self._board.challenges[challenge].asked
        for account in accounts:
            operator = self._runs.get(account)
            if operator is not None:
                self.asked.operators.setdefault(operator, {})[account] = at
                actor = self._actors[operator]
                assert isinstance(actor, Verifies)
                ready = actor.asked(account, at)
            else:
                group = self.asked.controls if asked[account].control else self.asked.others
                group[account] = at
                customers = self._plan.customers
                done = at + round(self._chance.exponential(customers.hours) * HOUR)
                ready = done if self._chance.random() < customers.passes else None
            if ready is not None:
                self._proofs[account] = ready

    def _known(self, at: int) -> pa.Table:
        """Facts of all accounts that exist at a time."""
        traffic = self._traffic
        first, last = np.searchsorted(traffic.ts, [at - MONTH, at])
        codes = traffic.account[first:last]
        exchanges = np.bincount(codes, minlength=len(traffic.names))
        seen = np.full(len(traffic.names), -1)
        seen[codes] = traffic.ts[first:last]  # in order of time: the latest stays
        level = self._level.copy()
        fresh = [name for name in self._runs if name not in self._codes]
        wanted = 0 if self._plan.levels.challenge is None else self._plan.levels.challenge.level
        proved = [name for name, ready in self._proofs.items() if ready <= at]
        for name in proved:
            if name in self._codes:
                level[self._codes[name]] = max(level[self._codes[name]], wanted)
        there = np.flatnonzero(self._created <= at)
        known = set(proved)
        return completed(
            pa.table(
                {
                    "account_id": pa.array([*(traffic.names[code] for code in there.tolist()), *fresh]),
                    "created_at": np.append(self._created[there], np.full(len(fresh), at)),
                    "exchanges": np.append(exchanges[there], np.zeros(len(fresh), np.int64)),
                    "last_seen": np.append(seen[there], np.full(len(fresh), -1)),
                    "level": np.append(
                        level[there], [wanted if name in known else 0 for name in fresh]
                    ).astype(np.uint8),
                }
            )
        )

    def _survival(self, operator: str) -> Survival:
        actor = self._actors[operator]
        assert isinstance(actor, Verifies)
        assert self._rows is not None
        rows, kept = self._rows, self._before
        blocked = rows.filter(
            pc.and_(pc.equal(rows["state"], "confirmed"), pc.greater_equal(rows["probability"], BLOCKED_FROM))
        )
        short = kept.filter(pc.less(kept["level"], kept["asked"]))
        out = {*blocked["account_id"].to_pylist(), *short["account_id"].to_pylist()}
        pool = self.live_at(operator, int(self._traffic.ts[-1]))
        made = [name for name, run in self._runs.items() if run == operator and name not in self._codes]
        return Survival(
            bought=actor.bought,
            made=len(made),
            pool=len(pool),
            unhindered=sum(name not in out for name in [*pool, *made]),
        )

    def askable(self, operator: str, at: int) -> list[str]:
        """Those of `live_at` that had not proved the level."""
        challenge = self._plan.levels.challenge
        level = 0 if challenge is None else challenge.level
        return [name for name in self.live_at(operator, at) if self._level[self._codes[name]] < level]

    def first_calls(self) -> dict[str, int]:
        """When each account of the plan called first."""
        codes, at = np.unique(self._traffic.account, return_index=True)
        return dict(
            zip(
                (self._traffic.names[code] for code in codes.tolist()),
                self._traffic.ts[at].tolist(),
                strict=True,
            )
        )

    def live_at(self, operator: str, at: int) -> list[str]:
        """Accounts of an operator's plan that had called by a time and were not banned by then."""
        traffic = self._traffic
        called = np.unique(traffic.account[: np.searchsorted(traffic.ts, at, side="right")])
        events = traffic.events
        bans = events.filter(
            pc.and_(pc.equal(events["kind"], "ban"), pc.less_equal(events["ts"].cast(pa.int64()), at))
        )
        banned = set(bans["account_id"].to_pylist())
        names = [traffic.names[code] for code in called.tolist()]
        return [name for name in names if self._runs.get(name) == operator and name not in banned]
