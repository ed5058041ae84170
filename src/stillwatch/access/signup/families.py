"""Evidence of several checks taken together, without counting one cause twice."""

from collections.abc import Sequence
from typing import get_args

import numpy as np

from stillwatch.access.signup.checks import Check, Family

FAMILIES: tuple[Family, ...] = get_args(Family)


def by_check(nats: np.ndarray, grades: np.ndarray) -> np.ndarray:
    """Nats [sign-ups, checks] of grades [sign-ups, checks].

    An unseen check counts as a quiet one: what a record does not say accuses nobody.
    """
    out: np.ndarray = nats[np.arange(grades.shape[1]), np.maximum(grades, 0)]
    return out


def by_family(nats: np.ndarray, alive: np.ndarray, checks: Sequence[Check], grades: np.ndarray) -> np.ndarray:
    """Nats [sign-ups, families].

    The mean of likelihood ratios is a likelihood ratio however they depend on each other, so a family says what its
    checks say on average. Checks of which nobody showed what they need take no part.
    """
    ratios = np.exp(by_check(nats, grades))
    out = np.zeros((len(grades), len(FAMILIES)))
    for number, family in enumerate(FAMILIES):
        members = [place for place, check in enumerate(checks) if check.family == family and alive[place]]
        if members:
            out[:, number] = np.log(ratios[:, members].mean(axis=1))
    return out
