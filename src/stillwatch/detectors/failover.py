"""Successors: after an account is banned, another of the group wakes or is opened within hours.

Sees: bans of a group's accounts, and first uses (or returns after three silent days) of other accounts of
the group within a day after, against the number such wakings would give by chance at the group's rate.
Cannot see: bans the log does not name; successors under another cluster.
Answers: S14, S21, C8 of the public record.
Benign work that trips it: key rotation, staff turnover, disaster recovery.
Sample: `accounts wake when others of the group are banned (standard score 2.85, by chance 0.00)`.
"""

import numpy as np

from stillwatch.features.distinct import stable_order
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.growing import PerAccount
from stillwatch.features.ledger import HOUR, NEVER
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, banned, in_shifts, own_hours
from stillwatch.linking.scene import Scene

WITHIN = 24 * HOUR
SILENT = 72 * HOUR
FEWEST_BANS = 2


class Failover:
    id = "failover"
    key = "control"
    kind = "succession"
    needs = frozenset({"event.ban"})
    claim = "accounts wake when others of the group are banned (standard score {value}, by chance {expected})"
    floor = 1.0
    true_positives = (
        Rehearsal(
            name="six accounts take over when the six before them are banned",
            size=24,
            schedule=in_shifts(6, 48),
            events=banned(*((who, 48 * (who // 6) + 48) for who in range(18))),
        ),
    )
    true_negatives = (
        Rehearsal(
            name="four accounts of an office are banned and its people go on",
            schedule=own_hours(6.0, 0.2),
            events=banned((0, 40), (1, 70), (2, 100), (3, 140)),
        ),
    )

    def __init__(self) -> None:
        self._last = PerAccount(np.int64, empty=-1)
        self._woke = PerAccount(np.int64, empty=-1)  # the latest waking

    def observe(self, batch: Observed) -> None:
        last, woke = self._last.upto(batch.accounts), self._woke.upto(batch.accounts)
        order = stable_order(batch.account)
        account, ts = batch.account[order], batch.ts[order]
        starts = np.append(True, account[1:] != account[:-1])[: len(account)]
        before = np.concatenate([[0], ts[:-1]])[: len(ts)]
        before[starts] = last[account[starts]]
        wakes = (before < 0) | (ts - before > SILENT)
        np.maximum.at(woke, account[wakes], ts[wakes])
        np.maximum.at(last, account, ts)

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        accounts = len(scene.ledger)
        woke = self._woke.upto(accounts)
        banned_at = np.full(accounts, NEVER)
        for at, account in scene.bans:
            banned_at[account] = min(banned_at[account], at)
        score = np.full(len(groups), np.nan)
        for group in np.flatnonzero(groups.total((banned_at < NEVER).astype(float)) >= FEWEST_BANS):
            members = groups.members[groups.offsets[group] : groups.offsets[group + 1]]
            bans = np.sort(banned_at[members][banned_at[members] < NEVER])
            wakings = woke[members][woke[members] >= 0]
            after = wakings - bans[np.maximum(np.searchsorted(bans, wakings) - 1, 0)]
            hits = ((after > 0) & (after < WITHIN)).sum()
            covered = np.minimum(np.diff(np.append(bans, scene.now)), WITHIN).sum()
            start = scene.first[members].min()
            expected = len(wakings) * covered / max(scene.now - start, HOUR)
            score[group] = (hits - expected) / np.sqrt(expected + 1)
        return Measure(score, np.zeros(len(groups)), null=(0.0, 1.0))


DETECTOR = Failover
