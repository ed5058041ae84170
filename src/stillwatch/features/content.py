"""The content sketch of a user's turn: a small signed-hash vector, and the identity of the item asked.

The vector is feature hashing of words and word pairs with random signs (Weinberger et al. 2009), scaled
to unit length and rounded to int8, so that inner products estimate cosine similarity and sums over
exchanges are additive.
"""

import numpy as np

from stillwatch.features.fragments import shingles
from stillwatch.features.key import SketchKey
from stillwatch.features.words import Words, mix, phrase_hashes

DIMENSIONS = 64
SCALE = 127.0  # int8 entry that stands for 1.0
PAIR_WEIGHT = 0.5
SHORTEST, LONGEST = (
    2,
    8,
)  # bytes: words up to the first weigh little (articles, particles), from the second on fully


def vectors(prompt: Words, key: SketchKey) -> np.ndarray:
    """Unit content vectors, int8 [n, DIMENSIONS] at SCALE; zero rows where there is no text."""
    texts = len(prompt.offsets) - 1
    owner = prompt.owner
    weight = np.clip((prompt.lengths - 1.0) / (LONGEST - SHORTEST), 0.1, 1.0)
    total = _add(prompt.hashes, owner, weight, texts)
    pairs = phrase_hashes(prompt.hashes, 2, key)
    inside = owner[: len(pairs)] == owner[1 : len(pairs) + 1]
    joint = PAIR_WEIGHT * np.minimum(weight[:-1], weight[1:])[inside]
    total += _add(pairs[inside], owner[: len(pairs)][inside], joint, texts)
    length = np.sqrt((total * total).sum(axis=1, keepdims=True))
    np.divide(total, length, out=total, where=length > 0)
    return np.rint(total * SCALE).astype(np.int8)


def _add(hashes: np.ndarray, owner: np.ndarray, weight: np.ndarray, texts: int) -> np.ndarray:
    sign = 1.0 - 2.0 * ((hashes >> np.uint64(40)) & np.uint64(1)).astype(np.float64)
    cell = owner * DIMENSIONS + (hashes >> np.uint64(48)).astype(np.int64) % DIMENSIONS
    summed = np.bincount(cell, sign * weight, texts * DIMENSIONS)
    return summed.reshape(texts, DIMENSIONS).astype(np.float64)  # of no words, bincount makes integers


def items(prompt: Words, key: SketchKey) -> np.ndarray:
    """One uint64 a text that is equal for equal texts (case, spacing and figures apart); 0 where there is no text."""
    hashes, whole = shingles(prompt, key)
    salt = key.constants("item", 1)[0]
    sums = np.concatenate(
        [np.zeros(1, np.uint64), np.cumsum(np.where(whole, mix(hashes ^ salt, salt), np.uint64(0)))]
    )
    out = sums[prompt.offsets[1:]] - sums[prompt.offsets[:-1]]
    return np.where(prompt.counts > 0, mix(out, salt) | np.uint64(1), np.uint64(0))
