"""What is asked of accounts in a live watch: challenges kept in the store, standings published for gateways.

The state of the watch has no part in it: facts are read from it after a look, and what comes of them is a view beside the
verdicts. The store holds the challenges, and a file beside the state when each account was asked, so that a deadline
outlives the process.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch import cases
from stillwatch.access import verification
from stillwatch.access.levels.board import Board, Seen, Turn
from stillwatch.access.levels.facts import completed, with_accounts
from stillwatch.access.levels.load import load
from stillwatch.access.levels.standings import standings
from stillwatch.access.levels.taken_up import taken_up
from stillwatch.features.key import SketchKey
from stillwatch.policy.publish_standings import publish_standings
from stillwatch.records import STANDINGS, Micros
from stillwatch.records.durable import replace
from stillwatch.runtime.proved import proved

if TYPE_CHECKING:
    from stillwatch.access.verification import Office
    from stillwatch.cases.api import Tenant
    from stillwatch.runtime.loop import Loop

ASKED = "asked.parquet"
EVERY = 60.0  # seconds between two rounds where nothing was heard: proofs and deadlines come between looks
EXCUSED_FOR = Micros(
    90 * 24 * 3_600_000_000
)  # after a reversal; the time after which an identity may be used anew
Source = Callable[[pa.Table], pa.Table]
"""What adds columns to facts: regions, sign-up checks, verification."""


class Asks(msgspec.Struct, frozen=True):
    """By which level policy, and where standings go."""

    policy: Path
    standings: Path
    verification: Path | None = None  # settings of verification; without, levels are those of the package


def facts_of(loop: "Loop") -> pa.Table:
    """What a watch knows of its accounts where levels are asked (schema FACTS)."""
    count = len(loop.ledger)
    created = loop.ledger.created.upto(count)
    last = loop.population.last(count)
    return completed(
        pa.table(
            {
                "account_id": pa.array(loop.ledger.names, pa.string()),
                "created_at": pa.array(created, mask=created < 0),
                "exchanges": loop.population.daily(count).sum(axis=1, dtype=np.int64),
                "last_seen": pa.array(last, mask=last < 0),
                "level": np.maximum(loop.ledger.kyc_level.upto(count), 0).astype(np.uint8),
            }
        )
    )


class Asking:
    """Asks. Not thread-safe: the thread of the casework has it."""

    def __init__(
        self, asks: Asks, home: Path, key: SketchKey, watch: str, sources: Sequence[Source] = ()
    ) -> None:
        self._asks, self._home, self._key, self._watch, self._sources = asks, home, key, watch, tuple(sources)
        self._policy = load(asks.policy)
        self._office = _office(asks.verification, key)
        self._board: Board | None = None
        self._before = _kept(home / ASKED)
        self._due = 0.0

    def due(self) -> bool:
        """Whether time alone asks for a round."""
        return time.monotonic() >= self._due

    def adjusted(self, verdicts: pa.Table) -> pa.Table:
        """Verdicts with what challenges showed."""
        return verdicts if self._board is None else taken_up(verdicts, self._board.challenges.values())

    def round(self, tenant: "Tenant", facts: pa.Table, verdicts: pa.Table) -> bool:
        """Ask, keep what changed, publish; whether verdicts change by it. Raises StillwatchError, OSError."""
        now = Micros(time.time_ns() // 1000)
        if self._board is None:
            self._board = Board(cases.list_challenges(tenant, self._watch))
        facts = with_accounts(facts, verdicts["account_id"])
        if self._office is not None:
            facts = proved(tenant, self._office, facts, now)
        for source in self._sources:
            facts = source(facts)
        excused = frozenset(cases.excused(tenant, since=Micros(now - EXCUSED_FOR)))
        seen = Seen(facts=facts, verdicts=verdicts, excused=excused)
        turn = Turn()
        if self._policy.challenge is not None:
            turn = self._board.turn(self._policy.challenge, seen, self._key, now)
            self._keep(tenant, turn)
        told = standings(self._policy, self._board, seen, self._before, self._key, now)
        _keep_asked(self._home / ASKED, told.rows)
        self._before = told.rows
        publish_standings(self._asks.standings, told.rows, told.terms, now)
        self._due = time.monotonic() + EVERY
        return bool(turn.weighed or turn.answered)

    def _keep(self, tenant: "Tenant", turn: Turn) -> None:
        """Write changes; what was not written is read anew at the next round, and so happens again."""
        assert self._board is not None
        board, self._board = self._board, None
        for name, changed in turn.answered.items():
            cases.keep_challenge(tenant, self._watch, board.challenges[name], changed, "challenge_answered")
        for name in turn.opened:
            challenge = board.challenges[name]
            cases.keep_challenge(tenant, self._watch, challenge, list(challenge.asked), "challenge_opened")
        for name, changed in turn.joined.items():
            cases.keep_challenge(tenant, self._watch, board.challenges[name], changed, "challenge_joined")
        for name in turn.weighed:
            cases.keep_challenge(tenant, self._watch, board.challenges[name], [], "challenge_weighed")
        self._board = board


def _office(settings: Path | None, key: SketchKey) -> "Office | None":
    """None where verification is neither set up nor installed: nobody can have proved anything."""
    if settings is None and not verification.installed():
        return None
    given = verification.Settings() if settings is None else verification.load(settings)
    return verification.Office(given, key)


def _kept(path: Path) -> pa.Table:
    """When accounts were asked, of the last round; nothing where the file is not there or of another version."""
    try:
        return pq.read_table(path).select(STANDINGS.names).cast(STANDINGS)
    except (OSError, pa.ArrowException, KeyError):
        return STANDINGS.empty_table()


def _keep_asked(path: Path, rows: pa.Table) -> None:
    partial = path.with_suffix(".new")
    pq.write_table(rows, partial)
    partial.chmod(0o600)
    replace(partial, path)
