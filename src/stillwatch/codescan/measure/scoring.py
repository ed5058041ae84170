"""What a scanner's reports are worth against known answers: Youden's J by category, with intervals.

A case is hit if any CWE reported on its file answers its category. J is the true-positive rate less the false-positive
rate: 0 for a scanner that flags by chance or flags everything, 1 for one that is always right.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from stillwatch.codescan.measure.categories import answers
from stillwatch.codescan.measure.suite import Case, Suite

Z = 1.959963984540054  # 95 %
RESAMPLES = 2000


@dataclass(frozen=True)
class Hit:
    """One report: the file, relative to the scanned root in POSIX form, and the weakness."""

    path: str
    cwe: int


@dataclass(frozen=True)
class Rates:
    """How the cases of one category were answered."""

    true_positives: int
    positives: int
    false_positives: int
    negatives: int

    @property
    def recall(self) -> float:
        return self.true_positives / self.positives if self.positives else 0.0

    @property
    def false_alarms(self) -> float:
        return self.false_positives / self.negatives if self.negatives else 0.0

    @property
    def youden(self) -> float:
        return self.recall - self.false_alarms

    @property
    def interval(self) -> tuple[float, float]:
        """95 % of J: Newcombe's hybrid of two Wilson intervals, which stays honest with four positives."""
        recall_low, recall_high = wilson(self.true_positives, self.positives)
        false_low, false_high = wilson(self.false_positives, self.negatives)
        return (
            self.youden - sqrt((self.recall - recall_low) ** 2 + (false_high - self.false_alarms) ** 2),
            self.youden + sqrt((recall_high - self.recall) ** 2 + (self.false_alarms - false_low) ** 2),
        )


@dataclass(frozen=True)
class Score:
    """One scanner on one suite; the macro mean weighs each category alike."""

    rates: Mapping[str, Rates]
    macro: float
    macro_interval: tuple[float, float]


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The Wilson score interval at 95 %; nothing tried leaves everything open."""
    if not trials:
        return 0.0, 1.0
    share = successes / trials
    middle = share + Z * Z / (2 * trials)
    spread = Z * sqrt(share * (1 - share) / trials + Z * Z / (4 * trials * trials))
    whole = 1 + Z * Z / trials
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def hit_names(suite: Suite, hits: Iterable[Hit]) -> set[str]:
    """The names of the cases that were hit."""
    reported: defaultdict[str, set[int]] = defaultdict(set)
    for hit in hits:
        reported[hit.path].add(hit.cwe)
    return {
        case.name
        for case in suite.cases
        if reported[f"{suite.folder}/{case.name}.py"] & answers(case.category, case.cwe)
    }


def score(cases: Sequence[Case], flagged: Collection[str], *, seed: int = 0) -> Score:
    """Score the cases, those named in `flagged` having been reported; only categories with both answers count."""
    groups = _groups(cases, flagged)
    rates = {
        category: Rates(sum(true), len(true), sum(false), len(false))
        for category, (true, false) in sorted(groups.items())
        if true and false
    }
    macro = float(np.mean([rate.youden for rate in rates.values()])) if rates else 0.0
    return Score(rates, macro, _bootstrap([groups[category] for category in rates], seed))


def _groups(cases: Sequence[Case], flagged: Collection[str]) -> Mapping[str, tuple[list[bool], list[bool]]]:
    groups: defaultdict[str, tuple[list[bool], list[bool]]] = defaultdict(lambda: ([], []))
    for case in cases:
        groups[case.category][0 if case.vulnerable else 1].append(case.name in flagged)
    return groups


def _bootstrap(groups: Sequence[tuple[list[bool], list[bool]]], seed: int) -> tuple[float, float]:
    """95 % of the macro mean: each category's true and false cases are drawn again, as many as there are.

    How many of the drawn ones are hit is a binomial draw, which is what drawing case by case comes to.
    """
    if not groups:
        return 0.0, 0.0
    chance = np.random.default_rng(seed)
    total = np.zeros(RESAMPLES)
    for true, false in groups:
        total += chance.binomial(len(true), sum(true) / len(true), RESAMPLES) / len(true)
        total -= chance.binomial(len(false), sum(false) / len(false), RESAMPLES) / len(false)
    low, high = np.quantile(total / len(groups), [0.025, 0.975])
    return float(low), float(high)
