"""What the hours of an account say about its place: how well they fit the day of a country."""

import numpy as np

from stillwatch.access.regions.places import STEPS_A_DAY

HOURS = 24
MIDDLE = 15.0  # local hour around which people's use of an API is spread
SPREAD = 1.2  # concentration of that spread (von Mises): two thirds lie within five hours of the middle
AT_ANY_HOUR = 0.12  # share of use that keeps no hours
ENOUGH = 15.0  # active hours of the day that count as independent; more say little more, since people keep habits
FEWEST_HOURS = 5  # different hours of the day: fewer may be a timer's


def hour_fits(hours: np.ndarray) -> np.ndarray:
    """[n, STEPS_A_DAY]: log-likelihood of each account's active hours [n, 24] (UTC) under each clock, half hours east."""
    hour = np.arange(HOURS) + 0.5
    offset = np.arange(STEPS_A_DAY) / 2
    local = (hour[:, None] + offset[None, :]) % HOURS
    day = np.exp(SPREAD * np.cos((local - MIDDLE) / HOURS * 2 * np.pi))
    share = (1 - AT_ANY_HOUR) * day / day.sum(axis=0) + AT_ANY_HOUR / HOURS
    total = hours.sum(axis=1, keepdims=True)
    weights = hours * np.minimum(1.0, ENOUGH / np.maximum(total, 1))
    out: np.ndarray = weights @ np.log(share)
    return out


def readable(hours: np.ndarray) -> np.ndarray:
    """bool an account: whether its hours are many enough to be a habit."""
    out: np.ndarray = (hours > 0).sum(axis=1) >= FEWEST_HOURS
    return out


def place_fits(fits: np.ndarray, offsets: list[tuple[int, ...]]) -> np.ndarray:
    """[n, places]: the best fit among the clocks of each place; -inf for a place without a clock."""
    out = np.full((len(fits), len(offsets)), -np.inf)
    for column, clocks in enumerate(offsets):
        if clocks:
            out[:, column] = fits[:, np.array(clocks) % STEPS_A_DAY].max(axis=1)
    return out
