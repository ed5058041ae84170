"""Was a model trained on marked answers: its probabilities where it is open, its sampled answers where it is closed.

A closed model is tested by `watermark.detect` on answers it was sampled for, or answer by answer by `Sequential`;
an open one by `watermark.trace` on what `open_pairs` takes from it.
"""

from stillwatch.marks.radioactivity.open_model import MOST_CONTEXTS, NextTokens, open_pairs
from stillwatch.marks.radioactivity.sequential import Sequential, Stopping, stopping

__all__ = ["MOST_CONTEXTS", "NextTokens", "Sequential", "Stopping", "open_pairs", "stopping"]
