"""How well names are matched on a labelled sample: precision, recall, and whether probabilities are what they say."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from stillwatch.access.names import Screen
from stillwatch.lab.names.sample import Sample

BINS = (0.5, 0.7, 0.9, 0.97, 1.0)


class Score(NamedTuple):
    """`missed` and `wrong` are pairs of names; `bins` are share said, share true and count."""

    precision: float
    recall: float
    told: int
    true: int
    keyed: float  # share of the true pairs that share a key
    bins: list[tuple[float, float, int]]
    missed: list[tuple[str, str]]
    wrong: list[tuple[str, str]]


def score(sample: Sample) -> Score:
    screen = Screen(sample.listed, sample.asked, listed_kind=sample.listed_kind)
    found = screen.rows(screen.spellings())
    told = list(zip(found.listed.tolist(), found.asked.tolist(), strict=True))
    right = np.array([pair in sample.truth for pair in told], bool)
    hit = {pair for pair in told if pair in sample.truth}
    keyed = {
        (one, other)
        for ones, others in screen.pairs()
        for one, other in zip(ones.tolist(), others.tolist(), strict=True)
    }
    with_key = sum(
        (int(screen.listed.row[one]), int(screen.asked.row[other])) in keyed for one, other in sample.truth
    )
    named = [(sample.listed[one], sample.asked[other]) for one, other in sorted(sample.truth - hit)]
    wrong = [
        (sample.listed[one], sample.asked[other]) for one, other in told if (one, other) not in sample.truth
    ]
    bins = []
    for low, high in pairwise(BINS):
        inside = (found.probability >= low) & ((found.probability < high) | (high == BINS[-1]))
        if inside.any():
            bins.append(
                (float(found.probability[inside].mean()), float(right[inside].mean()), int(inside.sum()))
            )
    return Score(
        float(right.mean()) if told else 0.0, len(hit) / len(sample.truth), len(told), len(sample.truth),
        with_key / len(sample.truth), bins, named, wrong,
    )  # fmt: skip
