"""Answers sampled from a model, many side by side, with or without a mark."""

from dataclasses import dataclass

import numpy as np

from stillwatch.lab.arrays import Bools, Floats, Ints, Rng
from stillwatch.lab.students.counting import CountStudent, Rows
from stillwatch.lab.students.vocabulary import END
from stillwatch.marks.watermark import MarkerKeys, Scheme, mark_green, mark_gumbel

AT_ONCE = 256  # contexts
TINY = np.float32(1e-20)  # a probability for what cannot occur, so that logarithms are finite


@dataclass(frozen=True)
class Mark:
    """With which keys and scheme answers are marked."""

    keys: MarkerKeys
    scheme: Scheme


@dataclass(frozen=True)
class Sampled:
    """Answers [rows, length], and the mean divergence a token, in nats, of what was drawn from the unmarked."""

    answers: Ints
    divergence: float


def sample(model: CountStudent, rows: int, length: int, rng: Rng, mark: Mark | None = None) -> Sampled:
    """`rows` answers of `length` tokens, each after an end. An answer's own end is one of its tokens."""
    if model.order == 2 and (mark is None or (mark.scheme.variant == "green" and mark.scheme.window == 1)):
        return _from_table(model, rows, length, rng, mark)
    before = 2 if mark is None else max(2, mark.scheme.window)
    tokens = np.full((rows, before + length), END, np.int64)
    fresh = _Fresh(rows)
    spent = 0.0
    for place in range(before, before + length):
        likely = model.rows(tokens[:, place - 2 : place])
        if mark is None:
            tokens[:, place] = drawn(likely, rng)
            continue
        contexts = tokens[:, place - mark.scheme.window : place]
        if mark.scheme.variant == "green":
            marked = marked_rows(likely, contexts, mark)
            spent += float(_divergences(marked, likely).mean())
            tokens[:, place] = drawn(marked, rng)
        else:
            chance = rng.integers(0, 2**32, likely.shape, np.uint32)
            logits = np.log(np.maximum(likely, TINY))
            own = fresh.of(contexts)
            scores = mark_gumbel(logits, contexts, mark.keys, mark.scheme, chance, own)
            tokens[:, place] = scores.argmax(axis=1)
    return Sampled(tokens[:, before:], spent / length)


def _from_table(model: CountStudent, rows: int, length: int, rng: Rng, mark: Mark | None) -> Sampled:
    """Where the last token decides all: the same as step by step, with each context's distribution made once."""
    size = model.vocabulary
    heights = np.empty((size, size))
    costs = np.zeros(size)
    for start in range(0, size, AT_ONCE):
        contexts = np.arange(start, min(start + AT_ONCE, size), dtype=np.int64)[:, None]
        likely = model.rows(contexts)
        made = likely if mark is None else marked_rows(likely, contexts, mark)
        if mark is not None:
            costs[contexts[:, 0]] = _divergences(made, likely)
        rising = np.cumsum(made, axis=1, dtype=np.float64)
        heights[contexts[:, 0]] = contexts + np.minimum(rising / rising[:, -1:], 1.0)
    ladder = heights.ravel()
    tokens = np.full((rows, length + 1), END, np.int64)
    for place in range(1, length + 1):
        last = tokens[:, place - 1]
        found = np.searchsorted(ladder, last + rng.random(rows), side="right") - last * size
        tokens[:, place] = np.minimum(found, size - 1)
    return Sampled(tokens[:, 1:], float(costs[tokens[:, :-1]].mean()))


def _divergences(marked: Rows, likely: Rows) -> Floats:
    """Of each row, in nats."""
    ratios = np.log(np.maximum(marked, TINY) / np.maximum(likely, TINY))
    out: Floats = (marked * ratios).sum(axis=1, dtype=np.float64)
    return out


def drawn(likely: Rows, rng: Rng) -> Ints:
    """One token a row."""
    heights = np.cumsum(likely, axis=1)
    wanted = rng.random(len(likely), np.float32) * heights[:, -1]
    below = (heights <= wanted[:, None]).sum(axis=1)
    found: Ints = np.minimum(below, likely.shape[1] - 1).astype(np.int64)
    return found


def marked_rows(likely: Rows, contexts: Ints, mark: Mark) -> Rows:
    """Probabilities as the mark leaves them."""
    logits = mark_green(np.log(np.maximum(likely, TINY)), contexts, mark.keys, mark.scheme)
    raised: Rows = np.exp(logits - logits.max(axis=1, keepdims=True), dtype=np.float32)
    raised /= raised.sum(axis=1, keepdims=True)
    return raised


class _Fresh:
    """Which contexts are new to each answer."""

    def __init__(self, rows: int) -> None:
        self._seen: list[set[bytes]] = [set() for _ in range(rows)]

    def of(self, contexts: Ints) -> Bools:
        names = [row.tobytes() for row in contexts]
        new = np.array([name not in seen for name, seen in zip(names, self._seen, strict=True)], bool)
        for name, seen in zip(names, self._seen, strict=True):
            seen.add(name)
        return new
