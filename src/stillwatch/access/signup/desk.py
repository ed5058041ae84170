"""The desk that sees every sign-up: remembers the last weeks of them, and assesses each as of its own moment.

State follows from the set of records delivered alone: batches, order and repeats change nothing. It holds keyed
hashes, times and small numbers; a restart goes on from a pickle of it. `advance` keeps it from growing.
"""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.access.signup.assessment import Assessment, assessed
from stillwatch.access.signup.checks import Check, catalogue
from stillwatch.access.signup.history import BASE_DAYS, DAY, RECENT_DAYS, History, Seen
from stillwatch.access.signup.keeping import Intake
from stillwatch.access.signup.keytimes import packed, seconds
from stillwatch.access.signup.rates import RATE_DAYS, DailyRates
from stillwatch.access.signup.records import as_signups
from stillwatch.access.signup.rows import Rows, Signups
from stillwatch.access.signup.terms import Terms
from stillwatch.features.key import SketchKey
from stillwatch.features.strings import keyed
from stillwatch.features.words import mix
from stillwatch.records import Micros

LATE_DAYS = 5  # that a sign-up may be delivered, or asked about, after it happened
HORIZON = (RATE_DAYS + BASE_DAYS + RECENT_DAYS + 1 + LATE_DAYS) * DAY
SPARE = 8  # of the rows, one part in so many is gone before the others are moved together
VERIFIED = 2  # kyc_level from which an organisation has shown who it is
_SPREAD = np.uint64(0xFF51AFD7ED558CCD)


