"""Fitting the weights of name matching on the first two composers: logistic regression on the pairs that share a key.

`python -m stillwatch.lab.names.fit` fits them anew and writes them where name matching reads them.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from stillwatch.access.names.compare import FEATURES, STRATA, compare
from stillwatch.access.names.screen import WEIGHTS, Screen, Weights
from stillwatch.lab.names import first, second
from stillwatch.lab.names.sample import Sample, compose

SEEDS = (1, 2, 3, 4, 5)
SIZE = 1000
RIDGE = 1.0  # keeps features that the sample says nothing of near zero
STEPS, CLOSE = 50, 1e-8


def fit(seeds: Sequence[int] = SEEDS, size: int = SIZE) -> Weights:
    parts = [labelled(compose(which.COMPOSER, seed, size)) for which in (first, second) for seed in seeds]
    features = np.concatenate([part[0] for part in parts]).astype(float)
    truth = np.concatenate([part[1] for part in parts]).astype(float)
    stratum = np.concatenate([part[2] for part in parts])
    middle = logistic(features, truth, np.zeros(features.shape[1]))
    weights = {
        name: logistic(features[stratum == at], truth[stratum == at], middle)
        for at, name in enumerate(STRATA)
    }
    rounded = {name: [round(float(weight), 4) for weight in row] for name, row in weights.items()}
    return Weights(list(FEATURES), rounded, float(truth.mean()), list(seeds))


def labelled(sample: Sample) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_], npt.NDArray[np.int8]]:
    """Features of each pair of spellings that share a key, whether it is one entity, and its stratum."""
    screen = Screen(sample.listed, sample.asked, listed_kind=sample.listed_kind)
    true = {(int(screen.listed.row[one]), int(screen.asked.row[other])) for one, other in sample.truth}
    features, truth, stratum = [], [], []
    for one, other in screen.pairs():
        compared = compare(screen.listed, screen.asked, screen.lexicon, one, other)
        features.append(compared.features)
        stratum.append(compared.stratum)
        truth.append(
            np.array([pair in true for pair in zip(one.tolist(), other.tolist(), strict=True)], bool)
        )
    return np.concatenate(features), np.concatenate(truth), np.concatenate(stratum)


def logistic(
    features: npt.NDArray[np.float64], truth: npt.NDArray[np.float64], middle: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Newton's method, with a penalty on what differs from `middle`."""
    weights = middle.copy()
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        slope = features.T @ (truth - chance) - RIDGE * (weights - middle)
        curve = (features * (chance * (1 - chance))[:, None]).T @ features + RIDGE * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < CLOSE:
            break
    return weights


if __name__ == "__main__":
    WEIGHTS.write_bytes(msgspec.json.format(msgspec.json.encode(fit()), indent=1) + b"\n")
