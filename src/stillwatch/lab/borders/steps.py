"""A logistic regression on steps: monotone in every finding, since no step may have a weight below zero.

An account is one example with several rows: what was found about each unsupported place, rows that are alike once with
their number. Its odds are the sum over all rows, as the judge sums them over places.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from stillwatch.access.regions.signals import FINDINGS, SIGNALS
from stillwatch.access.regions.weights import Pair, Single
from stillwatch.lab.arrays import Bools, Floats, Ints

MOST = 4.0  # nats a step: none decides alone
SPARSE, RIDGE = 6.0, 0.2  # penalties on a weight and on its square, against a sum of losses
ROUNDS = 80
NOTHING = 0.03  # nats, below which a step is left out

BOTH, EITHER = "both", "either"


class Examples(NamedTuple):
    """Accounts in order; `first` is the first row of each."""

    found: npt.NDArray[np.int8]  # [rows, SIGNALS]
    places: Floats  # that a row stands for
    first: Ints
    guilty: Bools
    weight: Floats
    prior: float  # log-odds of one place

    @property
    def account(self) -> Ints:
        return np.repeat(np.arange(len(self.first)), np.diff(np.append(self.first, len(self.places))))


class Step(NamedTuple):
    """All steps of a signal, or of a pair of signals and a kind; their weights lie one after the other."""

    kind: str
    one: int
    other: int
    begins: int
    shape: tuple[int, ...]

    @property
    def ends(self) -> int:
        return self.begins + int(np.prod(self.shape))


class Fitted(NamedTuple):
    """The steps that have a weight."""

    best: float
    steps: list[Single]
    both: list[Pair]
    either: list[Pair]


def fit(examples: Examples, pairs: Sequence[tuple[str, str]], *, rounds: int = ROUNDS) -> Fitted:
    """The weights that minimise the penalised loss."""
    sizes = [len(FINDINGS[signal]) for signal in SIGNALS]
    groups = _groups(sizes, pairs)
    cells = [_cell(examples.found, group[0], sizes) for group in groups]
    account = examples.account

    def loss(weights: Floats) -> tuple[float, Floats]:
        ratio = examples.prior + weights[0] + np.zeros(len(account))
        for group, cell in zip(groups, cells, strict=True):
            ratio += np.sum([_table(step, weights, sizes) for step in group], axis=0).ravel()[cell]
        most = np.maximum.reduceat(ratio, examples.first)
        odds = examples.places * np.exp(ratio - most[account])
        total = np.add.reduceat(odds, examples.first)
        logit = np.log(total) + most
        value = (examples.weight * (np.logaddexp(0, logit) - examples.guilty * logit)).sum()
        error = examples.weight * (1 / (1 + np.exp(-np.clip(logit, -500, 500))) - examples.guilty)
        each = error[account] * odds / total[account]
        slope = np.empty_like(weights)
        slope[0] = error.sum()
        for group, cell in zip(groups, cells, strict=True):
            shape = tuple(size + 1 for size in group[0].shape)
            errors = np.bincount(cell, each, int(np.prod(shape))).astype(float).reshape(shape)
            for step in group:
                slope[step.begins : step.ends] = _slope(step, errors)
        value += SPARSE * weights[1:].sum() + RIDGE * (weights[1:] ** 2).sum() / 2
        slope[1:] += SPARSE + RIDGE * weights[1:]
        return float(value), slope

    start = np.zeros(groups[-1][-1].ends)
    start[0] = -2.0
    bounds = [(-20.0, 0.0)] + [(0.0, MOST)] * (len(start) - 1)
    found = minimize(loss, start, jac=True, bounds=bounds, options={"maxiter": rounds, "maxcor": 20}).x
    return _fitted([step for group in groups for step in group], found)


def _groups(sizes: Sequence[int], pairs: Sequence[tuple[str, str]]) -> list[list[Step]]:
    """Steps that ask for the same findings are together."""
    out: list[list[Step]] = []
    begins = 1
    for number, size in enumerate(sizes):
        out.append([Step("alone", number, number, begins, (size - 1,))])
        begins = out[-1][-1].ends
    for one, other in pairs:
        a, b = SIGNALS.index(one), SIGNALS.index(other)
        shape = (sizes[a] - 1, sizes[b] - 1)
        both = Step(BOTH, a, b, begins, shape)
        out.append([both, Step(EITHER, a, b, both.ends, shape)])
        begins = out[-1][-1].ends
    return out


def _cell(found: npt.NDArray[np.int8], step: Step, sizes: Sequence[int]) -> npt.NDArray[np.int32]:
    out = found[:, step.one].astype(np.int32)
    return out if len(step.shape) == 1 else out * sizes[step.other] + found[:, step.other]


def _table(step: Step, weights: Floats, sizes: Sequence[int]) -> Floats:
    """Nats by finding: the steps that it meets."""
    own = weights[step.begins : step.ends].reshape(step.shape)
    if len(step.shape) == 1:
        return np.append(0.0, own.cumsum())
    out = np.zeros((sizes[step.one], sizes[step.other]))
    out[1:, 1:] = own.cumsum(axis=0).cumsum(axis=1)
    if step.kind == EITHER:
        rows = np.append(0.0, own.sum(axis=1).cumsum())
        columns = np.append(0.0, own.sum(axis=0).cumsum())
        out = rows[:, None] + columns - out
    return out


def _slope(step: Step, errors: Floats) -> Floats:
    """For each step the errors of all that meet it."""
    if errors.ndim == 1:
        return _from(errors, 0)[1:]
    both = _from(_from(errors, 0), 1)[1:, 1:]
    if step.kind == EITHER:
        rows, columns = _from(errors.sum(axis=1), 0)[1:], _from(errors.sum(axis=0), 0)[1:]
        both = rows[:, None] + columns - both
    return both.ravel()


def _from(values: Floats, axis: int) -> Floats:
    """Sums from each place to the end."""
    return np.flip(np.flip(values, axis).cumsum(axis=axis), axis)


def _fitted(steps: Sequence[Step], weights: Floats) -> Fitted:
    out = Fitted(round(float(weights[0]), 3), [], [], [])
    for step in steps:
        own = weights[step.begins : step.ends].reshape(step.shape)
        for at in np.argwhere(own >= NOTHING):
            nats, one, other = round(float(own[tuple(at)]), 3), SIGNALS[step.one], SIGNALS[step.other]
            if step.kind == "alone":
                out.steps.append((one, int(at[0]) + 1, nats))
            else:
                listed = out.both if step.kind == BOTH else out.either
                listed.append((one, int(at[0]) + 1, other, int(at[1]) + 1, nats))
    return out
