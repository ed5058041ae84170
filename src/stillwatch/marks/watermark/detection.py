"""Is this text marked, and by which key: exact chances over the different pairs of context and token in it."""

from collections.abc import Iterable, Sequence

from stillwatch.marks.keys import MarkKeys
from stillwatch.marks.watermark.evidence import pairs_needed
from stillwatch.marks.watermark.law import Bernoulli
from stillwatch.marks.watermark.pairs import all_windows, distinct
from stillwatch.marks.watermark.prf import Ints
from stillwatch.marks.watermark.scheme import Scheme
from stillwatch.marks.watermark.tracing import ALPHA, DECOYS, Tracing, trace


def detect(
    sequences: Iterable[Ints],
    keys: MarkKeys,
    scheme: Scheme,
    cohorts: list[str],
    *,
    alpha: float = ALPHA,
    decoys: int = DECOYS,
    left_out: Sequence[int] = (),
) -> Tracing:
    """Test texts as token sequences.

    Pairs with a token of `left_out` (one that stands for what the vocabulary lacks) are not counted. No context reaches
    over the end of a sequence.
    """
    pairs = distinct(all_windows(sequences, scheme.window, left_out))
    return trace(pairs, keys, scheme, cohorts, alpha=alpha, decoys=decoys)


def tokens_needed(scheme: Scheme, effect: float, log10_p: float) -> int | None:
    """Different pairs after which a mark of this effect is proved at a p-value, by the bound.

    The effect is what the mean score exceeds its expectation by: the green share, or for `gumbel` the mean of
    -log(1 - u).
    """
    law = scheme.law()
    most = law.range if isinstance(law, Bernoulli) else float("inf")
    return pairs_needed(law, min(law.mean + effect, most), log10_p)
