"""Which keys are in it: the global key and each cohort's, tested on contexts of their own, with known family-wise error.

The global key is tested by its own bound at `alpha`; it says that marked answers are in it, not whose. All cohort keys
are tested together: those whose bounds, adjusted by Holm, are `alpha` or less are named, so that the chance that any
innocent cohort is named is at most `alpha`, however many there are and however many are guilty.
"""

import math
from typing import Literal

import msgspec
import numpy as np

from stillwatch.marks.keys import MarkKeys
from stillwatch.marks.watermark.evidence import LN10, Evidence, Null, holm, pairs_needed
from stillwatch.marks.watermark.marking import cohort_contexts
from stillwatch.marks.watermark.pairs import Pairs
from stillwatch.marks.watermark.scheme import Scheme

ALPHA = 1e-3  # of the family-wise error; by default
DECOYS = 999  # the rank's least p-value is 1e-3 then
FEWEST = 20  # pairs; on fewer, nothing is said

Answer = Literal["marked", "undecided", "too_short"]


class CohortEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a cohort's key says. `log10_p_adjusted` is the bound after Holm over all cohorts."""

    cohort: str
    key_id: str
    named: bool
    log10_p_adjusted: float
    evidence: Evidence


class Tracing(msgspec.Struct, frozen=True, kw_only=True):
    """The answer, and all it rests on. `needed` are positions after which what is seen would decide, were it real."""

    answer: Answer
    alpha: float
    positions: int
    overall: Evidence
    overall_found: bool
    cohorts: list[CohortEvidence]  # smallest p first
    needed: int | None

    @property
    def named(self) -> list[str]:
        return [one.cohort for one in self.cohorts if one.named]


def trace(
    pairs: Pairs,
    keys: MarkKeys,
    scheme: Scheme,
    cohorts: list[str],
    *,
    alpha: float = ALPHA,
    decoys: int = DECOYS,
) -> Tracing:
    """Test the global key and the cohorts' keys on pairs of a text, of sampled answers, or of an open model."""
    own = cohort_contexts(keys.selector(), pairs.contexts, scheme)
    shared = Null(pairs.within(~own), scheme.law())
    apart = Null(pairs.within(own), scheme.law())
    drawn = keys.decoys(decoys) if decoys else None
    overall = shared.evidence(
        shared.sums(keys.overall()[None, :]), None if drawn is None else shared.sums(drawn)
    )[0]
    sums = apart.sums(keys.cohorts(cohorts))
    adjusted = holm(apart.log_bound(sums))
    found = apart.evidence(sums, None if drawn is None else apart.sums(drawn))
    enough = len(apart.pairs) >= FEWEST
    named = [
        CohortEvidence(
            cohort=cohort,
            key_id=keys.key_id(cohort),
            named=enough and bool(value <= math.log(alpha)),
            log10_p_adjusted=float(value) / LN10,
            evidence=evidence,
        )
        for cohort, value, evidence in zip(cohorts, adjusted, found, strict=True)
    ]
    named.sort(key=lambda one: (one.evidence.log10_p_bound, one.cohort))
    whole = len(shared.pairs) >= FEWEST and overall.log10_p_bound <= math.log10(alpha)
    decided = whole or any(one.named for one in named)
    short = not enough and len(shared.pairs) < FEWEST
    return Tracing(
        answer="marked" if decided else "too_short" if short else "undecided",
        alpha=alpha,
        positions=pairs.positions,
        overall=overall,
        overall_found=whole,
        cohorts=named,
        needed=None
        if decided
        else _needed(pairs, scheme, [overall, *(one.evidence for one in named)], alpha),
    )


def _needed(pairs: Pairs, scheme: Scheme, found: list[Evidence], alpha: float) -> int | None:
    """Positions needed if the largest effect that is seen were real, at as many new pairs a position as here.

    Where weights are not one, the square of z grows with the positions.
    """
    seen = [one for one in found if one.pairs >= FEWEST and one.z is not None and one.z > 0]
    if not seen or not len(pairs):
        return None
    best = max(seen, key=lambda one: one.z or 0.0)
    log10_p = math.log10(alpha / max(1, len(found) - 1))
    if best.mean_score is not None:
        own = pairs_needed(scheme.law(), best.mean_score, log10_p)
        return None if own is None else math.ceil(own * pairs.positions / best.pairs)
    return math.ceil(pairs.positions * 2 * -log10_p * LN10 / (best.z or np.inf) ** 2)
