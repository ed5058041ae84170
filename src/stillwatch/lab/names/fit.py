"""Fitting the weights of name matching on the first two composers: logistic regression on the pairs that share a key."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stillwatch.access.names.compare import FEATURES, compare
from stillwatch.access.names.screen import Screen, Weights
from stillwatch.lab.names import first, second
from stillwatch.lab.names.sample import Sample, compose

SEEDS = (1, 2, 3, 4, 5)
SIZE = 1000
RIDGE = 1.0  # keeps features that the sample says nothing of near zero
STEPS = 50


def fit(seeds: Sequence[int] = SEEDS, size: int = SIZE) -> Weights:
    parts = [
        labelled(compose(which.COMPOSER, seed, size)) for which in (first, second) for seed in seeds
    ]
    features = np.concatenate([part[0] for part in parts]).astype(float)
    truth = np.concatenate([part[1] for part in parts]).astype(float)
    weights = logistic(features, truth)
    return Weights(list(FEATURES), [round(float(weight), 4) for weight in weights], float(truth.mean()), list(seeds))


def labelled(sample: Sample) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Features of each pair of spellings that share a key, and whether it is one entity."""
    screen = Screen(sample.listed, sample.asked, listed_kind=sample.listed_kind)
    true = {
        (int(screen.listed.row[one]), int(screen.asked.row[other])) for one, other in sample.truth
    }
    features, truth = [], []
    for one, other in screen.pairs():
        features.append(compare(screen.listed, screen.asked, screen.lexicon, one, other).features)
        truth.append(np.array([pair in true for pair in zip(one.tolist(), other.tolist(), strict=True)], bool))
    return np.concatenate(features), np.concatenate(truth)


def logistic(features: npt.NDArray[np.float64], truth: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Newton's method, with a penalty on all but the constant."""
    penalty = np.full(features.shape[1], RIDGE)
    penalty[0] = 1e-6
    weights = np.zeros(features.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        slope = features.T @ (truth - chance) - penalty * weights
        curve = (features * (chance * (1 - chance))[:, None]).T @ features + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return weights
