"""What sign-ups so far say about the key of a new one: how many hold it, and how many more than usual do.

Everything is reckoned as of the moment of the sign-up itself, from other sign-ups at or before it. So the answer
for a sign-up does not depend on what came later, nor on how deliveries were cut.
"""

import msgspec
import numpy as np
from scipy.special import gammaln

from stillwatch.access.signup.keytimes import KeyTimes
from stillwatch.access.signup.terms import Terms

DAY = 86_400  # seconds
HELD_DAYS = 28  # in which sign-ups with one key are counted together
RECENT_DAYS = 7  # in which a share is compared with what it was before
BASE_DAYS = 28  # before those, from which a usual share is learned
PERIOD = DAY  # in which a burst is looked for
STARTS = (
    0,
    DAY // 2,
)  # of periods, after midnight in UTC: a burst that one of them cuts lies within the other
TIMES_USUAL = 10.0  # mean of how many times the usual rate a burst is taken to have; the test holds for any
LOUDEST = 7  # grade at which counting ends


class Seen(msgspec.Struct):
    """All sign-ups that showed a key, by key, and all together."""

    by_key: KeyTimes = msgspec.field(default_factory=KeyTimes)
    together: KeyTimes = msgspec.field(default_factory=KeyTimes)

    def add(self, keys: np.ndarray, times: np.ndarray) -> None:
        self.by_key.add(keys, times)
        self.together.add(np.zeros_like(keys), times)

    def remove(self, keys: np.ndarray, times: np.ndarray) -> None:
        self.by_key.remove(keys, times)
        self.together.remove(np.zeros_like(keys), times)

    def forget(self, before: int) -> None:
        self.by_key.forget(before)
        self.together.forget(before)


class History(msgspec.Struct, frozen=True):
    """The sign-ups that a check is asked about, and all that it has seen."""

    seen: Seen
    kept: np.ndarray  # uint64 [sign-ups], what the check keeps of each; none is 0
    at: np.ndarray  # int64 [sign-ups], seconds
    own: np.ndarray  # int64 [sign-ups], 1 where the sign-up itself is among what was seen
    terms: Terms

    def stated(self, grades: int) -> np.ndarray:
        """Grades that were kept as they are, by `Intake.grades` or `Intake.numbers`; the last stands for all beyond."""
        out: np.ndarray = np.minimum(self.kept.astype(np.int64) - 1, grades - 1).astype(np.int8)
        return out

    def holders(self) -> np.ndarray:
        """Sign-ups of HELD_DAYS that hold the key, itself among them, int64."""
        return self._others(self.at - HELD_DAYS * DAY + 1, self.at) + 1

    def held(self) -> np.ndarray:
        """Octaves of how many sign-ups of HELD_DAYS hold the key: 0 for one, 1 for two or three, 2 for up to seven."""
        return octaves(self.holders())

    def more_than_usual(self) -> np.ndarray:
        """Octaves by which sign-ups of RECENT_DAYS with the key outnumber what its share before them foretells."""
        begin = self.at - RECENT_DAYS * DAY
        here, total = self._others(begin + 1, self.at), self._others(begin + 1, self.at, together=True)
        return octaves((here + 1) / (self._usual_share(begin) * total + 1))

    def burst(self) -> np.ndarray:
        """Decades of the evidence that sign-ups with the key come faster, among all others, than they did before."""
        return _grades(self.burst_evidence() / np.log(10))

    def burst_evidence(self) -> np.ndarray:
        """Log e-value against the usual share, as far as the period of the sign-up has gone.

        Within a period it is a test supermartingale: while the key comes at its usual share or below, the probability
        that it ever passes log(1/a) is at most a. Two periods overlap, and the mean of two e-values is one: of a key's
        two periods a day, 2a at most are expected to pass by chance.
        """
        sides = [self._in_period(start) for start in STARTS]
        out: np.ndarray = np.logaddexp.reduce(sides, axis=0) - np.log(len(STARTS))
        return out

    def _in_period(self, start: int) -> np.ndarray:
        """Log of the likelihood ratio of Poisson counts, mixed over an exponential law of the times the usual rate."""
        begin = self.at - (self.at - start) % PERIOD
        here, total = self._others(begin, self.at), self._others(begin, self.at, together=True)
        expected = self._usual_share(begin - 1) * total
        rate = 1 / TIMES_USUAL
        out: np.ndarray = np.log(rate) + gammaln(here + 1) - (here + 1) * np.log(rate + expected) + expected
        return out

    def _usual_share(self, until: np.ndarray) -> np.ndarray:
        """Share of the key among the sign-ups of BASE_DAYS up to `until`, with one more than was seen."""
        first = until - BASE_DAYS * DAY + 1
        key = self.seen.by_key.count(self.kept, first, until)
        total = self.seen.together.count(np.zeros_like(self.kept), first, until)
        out: np.ndarray = (key + 1) / (total + 1)
        return out

    def _others(self, first: np.ndarray, last: np.ndarray, *, together: bool = False) -> np.ndarray:
        if together:
            return self.seen.together.count(np.zeros_like(self.kept), first, last, but=self.own)
        return self.seen.by_key.count(self.kept, first, last, but=self.own)


def octaves(times: np.ndarray) -> np.ndarray:
    """Grades of how many times something is there: 0 below 2, 1 below 4, and so on."""
    return _grades(np.log2(times))


def _grades(values: np.ndarray) -> np.ndarray:
    out: np.ndarray = np.clip(np.floor(values), 0, LOUDEST).astype(np.int8)
    return out
