"""What the hours of an account say about its place: how well they fit the days that people of a place keep."""

import numpy as np

from stillwatch.access.regions.places import STEPS_A_DAY

HOURS = 24
MIDDLE = 15.0  # local hour around which a usual person's use of an API is spread
SPREAD = 1.2  # concentration of a person's use (von Mises): two thirds lie within five hours of their middle
AT_ANY_HOUR = 0.12  # share of use that keeps no hours
EARLY_AND_LATE = 2.0  # hours, standard deviation of people's middles: chronotypes and habits of work
ANY_SHIFT = 0.10  # share of people whose middle may be at any hour: night work, infants, programs on a timer
ENOUGH = (
    20.0  # active hours of the day that count as independent; more say little more, since people keep habits
)
FEWEST_HOURS = 5  # different hours of the day: fewer may be a timer's


def place_fits(hours: np.ndarray, offsets: list[tuple[int, ...]]) -> np.ndarray:
    """[n, places]: log-likelihood of active hours [n, 24] (UTC) in places, up to a constant an account.

    The clocks of each place are given in half hours east; the best of them counts. -inf for a place without a clock.
    """
    fits = _clock_fits(hours)
    out = np.full((len(fits), len(offsets)), -np.inf)
    for column, clocks in enumerate(offsets):
        if clocks:
            out[:, column] = fits[:, np.array(clocks) % STEPS_A_DAY].max(axis=1)
    return out


def readable(hours: np.ndarray) -> np.ndarray:
    """Whether the hours of each account are many enough to be a habit."""
    out: np.ndarray = (hours > 0).sum(axis=1) >= FEWEST_HOURS
    return out


def _clock_fits(hours: np.ndarray) -> np.ndarray:
    """[n, STEPS_A_DAY]: log-likelihood under each clock, over all middles that a person may have."""
    hour = np.arange(HOURS) + 0.5
    shift = np.arange(STEPS_A_DAY) / 2
    local = (hour[:, None] + shift[None, :]) % HOURS
    day = np.exp(SPREAD * np.cos((local - MIDDLE) / HOURS * 2 * np.pi))
    share = (1 - AT_ANY_HOUR) * day / day.sum(axis=0) + AT_ANY_HOUR / HOURS
    weights = hours * np.minimum(1.0, ENOUGH / np.maximum(hours.sum(axis=1, keepdims=True), 1))
    usual = weights @ np.log(share)  # as if everybody had the usual middle
    top = usual.max(axis=1, keepdims=True)
    away = np.minimum(shift, HOURS - shift)
    middles = np.exp(-0.5 * (away / EARLY_AND_LATE) ** 2)
    middles = (1 - ANY_SHIFT) * middles / middles.sum() + ANY_SHIFT / STEPS_A_DAY
    turned = middles[(np.arange(STEPS_A_DAY)[:, None] - np.arange(STEPS_A_DAY)[None, :]) % STEPS_A_DAY]
    out: np.ndarray = top + np.log(np.exp(usual - top) @ turned)
    return out
