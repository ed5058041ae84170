"""A watermark in the choice of tokens: keyed, without a trace in any single token, and provable over many."""

from stillwatch.marks.keys import ENVIRONMENT, MarkKeys, load_secret, new_secret
from stillwatch.marks.watermark.detection import detect, tokens_needed
from stillwatch.marks.watermark.evidence import Evidence, Null, holm, pairs_needed
from stillwatch.marks.watermark.marking import (
    MarkerKeys,
    cohort_contexts,
    entropies,
    green_logits,
    gumbel_scores,
    mark_green,
    mark_gumbel,
    marker_keys,
)
from stillwatch.marks.watermark.pairs import Pairs, all_windows, distinct
from stillwatch.marks.watermark.prf import digests, uniforms, words, words_at
from stillwatch.marks.watermark.scheme import Scheme, Variant, load_scheme
from stillwatch.marks.watermark.tracing import ALPHA, DECOYS, CohortEvidence, Tracing, trace

__all__ = [
    "ALPHA",
    "DECOYS",
    "ENVIRONMENT",
    "CohortEvidence",
    "Evidence",
    "MarkKeys",
    "MarkerKeys",
    "Null",
    "Pairs",
    "Scheme",
    "Tracing",
    "Variant",
    "all_windows",
    "cohort_contexts",
    "detect",
    "digests",
    "distinct",
    "entropies",
    "green_logits",
    "gumbel_scores",
    "holm",
    "load_scheme",
    "load_secret",
    "mark_green",
    "mark_gumbel",
    "marker_keys",
    "new_secret",
    "pairs_needed",
    "tokens_needed",
    "trace",
    "uniforms",
    "words",
    "words_at",
]
