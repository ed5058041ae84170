"""How findings are weighed together: steps that add to the log-odds of use from one unsupported place, and never lower them.

A step is met from one finding of a signal on; some steps need two signals, some either of two. No step has a weight
below zero, and what is missing counts as the first finding, which meets none. So a signal taken away never raises what
is held against anybody, whatever the others say. `python -m stillwatch.lab.borders.fit` fits the weights on composed
accounts and writes weights.json.
"""

from functools import cache
from importlib.resources import files

import msgspec
import numpy as np

from stillwatch.access.regions.signals import FINDINGS, OF_PLACES, SIGNALS

Single = tuple[str, int, float]  # signal, the first finding (by number) that meets the step, nats
Pair = tuple[str, int, str, int, float]


class Weights(msgspec.Struct, frozen=True):
    """The log-odds of one place are those of the prior, `best` and the steps that are met.

    `neutral` is what each signal adds where it speaks neither for nor against: these nats sum to -`best`.
    """

    fitted_on: str
    prior: float  # share of accounts used from unsupported places before anything is known, spread evenly over them
    best: float  # nats, 0 or less: what an account has for it of which everything is as it is best
    neutral: dict[str, float]
    steps: tuple[Single, ...]
    both: tuple[Pair, ...]  # met where both signals are
    either: tuple[Pair, ...]  # met where one of them is


class Tables(msgspec.Struct, frozen=True):
    """Nats by finding of a signal, and of pairs of signals (numbers in SIGNALS, the lower first) by both findings."""

    alone: list[np.ndarray]
    paired: dict[tuple[int, int], np.ndarray]


def read(text: bytes) -> Weights:
    return msgspec.json.decode(text, type=Weights)


@cache
def weights() -> Weights:
    """The weights that come with the package."""
    return read(files("stillwatch.access.regions").joinpath("weights.json").read_bytes())


def tables(fitted: Weights) -> Tables:
    """The steps added up."""
    sizes = [len(FINDINGS[signal]) for signal in SIGNALS]
    alone = [np.zeros(size) for size in sizes]
    for signal, first, nats in fitted.steps:
        alone[SIGNALS.index(signal)][first:] += nats
    paired: dict[tuple[int, int], np.ndarray] = {}
    for either, pairs in ((False, fitted.both), (True, fitted.either)):
        for one, first, other, second, nats in pairs:
            a, b = SIGNALS.index(one), SIGNALS.index(other)
            table = paired.setdefault((min(a, b), max(a, b)), np.zeros((sizes[min(a, b)], sizes[max(a, b)])))
            view = table if a < b else table.T
            rows, columns = np.arange(sizes[a]) >= first, np.arange(sizes[b]) >= second
            view[rows[:, None] | columns if either else rows[:, None] & columns] += nats
    return Tables(alone, paired)


def odds(made: Tables, account: np.ndarray, place: np.ndarray) -> np.ndarray:
    """[n, places] nats of the steps met, of findings [n, signals of ABOUT_ACCOUNT] and [signals of ABOUT_PLACE, n, places]."""
    of_account = np.zeros(len(account))
    by_finding = [np.tile(table, (len(account), 1)) for table in made.alone[:OF_PLACES]]
    for table, levels in zip(made.alone[OF_PLACES:], account.T, strict=True):
        of_account += table[levels]
    out = np.zeros(place.shape[1:])
    for (a, b), table in made.paired.items():
        if a >= OF_PLACES:
            of_account += table[account[:, a - OF_PLACES], account[:, b - OF_PLACES]]
        elif b >= OF_PLACES:
            by_finding[a] += table.T[account[:, b - OF_PLACES]]
        else:
            out += table[place[a], place[b]]
    for nats, levels in zip(by_finding, place, strict=True):
        out += np.take_along_axis(nats, levels.astype(np.intp), axis=1)
    return out + of_account[:, None]


def contributions(made: Tables, found: np.ndarray) -> np.ndarray:
    """[n, SIGNALS] nats that each finding adds: its own steps, and of a pair's the mean over both orders of seeing them.

    These are Shapley values. They sum to the nats of the steps met; a first finding adds nothing.
    """
    out = np.stack([table[levels] for table, levels in zip(made.alone, found.T, strict=True)], axis=1)
    for (a, b), table in made.paired.items():
        both, first, second = table[found[:, a], found[:, b]], table[found[:, a], 0], table[0, found[:, b]]
        out[:, a] += (first + both - second) / 2
        out[:, b] += (second + both - first) / 2
    return out