class SignupDesk:
    """`observe` account records as they come, `assess` those of interest; `advance` with the clock of the loop."""

    def __init__(self, key: SketchKey, terms: Terms | None = None) -> None:
        self.terms = terms or Terms()
        self.undated = 0  # records that say neither when the account was made nor since when they hold
        self._key = key
        self._checks: list[Check] = [check() for _, check in sorted(catalogue().items())]
        self._seen = [Seen() for _ in self._checks]
        self._rows = Rows(len(self._checks))
        self._daily = DailyRates(self._checks, self.terms.prior)
        self._begin = 0  # second before which nothing is kept

    def __len__(self) -> int:
        return len(self._rows)

    def observe(self, records: pa.Table | pa.RecordBatch) -> None:
        """Take in account records (schema ACCOUNTS or SIGNUPS). The first version of an account is its sign-up."""
        batch = self._read(as_signups(records))
        self.undated += int((batch.at < 0).sum())
        batch = batch.take(np.flatnonzero(batch.at >= self._begin)).firsts()
        row = self._rows.find(batch.account)
        known, new = np.flatnonzero(row >= 0), np.flatnonzero(row < 0)
        again = known[batch.take(known).before(self._rows.signups(row[known]))]
        row[new] = len(self._rows) + np.arange(len(new))
        fresh = np.concatenate([again, new])
        if not len(fresh):
            return
        former, latter = self._rows.signups(row[again]), batch.take(fresh)
        self._count(former, gone=True)
        self._count(latter)
        self._rows.put(row[fresh], latter)
        changed = int(np.concatenate([former.at, latter.at]).min())
        self._rows.column("graded")[self._rows.column("at") >= changed] = False
        self._daily.changed(changed)

    def assess(self, records: pa.Table | pa.RecordBatch) -> Assessment:
        """Weigh sign-ups, in the order of the records, each as of its own moment and by what was observed.

        An account that was observed is assessed by the first version of its record.
        """
        table = as_signups(records)
        asked = self._read(table)
        self._settle()
        row = self._rows.find(asked.account)
        known, other = np.flatnonzero(row >= 0), np.flatnonzero(row < 0)
        grades = np.full((len(asked), len(self._checks)), -1, np.int8)
        grades[known] = self._rows.column("grades")[row[known]]
        grades[other] = self._graded(asked.take(other), own=0)
        at = asked.at.copy()
        at[known] = self._rows.column("at")[row[known]]
        at[at < 0] = self._rows.column("at").max(initial=0)
        days, which = np.unique(at // DAY, return_inverse=True)
        rates = self._daily.of(days, self._rows)
        ids = table["account_id"].to_pylist()
        return assessed(ids, self._checks, grades, rates, which, self.terms.prior)

    def learn(self, account_ids: Iterable[str], *, operators: bool | None) -> int:
        """Learn from a person that accounts are operators', are not, or (None) that nobody knows after all.

        It bears on sign-ups of later days. Returns how many of the accounts are remembered.
        """
        accounts = keyed(pa.array(list(account_ids), pa.string()), "signup account", self._key)
        rows = self._rows.find(accounts)
        rows = rows[rows >= 0]
        if len(rows):
            self._rows.column("placed")[rows] = 0 if operators is None else 1 if operators else -1
            self._daily.changed(int(self._rows.column("at")[rows].min()))
        return len(rows)

    def advance(self, now: Micros) -> None:
        """Forget what no sign-up from now on is judged by."""
        begin = int(seconds(np.array([now]))[0]) - HORIZON
        gone = int((self._rows.column("at") < begin).sum())
        if gone * SPARE <= len(self._rows):
            return
        self._settle()
        self._begin = begin
        self._rows.forget(begin)
        for seen in self._seen:
            seen.forget(begin)
        self._daily.changed(0)

    def _read(self, table: pa.Table) -> Signups:
        intake = Intake(table, self.terms, self._key)
        kept = np.zeros((len(intake), len(self._checks)), np.uint64)
        declared = _declared(intake)
        for number, check in enumerate(self._checks):
            kept[:, number] = check.keep(intake)
            if check.counts:
                kept[declared, number] = 0
        made, valid = _micros(intake.column("created_at")), _micros(intake.column("valid_from"))
        time = np.where(made >= 0, made, valid)
        at = np.where(time >= 0, seconds(time), -1)
        content = at.astype(np.uint64)
        for number in range(len(self._checks)):
            content = mix(content ^ kept[:, number], _SPREAD)
        account = keyed(intake.column("account_id"), "signup account", self._key)
        return Signups(account, at, valid, content, kept)

    def _count(self, signups: Signups, *, gone: bool = False) -> None:
        for number, check in enumerate(self._checks):
            if check.counts:
                there = np.flatnonzero(signups.kept[:, number])
                change = self._seen[number].remove if gone else self._seen[number].add
                change(signups.kept[there, number], signups.at[there])

    def _settle(self) -> None:
        """Grade every sign-up that has no grades, or whose grades what came late has changed."""
        waiting = np.flatnonzero(~self._rows.column("graded"))
        if len(waiting):
            self._rows.column("grades")[waiting] = self._graded(self._rows.signups(waiting), own=1)
            self._rows.column("graded")[waiting] = True

    def _graded(self, signups: Signups, *, own: int) -> np.ndarray:
        out = np.full(signups.kept.shape, -1, np.int8)
        for number, check in enumerate(self._checks):
            kept = signups.kept[:, number]
            there = np.flatnonzero((kept != 0) & ((signups.at >= 0) | (not check.counts)))
            # In the order of the arrays that are searched, a search finds its place in the cache.
            there = there[np.argsort(packed(kept[there], signups.at[there]))]
            history = History(
                self._seen[number], kept[there], signups.at[there], np.full(len(there), own), self.terms
            )
            out[there, number] = check.grade(history)
        return out


def _declared(intake: Intake) -> np.ndarray:
    """Rows of declared organisations: what accounts of one share is not hidden, and no sign of anything."""
    level = pc.fill_null(intake.column("kyc_level"), 0).to_numpy(zero_copy_only=False)
    known = intake.one_of("payment_kind", "invoice") | (level >= VERIFIED)
    return np.flatnonzero((intake.hashes("org_id") != 0) & known)


def _micros(column: pa.Array) -> np.ndarray:
    out: np.ndarray = pc.fill_null(pc.cast(column, pa.int64()), -1).to_numpy(zero_copy_only=False)
    return out
