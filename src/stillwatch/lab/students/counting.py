"""A model that counts: bigrams or trigrams, smoothed by Witten and Bell down to single tokens.

It learns from counts alone, so training is as fast as sorting, and it memorises what it saw more faithfully than a
neural model of the same use. Figures on it are about the test, not about how well a neural student keeps a mark.
"""

import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stillwatch.lab.arrays import Ints
from stillwatch.records import UnreadableInput

Rows = npt.NDArray[np.float32]


class CountStudent:
    """`pairs` and `triples` are the different bigrams and trigrams as numbers in base `vocabulary`, with their counts."""

    def __init__(
        self, vocabulary: int, order: int, pairs: Ints, pair_counts: Ints, triples: Ints, triple_counts: Ints
    ) -> None:
        self.vocabulary, self.order = vocabulary, order
        self.pairs, self.pair_counts = pairs, pair_counts
        self.triples, self.triple_counts = triples, triple_counts
        self._bigram = self._bigrams()
        self._heads, self._starts = np.unique(triples // vocabulary, return_index=True)
        self._starts = np.append(self._starts, len(triples))

    def _bigrams(self) -> Rows:
        """[vocabulary, vocabulary] smoothed with single tokens, which are smoothed with equal ones."""
        size = self.vocabulary
        counts = np.zeros((size, size), np.float32)
        counts.ravel()[self.pairs] = self.pair_counts
        seen = counts.sum(axis=0, dtype=np.float64) + 1 / size
        single = (seen / seen.sum()).astype(np.float32)
        total = counts.sum(axis=1, dtype=np.float64)
        kinds = np.count_nonzero(counts, axis=1)
        kinds[total == 0] = 1
        counts += np.multiply.outer(kinds.astype(np.float32), single)
        counts /= (total + kinds).astype(np.float32)[:, None]
        return counts

    def rows(self, contexts: Ints) -> Rows:
        """Probabilities of the next token after contexts [n, 1 or 2]: [n, vocabulary]."""
        out = self._bigram[contexts[:, -1]]
        if self.order < 3 or contexts.shape[1] < 2:
            return out
        heads = contexts[:, -2] * self.vocabulary + contexts[:, -1]
        at = np.searchsorted(self._heads, heads)
        known = np.flatnonzero(at < len(self._heads))
        known = known[self._heads[at[known]] == heads[known]]
        at = at[known]
        lengths = self._starts[at + 1] - self._starts[at]
        row = np.repeat(known, lengths)
        within = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        entry = np.repeat(self._starts[at], lengths) + within
        counts = self.triple_counts[entry].astype(np.float32)
        total = np.bincount(row, counts, len(contexts))
        kinds = np.bincount(row, minlength=len(contexts))
        share = np.where(total > 0, kinds / np.maximum(total + kinds, 1), 1.0).astype(np.float32)
        out *= share[:, None]
        out[row, self.triples[entry] % self.vocabulary] += counts / (total + kinds).astype(np.float32)[row]
        return out

    def next_probabilities(self, sequences: Ints) -> Rows:
        """After each position of sequences [n, length]: [n, length, vocabulary]."""
        parts = [
            self.rows(sequences[:, max(0, place - 1) : place + 1]) for place in range(sequences.shape[1])
        ]
        return (
            np.stack(parts, axis=1) if parts else np.empty((len(sequences), 0, self.vocabulary), np.float32)
        )

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                kind=np.array("stillwatch-count-student"),
                shape=np.array([self.vocabulary, self.order]),
                pairs=self.pairs,
                pair_counts=self.pair_counts,
                triples=self.triples,
                triple_counts=self.triple_counts,
            )


def train(tokens: Ints, vocabulary: int, order: int = 3) -> CountStudent:
    """From one stream of tokens, an end between texts. Contexts do reach over an end: it says that a text begins."""
    pairs, pair_counts = np.unique(tokens[:-1] * vocabulary + tokens[1:], return_counts=True)
    none = np.empty(0, np.int64)
    if order < 3:
        return CountStudent(vocabulary, order, pairs, pair_counts, none, none)
    triples, counts = np.unique(
        (tokens[:-2] * vocabulary + tokens[1:-1]) * vocabulary + tokens[2:], return_counts=True
    )
    return CountStudent(vocabulary, order, pairs, pair_counts, triples, counts)


LARGEST = 20_000  # tokens of a vocabulary: its bigrams are held in full
ARRAYS = ("shape", "pairs", "pair_counts", "triples", "triple_counts")


def load(path: Path) -> CountStudent:
    """Raises UnreadableInput for a file that is cut short or not what it claims to be."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            if str(held["kind"]) != "stillwatch-count-student":
                raise UnreadableInput(f"{path}: no count student")
            shape, *arrays = (held[name] for name in ARRAYS)
    except OSError as error:
        raise UnreadableInput(f"{path}: {error.strerror or error}") from error
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise UnreadableInput(f"{path}: no count student, or cut short: {error}") from error
    sound = (
        shape.dtype == np.int64 and shape.shape == (2,) and 2 <= shape[0] <= LARGEST and shape[1] in {2, 3}
    )
    if not sound or not all(
        _sound(one, other, int(shape[0]) ** size)
        for one, other, size in (
            (arrays[0], arrays[1], 2),
            (arrays[2], arrays[3], 3),
        )
    ):
        raise UnreadableInput(f"{path}: its counts do not hold together")
    return CountStudent(int(shape[0]), int(shape[1]), *arrays)


def _sound(names: npt.NDArray[np.generic], counts: npt.NDArray[np.generic], limit: int) -> bool:
    whole = names.dtype == counts.dtype == np.int64 and names.ndim == 1 and names.shape == counts.shape
    if not whole or not len(names):
        return whole
    rising = bool(np.all(np.diff(names.astype(np.int64)) > 0))
    return (
        rising and int(names[0]) >= 0 and int(names[-1]) < limit and bool(np.all(counts.astype(np.int64) > 0))
    )
