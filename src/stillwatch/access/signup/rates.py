"""What a grade is worth on a day, learned from the sign-ups of the four weeks before it.

Sign-ups are a mixture: some are an operator's, and nobody says which. How often grades occur in either part is found
by expectation and maximisation: each sign-up belongs to the operators' part as much as its evidence so far says, and
counts there as much. Accounts that a person confirmed or cleared belong where the person put them. Without this,
operators would make their own signs look common.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from stillwatch.access.signup.baserates import weights
from stillwatch.access.signup.checks import Check
from stillwatch.access.signup.families import by_family
from stillwatch.access.signup.history import DAY, LOUDEST
from stillwatch.access.signup.rows import Rows
from stillwatch.features.distinct import grouped
from stillwatch.features.words import mix

RATE_DAYS = 28
GRADES = LOUDEST + 1
LEARNED_FROM = 100_000  # sign-ups at most: their sampling error is far below what a decision turns on
ROUNDS = 10  # of expectation and maximisation; tuned on seeds 1 and 2, where later ones change little
FIRST_SHARE = 0.05  # of operators' sign-ups, from which the rounds begin; tuned as above
LARGEST_SHARE = 0.5  # beyond which the two parts could change places
_SPREAD = np.uint64(0x9FB21C651E98DF25)


class Rates(msgspec.Struct, frozen=True):
    """What was counted in the days before one day, and what it makes grades worth."""

    others: np.ndarray  # float64 [checks, GRADES]: sign-ups of the part that is nobody's
    operators: np.ndarray  # float64 [checks, GRADES]: sign-ups of the operators' part
    nats: np.ndarray  # float64 [checks, GRADES]
    alive: np.ndarray  # bool [checks]: the check weighs, and somebody showed what it needs


class DailyRates:
    """The rates of each day that was asked for, kept until sign-ups before it change."""

    def __init__(self, checks: Sequence[Check], least_share: float) -> None:
        self._checks = checks
        self._least_share = least_share
        self._rates: dict[int, Rates] = {}

    def changed(self, since: int) -> None:
        """Sign-ups from this second on are other ones now, or are graded or placed otherwise."""
        self._rates = {day: rates for day, rates in self._rates.items() if day <= since // DAY}

    def of(self, days: np.ndarray, rows: Rows) -> list[Rates]:
        """The rates of each day; all rows are graded."""
        for day in days.tolist():
            if day not in self._rates:
                self._rates[day] = self._learn(rows, day)
        return [self._rates[day] for day in days.tolist()]

    def _learn(self, rows: Rows, day: int) -> Rates:
        ago = day - rows.column("at") // DAY
        inside = np.flatnonzero((ago > 0) & (ago <= RATE_DAYS))
        if (
            len(inside) > LEARNED_FROM
        ):  # those of the smallest hashes: the same ones in whatever order they came
            order = np.argpartition(rows.column("account")[inside], LEARNED_FROM)
            inside = inside[order[:LEARNED_FROM]]
        grades, placed = rows.column("grades")[inside], rows.column("placed")[inside]
        alike = grouped(_patterns(grades, placed))
        grades, placed, times = grades[alike.first], placed[alike.first], alike.counts.astype(np.float64)
        weighing = np.array([check.weighs for check in self._checks])
        alive = weighing & (grades >= 0).any(axis=0)
        belongs = np.where(placed > 0, 1.0, 0.0)
        share = FIRST_SHARE
        for _ in range(ROUNDS):
            rates = self._rated(grades, times, belongs, alive)
            log_odds = np.log(share / (1 - share)) + by_family(rates.nats, alive, self._checks, grades).sum(1)
            belongs = np.where(placed == 0, 1 / (1 + np.exp(-log_odds)), placed > 0)
            mean = (belongs * times).sum() / max(times.sum(), 1.0)
            share = min(max(mean, self._least_share), LARGEST_SHARE)
        return self._rated(grades, times, belongs, alive)

    def _rated(self, grades: np.ndarray, times: np.ndarray, belongs: np.ndarray, alive: np.ndarray) -> Rates:
        counts = np.zeros((2, len(self._checks), GRADES))
        nats = np.zeros(counts.shape[1:])
        for number, check in enumerate(self._checks):
            said = grades[:, number] >= 0
            heard, whole = grades[said, number], times[said]
            for part, weight in enumerate((1 - belongs[said], belongs[said])):
                counts[part, number] = np.bincount(heard, whole * weight, minlength=GRADES)
            if alive[number]:
                worth = weights(*counts[:, number, : check.grades])
                nats[number] = np.append(worth, np.full(GRADES - check.grades, worth[-1]))
        return Rates(counts[0], counts[1], nats, alive)


def _patterns(grades: np.ndarray, placed: np.ndarray) -> np.ndarray:
    """A hash of each row, equal for equal ones."""
    out = (placed + 2).astype(np.uint64)
    for column in grades.T:
        out = mix(out * np.uint64(31) + (column + 2).astype(np.uint64), _SPREAD)
    return out
