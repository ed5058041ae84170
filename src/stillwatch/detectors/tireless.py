"""Accounts that know no day and night: the hour of one day says nothing about the hour of the next.

Sees: how often an account that is active in an hour of one day is active in the same hour of another
day, against an even spread over 24 hours; taken in each account's own clock, so time zones do not blur it.
Cannot see: accounts active on one day only; an operator that pins hours to accounts.
Answers: C1 of the public record.
Benign work that trips it: continuous integration, monitoring bots, shift work.
Sample: `accounts keep no hours: the clock of one day does not predict the next (log evenness -0.00, benign
groups -1.09)`.
"""

import numpy as np

from stillwatch.features.distinct import distinct
from stillwatch.features.groups import Groups, Measure
from stillwatch.features.growing import PerAccount
from stillwatch.features.ledger import HOUR
from stillwatch.features.observed import Observed
from stillwatch.linking.rehearsal import Rehearsal, dealt_out, own_hours
from stillwatch.linking.scene import Scene

HOURS = 24
ENOUGH = 400.0  # pairs of active hours after which an account weighs no more


class Tireless:
    id = "tireless"
    key = "extraction"
    kind = "habits"
    needs = frozenset({"ts"})
    claim = "accounts keep no hours: the clock of one day does not predict the next (log evenness {value}, benign groups {expected})"
    floor = 0.15
    true_positives = (Rehearsal(name="busy at any hour", schedule=dealt_out(24)),)
    true_negatives = (Rehearsal(name="busy people at their own hours", schedule=own_hours(12.0, 0.3)),)

    def __init__(self) -> None:
        self._days = PerAccount(np.int32, HOURS)  # days on which the account was active in that hour
        self._last = PerAccount(np.int64, empty=-1)  # last active hour since 1970
        self._today = PerAccount(np.int32)  # active hours of the last active day
        self._same_day = PerAccount(np.int64)  # pairs of active hours that lie on one day

    def observe(self, batch: Observed) -> None:
        hour = batch.ts // HOUR
        last = self._last.upto(batch.accounts)
        hour, account = np.divmod(distinct(hour * batch.accounts + batch.account), batch.accounts)
        fresh = hour > last[account]
        hour, account = hour[fresh], account[fresh]
        days, today = self._days.upto(batch.accounts), self._today.upto(batch.accounts)
        same_day = self._same_day.upto(batch.accounts)
        for now in distinct(hour):
            who = account[hour == now]
            today[who] = np.where(last[who] // HOURS == now // HOURS, today[who], 0)
            same_day[who] += today[who]
            today[who] += 1
            days[who, now % HOURS] += 1
            last[who] = now

    def measure(self, groups: Groups, scene: Scene) -> Measure:
        accounts = len(scene.ledger)
        days = self._days.upto(accounts).astype(np.float64)
        cells = days.sum(axis=1)
        pairs = cells * (cells - 1) / 2 - self._same_day.upto(accounts)
        again = (days * (days - 1)).sum(axis=1) / 2
        with np.errstate(invalid="ignore", divide="ignore"):
            shrink = np.minimum(1.0, ENOUGH / pairs)
            shrink = np.where(pairs > 0, shrink, 0.0)
            same = groups.total(again * shrink)
            all_pairs = groups.total(pairs * shrink)
            evenness = -np.log((same + 0.5) / (all_pairs + 0.5) * HOURS)
        few = all_pairs < HOURS
        return Measure(np.where(few, np.nan, evenness), np.where(few, np.nan, 1 / np.sqrt(same + 1)))


DETECTOR = Tireless
