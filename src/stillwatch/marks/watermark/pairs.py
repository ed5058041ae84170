"""Weighted pairs of context and token, each pair once: what every test of a mark sums scores over.

A pair has the same score whenever it comes again, so counting it twice would count chance twice. Under a key that the
text does not depend on, the scores of different pairs are independent, whatever wrote the text.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from stillwatch.marks.watermark.prf import Ints, digests, words_at
from stillwatch.marks.watermark.threefry import Words

AT_ONCE = 1 << 14  # words made together: more would not stay in the processor's cache

Floats = npt.NDArray[np.float64]


class Pairs(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """`contexts` [C, k]; the pairs are rows of it (`of`) with `tokens` and `weights`, all [E]."""

    contexts: Ints
    of: Ints
    tokens: Ints
    weights: Floats
    positions: int  # of the text, or of the model, that they were taken from

    def __len__(self) -> int:
        return len(self.tokens)

    def within(self, contexts: npt.NDArray[np.bool_]) -> "Pairs":
        """The pairs of some contexts; the others are left out."""
        number = np.cumsum(contexts) - 1
        kept = contexts[self.of]
        return msgspec.structs.replace(
            self,
            contexts=self.contexts[contexts],
            of=number[self.of[kept]],
            tokens=self.tokens[kept],
            weights=self.weights[kept],
        )


def windows(sequence: Ints, window: int) -> Ints:
    """Each position's context and token as a row [n, window + 1]; none where a context is incomplete."""
    if len(sequence) <= window:
        return np.empty((0, window + 1), np.int64)
    return np.lib.stride_tricks.sliding_window_view(sequence, window + 1).astype(np.int64)


def all_windows(sequences: Iterable[Ints], window: int, left_out: Sequence[int] = ()) -> Ints:
    """Windows of all sequences in their order, without those that hold a token of `left_out`."""
    found = [windows(one, window) for one in sequences]
    rows = np.concatenate(found) if found else np.empty((0, window + 1), np.int64)
    return rows[~np.isin(rows, left_out).any(axis=1)] if len(left_out) else rows


def unique_rows(rows: Ints) -> tuple[Ints, Ints]:
    """The different rows, and for each given row which of them it is."""
    if rows.shape[1] == 1:
        values, inverse = np.unique(rows[:, 0], return_inverse=True)
        return values[:, None], inverse.astype(np.int64)
    most = int(rows.max(initial=0)) + 1
    if most ** rows.shape[1] < 2**62:
        packed = rows[:, 0].copy()
        for place in range(1, rows.shape[1]):
            packed = packed * most + rows[:, place]
        _, first, inverse = np.unique(packed, return_index=True, return_inverse=True)
        return rows[first], inverse.astype(np.int64)
    values, inverse = np.unique(rows, axis=0, return_inverse=True)
    return values, inverse.reshape(-1).astype(np.int64)


def distinct(rows: Ints) -> Pairs:
    """The different pairs among windows, each of weight one."""
    pairs, _ = unique_rows(rows)
    contexts, of = unique_rows(pairs[:, :-1])
    return Pairs(
        contexts=contexts,
        of=of,
        tokens=pairs[:, -1],
        weights=np.ones(len(pairs)),
        positions=len(rows),
    )


def keyed_words(keys: Words, pairs: Pairs) -> Iterator[Words]:
    """The words of all pairs under each key [m, 4], some keys at a time: [keys, E] each."""
    together = AT_ONCE // max(1, len(pairs))
    if together < 2:  # nothing of the key's has to be repeated for every pair
        for key in keys:
            yield words_at(key, digests(key, pairs.contexts)[pairs.of], pairs.tokens)[None, :]
        return
    for start in range(0, len(keys), together):
        some = keys[start : start + together, None, :]
        yield words_at(some, digests(some, pairs.contexts)[:, pairs.of], pairs.tokens)
