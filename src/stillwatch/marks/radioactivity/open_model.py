"""An open model: its probabilities for the next token, less a reference's, summed over what a key favours.

For each context that chooses a mark's bits, the mean over positions of p_suspect - p_reference is taken for every
token. A student of marked answers gives more to the tokens that the key favoured there. The reference (the teacher as it
was, the base model, a model of the same kind trained on other text) takes away what both know; a poor one costs
power, and cannot make an innocent model guilty, since no part of the weights depends on the key.

Each context is used once, so nothing is counted twice, and no token is sampled: that is where counting loses most.
"""

from collections.abc import Iterable
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from stillwatch.marks.watermark.pairs import Floats, Pairs, unique_rows
from stillwatch.marks.watermark.prf import Ints
from stillwatch.records import UsageError

MOST_CONTEXTS = 4_096  # the most frequent ones in the probes; each costs a row of the vocabulary
MOST_PAIRS = 200_000  # those with the largest expected count; the rest adds noise and work
ROBUST = 3.0  # root-mean-square residuals at which an excess is cut off
SCATTER = 0.01  # squared relative difference of two texts of one kind, beyond chance; from students of seed 1


class NextTokens(Protocol):
    """Any model whose probabilities can be had."""

    @property
    def vocabulary(self) -> int: ...

    def next_probabilities(self, sequences: Ints) -> npt.NDArray[np.float32]:
        """Of the token after each position: [n, length, vocabulary] for sequences [n, length]."""


def open_pairs(
    suspect: NextTokens,
    reference: NextTokens,
    probes: Iterable[tuple[Ints, Floats]],
    window: int,
    *,
    most_contexts: int = MOST_CONTEXTS,
    most_pairs: int = MOST_PAIRS,
    least_entropy: float = 0.0,
) -> Pairs:
    """Weighted pairs from batches of probes: token sequences [n, length], and how often each occurs [n].

    Contexts in which the reference's entropy is below `least_entropy` are left out: nothing was marked there.
    """
    if suspect.vocabulary != reference.vocabulary:
        raise UsageError(
            f"the student knows {suspect.vocabulary:,} tokens and the reference {reference.vocabulary:,}:"
            " they cannot be compared"
        )
    batches = list(probes)
    contexts, shares, positions = _most_frequent(batches, window, most_contexts)
    found, expected = _means(suspect, reference, batches, contexts, window)
    kept = shares > 0
    if least_entropy > 0:
        kept &= _entropies(expected) >= least_entropy
    mass = expected * (shares * kept)[:, None]
    chosen = _largest(mass, most_pairs)
    of, tokens = np.divmod(chosen, suspect.vocabulary)
    return Pairs(
        contexts=contexts,
        of=of,
        tokens=tokens,
        weights=_weights(found.ravel()[chosen] * shares[of], mass.ravel()[chosen]),
        positions=positions,
    )


def _contexts(sequences: Ints, window: int) -> Ints:
    """[n, length - window + 1, window]: for each position with a whole context, that context."""
    if sequences.shape[1] < window:
        return np.empty((len(sequences), 0, window), np.int64)
    return np.lib.stride_tricks.sliding_window_view(sequences, window, axis=1)


def _most_frequent(
    batches: list[tuple[Ints, Floats]], window: int, most: int
) -> tuple[Ints, npt.NDArray[np.float64], int]:
    rows = [_contexts(sequences, window) for sequences, _ in batches]
    if not sum(one.shape[0] * one.shape[1] for one in rows):
        return np.empty((0, window), np.int64), np.empty(0), 0
    counts = np.concatenate(
        [np.repeat(times, one.shape[1]) for one, (_, times) in zip(rows, batches, strict=True)]
    )
    contexts, of = unique_rows(np.concatenate([one.reshape(-1, window) for one in rows]))
    often = np.bincount(of, weights=counts, minlength=len(contexts)).astype(np.float64)
    best = np.sort(np.argsort(-often, kind="stable")[:most])
    return contexts[best], often[best], round(float(counts.sum()))


def _means(
    suspect: NextTokens,
    reference: NextTokens,
    batches: list[tuple[Ints, Floats]],
    contexts: Ints,
    window: int,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Mean difference, and mean of both, in each context [C, vocabulary]."""
    shape = (len(contexts), suspect.vocabulary)
    difference, middle = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    total = np.zeros(len(contexts), np.float64)
    for sequences, times in batches:
        places = _contexts(sequences, window)
        if not places.size:
            continue
        number = _numbers(places.reshape(-1, window), contexts)
        weights = np.repeat(times, places.shape[1])
        one = suspect.next_probabilities(sequences)[:, window - 1 :].reshape(-1, suspect.vocabulary)
        other = reference.next_probabilities(sequences)[:, window - 1 :].reshape(-1, suspect.vocabulary)
        known = number >= 0
        number, weights, one, other = number[known], weights[known], one[known], other[known]
        into = (number, np.arange(len(number)))
        sums = sparse.csr_array((weights.astype(np.float32), into), shape=(len(contexts), len(number)))
        difference += sums @ (one - other)
        middle += sums @ ((one + other) / 2)
        total += np.bincount(number, weights, len(contexts))
    scale = np.where(total > 0, total, 1).astype(np.float32)[:, None]
    return difference / scale, middle / scale


def _numbers(rows: Ints, contexts: Ints) -> Ints:
    """Which of the contexts each row is, or -1."""
    both, of = unique_rows(np.concatenate([contexts, rows]))
    known = np.full(len(both), -1, np.int64)
    known[of[: len(contexts)]] = np.arange(len(contexts))
    return known[of[len(contexts) :]]


def _entropies(middle: npt.NDArray[np.float32]) -> Floats:
    logs = np.log(np.maximum(middle, np.float32(1e-30)))
    entropies: Floats = -(middle * logs).sum(axis=1, dtype=np.float64)
    return entropies


def _largest(mass: npt.NDArray[np.float64], most: int) -> Ints:
    flat = mass.ravel()
    if len(flat) > most:
        chosen = np.argpartition(-flat, most)[:most]
        return np.sort(chosen[flat[chosen] > 0])
    return np.flatnonzero(flat > 0)


def _weights(excess: Floats, mass: Floats) -> Floats:
    """Excess counts, each in proportion to how well it tells a mark from other differences; outliers are cut off.

    A mark moves each count in proportion to its size. Chance moves it by the root of its size, and whatever else suspect
    and reference differ in by a share of its size again, so that large counts tell less than their size promises.
    """
    if not len(excess):
        return excess
    variance = mass * (1 + SCATTER * mass)
    residual = excess / np.sqrt(variance)
    cut = ROBUST * float(np.sqrt(np.mean(residual**2)))
    scaled: Floats = np.clip(residual, -cut, cut) * mass / np.sqrt(variance)
    return scaled
