"""A thief of marks: estimates from the harvest which tokens a mark raises, and undoes it.

The thief knows the window. In each context it compares how often each token came with how often its own reference model
would have written it; what came too often is taken for marked, and so much of it is replaced by what the reference
writes. As reference it has natural text alone, or, which is the stronger thief, the teacher's answers from before it marked.
"""

from typing import NamedTuple

import numpy as np

from stillwatch.lab.arrays import Floats, Ints
from stillwatch.lab.attacking.harvest import Harvest
from stillwatch.lab.students.counting import CountStudent
from stillwatch.lab.students.sampling import drawn
from stillwatch.lab.students.vocabulary import END
from stillwatch.marks.watermark import all_windows

TOO_OFTEN = 1.0  # standard deviations above the expected count; tried on seed 1
AT_ONCE = 4_096


class Neutralised(NamedTuple):
    """The harvest afterwards, how many tokens were replaced, and how much other text it took."""

    tokens: Ints
    changed: int
    more: int


def neutralised(harvest: Harvest, unmarked: float) -> Neutralised:
    """`unmarked` is how many tokens of the teacher's own unmarked answers it has, in hauls; 0 for natural text."""
    whole = len(harvest.marked)
    other = harvest.unmarked[: round(unmarked * whole)] if unmarked else harvest.plain(whole)
    reference = harvest.student(other)
    tokens, window = harvest.marked, harvest.window
    rows = all_windows([tokens], window)
    gone = np.zeros(len(tokens), np.bool_)
    gone[window:] = harvest.rng.random(len(rows)) >= _kept(rows, reference)
    gone &= tokens != END
    places = np.flatnonzero(gone)
    out = tokens.copy()
    for start in range(0, len(places), AT_ONCE):
        some = places[start : start + AT_ONCE]
        contexts = tokens[some[:, None] + np.arange(-window, 0)]
        out[some] = drawn(reference.rows(contexts), harvest.rng)
    return Neutralised(out, len(places), len(other))


def _kept(rows: Ints, reference: CountStudent) -> Floats:
    """The chance with which each token stays, by its window."""
    size = reference.vocabulary
    powers = size ** np.arange(rows.shape[1] - 1, -1, -1)
    named = rows @ powers
    pairs, of, counts = np.unique(named, return_inverse=True, return_counts=True)
    _, within, totals = np.unique(named // size, return_inverse=True, return_counts=True)
    often = np.zeros(len(pairs))
    often[of] = totals[within]
    likely = np.empty(len(pairs))
    for start in range(0, len(pairs), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        split = pairs[some, None] // powers % size
        likely[some] = reference.rows(split[:, :-1])[np.arange(len(split)), split[:, -1]]
    expected = often * likely
    above = (counts - expected) / np.sqrt(expected + 1) > TOO_OFTEN
    kept = np.where(above, np.minimum(1.0, (expected + 1) / (counts + 1)), 1.0)
    found: Floats = kept[of]
    return found
