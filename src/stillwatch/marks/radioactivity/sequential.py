"""A closed model, asked answer by answer: an e-value for each key that may be looked at after every answer.

Each pair that is new is a bet against "the key has nothing to do with it": the product of likelihood ratios, averaged
over a range of effects. Under that hypothesis the chance that it ever reaches 1 / alpha is at most alpha (Ville), so the
sampling may stop as soon as it does.
"""

import math
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from stillwatch.marks.keys import MarkKeys
from stillwatch.marks.watermark.evidence import LN10
from stillwatch.marks.watermark.law import Bernoulli
from stillwatch.marks.watermark.marking import cohort_contexts
from stillwatch.marks.watermark.pairs import all_windows, distinct, keyed_words
from stillwatch.marks.watermark.prf import Ints
from stillwatch.marks.watermark.scheme import Scheme

EFFECTS = np.geomspace(0.002, 0.5, 24)  # relative effects that are bet on, all with the same stake
LOOKS = 100


class Sequential:
    """E-values of cohorts over answers as they come. The state grows with the different pairs that were seen."""

    def __init__(
        self, keys: MarkKeys, scheme: Scheme, cohorts: list[str], *, left_out: Sequence[int] = ()
    ) -> None:
        self.cohorts = list(cohorts)
        self._keys, self._scheme, self._left_out = keys, scheme, left_out
        self._words = keys.cohorts(self.cohorts)
        self._seen: set[bytes] = set()
        self._wealth = np.zeros((len(self.cohorts), len(EFFECTS)))
        self.pairs = 0

    def add(self, answers: Iterable[Ints]) -> npt.NDArray[np.float64]:
        """Take answers in; returns the logarithm of each cohort's e-value now."""
        pairs = distinct(all_windows(answers, self._scheme.window, self._left_out))
        pairs = pairs.within(cohort_contexts(self._keys.selector(), pairs.contexts, self._scheme))
        rows = np.column_stack([pairs.contexts[pairs.of], pairs.tokens])
        names = [row.tobytes() for row in rows]
        new = np.array([name not in self._seen for name in names], bool)
        self._seen.update(names)
        self.pairs += int(new.sum())
        at = 0
        law = self._scheme.law()
        for made in keyed_words(self._words, pairs):
            scores = law.scores(made[:, new])
            self._wealth[at : at + len(made)] += self._ratios(scores)
            at += len(made)
        return self.log_e()

    def log_e(self) -> npt.NDArray[np.float64]:
        out: npt.NDArray[np.float64] = logsumexp(self._wealth, axis=1) - math.log(len(EFFECTS))
        return out

    def _ratios(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Logarithm of the likelihood ratio of all scores [keys, n] for each effect: [keys, effects]."""
        law = self._scheme.law()
        count, total = scores.shape[1], scores.sum(axis=1)[:, None]
        if isinstance(law, Bernoulli):
            share = law.mean + (1 - law.mean) * EFFECTS
            green, other = np.log(share / law.mean), np.log((1 - share) / (1 - law.mean))
            ratios: npt.NDArray[np.float64] = total * green + (count - total) * other
        else:
            ratios = count * np.log1p(-EFFECTS) + total * EFFECTS
        return ratios

    def named(self, alpha: float) -> list[str]:
        """Cohorts whose e-value has reached the number of cohorts over alpha: any innocent one with chance alpha at most."""
        limit = math.log(max(1, len(self.cohorts)) / alpha)
        return [name for name, value in zip(self.cohorts, self.log_e(), strict=True) if value >= limit]


class Stopping(msgspec.Struct, frozen=True, kw_only=True):
    """When sampling could have stopped: the cohort whose e-value came first, or is largest."""

    cohort: str
    log10_e: float  # at that moment, or at the end
    limit: float  # of log10_e: the number of cohorts over alpha
    stop_after: int | None  # answers


def stopping(
    answers: Sequence[Ints],
    keys: MarkKeys,
    scheme: Scheme,
    cohorts: list[str],
    alpha: float,
    left_out: Sequence[int] = (),
) -> Stopping:
    """Look after each hundredth of the answers, in the order in which they were given."""
    test = Sequential(keys, scheme, cohorts, left_out=left_out)
    limit = math.log(len(cohorts) / alpha)
    step = max(1, len(answers) // LOOKS)
    values = test.log_e()
    reached = None
    for start in range(0, len(answers), step):
        values = test.add(answers[start : start + step])
        if values.max() >= limit:
            reached = min(start + step, len(answers))
            break
    best = int(values.argmax())
    return Stopping(
        cohort=cohorts[best],
        log10_e=float(values[best]) / LN10,
        limit=limit / LN10,
        stop_after=reached,
    )
