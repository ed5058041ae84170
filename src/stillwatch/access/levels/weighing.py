"""What a challenge shows: the false-challenge rate with its interval, and evidence for and against, in nats.

Cluster and control group are asked the same at the same moment, and both are read once, at the deadline. Where the
cluster is no campaign, its accounts answer as the others do, and given how many answered in all, how many of those
lie in the cluster follows the hypergeometric law whatever the pass rate. The e-value divides by that law a mixture of
laws in which a cluster's account has a stated multiple of the odds not to pass. So its mean under chance is one, and
it may be multiplied with the e-value of the campaign, which was fixed before anybody was asked.

An account's own answer shifts its log odds by the ratio of pass rates, each with what was thought of it before. Rates
of the cluster hold the innocents in it, which makes the shift smaller than the truth, not larger.
"""

from collections.abc import Iterable
from math import log

import numpy as np
from scipy.special import gammaln, logsumexp
from scipy.stats import beta

from stillwatch.access.levels.policy import Expected
from stillwatch.cases.challenge_records import Challenge, Challenged, Weight
from stillwatch.records import Micros

ODDS = (3.0, 10.0, 30.0)  # multiples of the odds not to pass; the mixture says nothing of which is true
MOST_OF_ACCOUNT = 3.0  # nats, a factor of twenty: one answer alone neither accuses nor acquits
MOST_OF_CLUSTER = 6.0  # nats: silence has other causes than guilt (a mail that went astray, a holiday)
INTERVAL = 0.95
MEASURED = frozenset({"passed", "failed", "silent"})


def interval(passed: int, asked: int) -> tuple[float, float]:
    """The exact (Clopper-Pearson) interval of a rate; all of 0 to 1 where nobody was asked."""
    tail = (1 - INTERVAL) / 2
    low = float(beta.ppf(tail, passed, asked - passed + 1)) if passed else 0.0
    high = float(beta.ppf(1 - tail, passed + 1, asked - passed)) if passed < asked else 1.0
    return low, high


def log_e_value(cluster_left: int, cluster: int, control_left: int, control: int) -> float:
    """The log e-value that accounts of the cluster were left without a proof more often than chance deals them."""
    left = cluster_left + control_left
    if not cluster or not control or left in {0, cluster + control}:
        return 0.0
    counts = np.arange(max(0, left - control), min(left, cluster) + 1)
    ways = _choose(cluster, counts) + _choose(control, left - counts)
    at = int(cluster_left - counts[0])
    chance = ways[at] - logsumexp(ways)
    likely = [
        ways[at] + at_odds * cluster_left - logsumexp(ways + at_odds * counts) for at_odds in np.log(ODDS)
    ]
    return float(logsumexp(likely) - log(len(ODDS)) - chance)


def _choose(of: int, some: np.ndarray) -> np.ndarray:
    out: np.ndarray = gammaln(of + 1) - gammaln(some + 1) - gammaln(of - some + 1)
    return out


def shifts(
    cluster_passed: int, cluster: int, control_passed: int, control: int, expected: Expected
) -> tuple[float, float, float]:
    """The pass rate of accounts of no campaign, and what passing and not passing add to an account's log odds."""
    usual = (control_passed + expected.legitimate * expected.worth) / (control + expected.worth)
    theirs = (cluster_passed + expected.operator * expected.worth) / (cluster + expected.worth)
    passing = min(0.0, max(-MOST_OF_ACCOUNT, log(theirs / usual)))
    scattering = max(0.0, min(MOST_OF_ACCOUNT, log((1 - theirs) / (1 - usual))))
    return usual, passing, scattering


def counted(asked: Iterable[Challenged]) -> tuple[int, int]:
    """How many passed, and how many answered or let the time run out, of those that were asked first."""
    measured = [one for one in asked if one.first and one.answer in MEASURED]
    return sum(one.answer == "passed" for one in measured), len(measured)


def weigh(challenge: Challenge, earlier: Iterable[Challenge], expected: Expected, now: Micros) -> Weight:
    """What a challenge whose deadline is over shows; control groups of earlier ones tell of the usual pass rate too."""
    cluster_passed, cluster = counted(challenge.cluster)
    control_passed, control = counted(challenge.controls)
    own = (cluster - cluster_passed, cluster, control - control_passed, control)
    evidence = max(-MOST_OF_CLUSTER, min(MOST_OF_CLUSTER, log_e_value(*own)))
    before = [counted(one.controls) for one in earlier if one.challenge_id != challenge.challenge_id]
    usual_passed = control_passed + sum(passed for passed, _ in before)
    usual = control + sum(size for _, size in before)
    rate, passing, scattering = shifts(cluster_passed, cluster, usual_passed, usual, expected)
    low, high = interval(usual_passed, usual)
    return Weight(
        cluster_passed=cluster_passed,
        cluster=cluster,
        control_passed=control_passed,
        control=control,
        pass_rate=rate,
        pass_low=low,
        pass_high=high,
        log_e_value=evidence,
        passing=passing,
        scattering=scattering,
        weighed_at=now,
    )
