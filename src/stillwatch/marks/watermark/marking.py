"""Where tokens are drawn: logits [rows, vocabulary] in, marked logits or scores out. Pure functions.

A row depends on its own key, context and logits alone, whatever stands beside it. A row of low entropy, where the next
token is all but fixed, is left as it is: raising another token there would change what the answer says.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stillwatch.marks.keys import MarkKeys
from stillwatch.marks.watermark.prf import Ints, digests, threshold, uniforms, words
from stillwatch.marks.watermark.scheme import Scheme
from stillwatch.marks.watermark.threefry import Words

Logits = npt.NDArray[np.float32] | npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class MarkerKeys(NamedTuple):
    """What a serving process needs for one request: of which cohort, it is told by its own side."""

    selector: Words
    overall: Words
    cohort: Words | None  # None for an answer that carries the global key alone


def marker_keys(keys: MarkKeys, cohort: str | None) -> MarkerKeys:
    return MarkerKeys(keys.selector(), keys.overall(), None if cohort is None else keys.cohort(cohort))


def entropies(logits: Logits) -> npt.NDArray[np.float64]:
    """In nats, of each row."""
    wide = logits.astype(np.float64)
    wide -= wide.max(axis=1, keepdims=True)
    likely = np.exp(wide)
    total = likely.sum(axis=1)
    finite = np.where(likely > 0, wide, 0.0)
    out: npt.NDArray[np.float64] = np.log(total) - (likely * finite).sum(axis=1) / total
    return out


def cohort_contexts(selector: Words, contexts: Ints, scheme: Scheme) -> Bools:
    """Which contexts [..., k] are the cohorts' own; the same ones for all cohorts, and the others are the global key's."""
    chosen: Bools = digests(selector, contexts)[..., 0].astype(np.uint64) < threshold(scheme.identity_share)
    return chosen


def row_keys(keys: MarkerKeys, contexts: Ints, scheme: Scheme) -> tuple[Words, Bools]:
    """The key of each row [n, 4], and which rows have one."""
    own = cohort_contexts(keys.selector, contexts, scheme)
    if keys.cohort is None:
        return np.broadcast_to(keys.overall, (len(contexts), 4)), ~own
    return np.where(own[:, None], keys.cohort, keys.overall), np.ones(len(contexts), np.bool_)


def green_logits(logits: Logits, made: Words, scheme: Scheme, marked: Bools | None = None) -> Logits:
    """Add delta to green tokens, in rows that are `marked` (all, if not said) and of enough entropy."""
    rows = entropies(logits) >= scheme.least_entropy
    if marked is not None:
        rows &= marked
    raised = (made < threshold(scheme.gamma)) & rows[:, None]
    marked_logits: Logits = np.where(raised, logits + logits.dtype.type(scheme.delta), logits)
    return marked_logits


def gumbel_scores(
    logits: Logits, made: Words, own_chance: Words, scheme: Scheme, marked: Bools | None = None
) -> npt.NDArray[np.float64]:
    """Logits with Gumbel noise: the largest is the token drawn.

    Rows that are not marked, or of little entropy, take their noise from `own_chance`, random words of the caller's. Mark
    no row whose context the answer had before: the noise would repeat.
    """
    rows = entropies(logits) >= scheme.least_entropy
    if marked is not None:
        rows &= marked
    noise = -np.log(-np.log(uniforms(np.where(rows[:, None], made, own_chance))))
    scores: npt.NDArray[np.float64] = logits.astype(np.float64) + noise
    return scores


def mark_green(logits: Logits, contexts: Ints, keys: MarkerKeys, scheme: Scheme) -> Logits:
    """Marked logits for the contexts [rows, k] of one request or several of the same cohort."""
    own, marked = row_keys(keys, contexts, scheme)
    return green_logits(logits, words(own, contexts, logits.shape[1]), scheme, marked)


def mark_gumbel(
    logits: Logits, contexts: Ints, keys: MarkerKeys, scheme: Scheme, own_chance: Words, fresh: Bools
) -> npt.NDArray[np.float64]:
    """Marked scores; `fresh` rows have a context that is new to their answer."""
    own, marked = row_keys(keys, contexts, scheme)
    made = words(own, contexts, logits.shape[1])
    return gumbel_scores(logits, made, own_chance, scheme, marked & fresh)
