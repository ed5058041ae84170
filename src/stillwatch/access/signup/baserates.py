"""What a grade says about a sign-up: the log of how much more often operators show it than everybody does.

How often everybody shows it is counted among the provider's own sign-ups, how often operators do among accounts
confirmed as theirs. Both begin from the same assumption: half shows nothing, the other half is spread evenly over
the louder grades, each of which is worth one sign-up. So without any count nothing is evidence, and a grade that
was never met is not taken to be rarer than one in those that were counted.
"""

import numpy as np

QUIET = 0.5  # of operators, of whom nothing is known yet, show no sign: as much as not knowing allows


def assumed(grades: int) -> np.ndarray:
    """Counts [grades] assumed before anything was counted."""
    out = np.ones(grades)
    out[0] = (grades - 1) * QUIET / (1 - QUIET)
    return out


def weights(everybody: np.ndarray, operators: np.ndarray) -> np.ndarray:
    """Nats [grades] that each grade is worth, from counts [grades]; never less for a louder grade."""
    base = everybody + assumed(len(everybody))
    sought = operators + assumed(len(everybody))
    out: np.ndarray = np.log(_rising(sought / sought.sum(), base / base.sum()))
    return out


def _rising(sought: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Ratios [grades] of neighbouring grades taken together until none falls."""
    pools: list[tuple[float, float, int]] = []
    for above, below in zip(sought.tolist(), base.tolist(), strict=True):
        pool = (above, below, 1)
        while pools and pools[-1][0] * pool[1] >= pool[0] * pools[-1][1]:
            before = pools.pop()
            pool = (before[0] + pool[0], before[1] + pool[1], before[2] + pool[2])
        pools.append(pool)
    return np.concatenate([np.full(count, above / below) for above, below, count in pools])
