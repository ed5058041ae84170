"""How strongly a request asks for reasoning to be written out, and how strongly for answers to be graded.

Both are logistic in cue counts, where a cue beside another (a verb of uttering near a name for hidden
thinking) weighs more than either alone: quoting a disguise, a language or a completed answer changes the
words around the demand, not the demand. Explaining bread step by step stays low; asking for a maths solution
with its reasoning is in the middle. Answers signals S3, S9, S19, S29 and S32. It cannot see a demand that is
encoded, or put in languages without phrases here.
"""

import numpy as np

from stillwatch.features.cues import Hits, cue_hits, near
from stillwatch.features.key import SketchKey
from stillwatch.features.lexicons import ELICITATION, GRADING
from stillwatch.features.words import Words

SPAN = 12  # words between two cues of one demand
MOST = 2.0  # a cue counts up to log2(1 + 3) occurrences
_E = {name: index for index, name in enumerate(ELICITATION)}
_G = {name: index for index, name in enumerate(GRADING)}

# Set by reasoning on the quoted demands: one strong phrase alone stays under 1/2, two sides of a demand pass it.
ASKED_ALONE = {"hidden": 0.9, "plain": 0.3, "evades": 1.2, "language": 3.2, "mild": 1.1}
ASKED_NEAR = {
    ("hidden", "utter"): 1.9,
    ("hidden", "exact"): 1.5,
    ("hidden", "finished"): 1.6,
    ("hidden", "language"): 1.0,
    ("plain", "utter"): 0.9,
    ("plain", "exact"): 1.6,
    ("plain", "finished"): 1.3,
    ("plain", "evades"): 1.2,
    ("hidden", "evades"): 1.2,
}
ASKED_BIAS = -2.9

GRADED_ALONE = {"decided": 2.3, "scale": 0.9, "candidates": 0.4}
GRADED_NEAR = {("judges", "candidates"): 2.0, ("judges", "scale"): 1.2, ("scale", "candidates"): 0.8}
GRADED_BIAS = -3.2


def elicitation(system: Words, prompt: Words, key: SketchKey) -> np.ndarray:
    """float32 [n] in 0..1: how strongly reasoning is asked for; the larger of system prompt and user turn."""
    parts = [cue_hits(words, ELICITATION, key) for words in (system, prompt)]
    return np.maximum(*(_logistic(hits, _E, ASKED_ALONE, ASKED_NEAR, ASKED_BIAS) for hits in parts))


def grading(system: Words, prompt: Words, key: SketchKey) -> np.ndarray:
    """float32 [n] in 0..1: how strongly judging, scoring or comparing answers is asked for."""
    parts = [cue_hits(words, GRADING, key) for words in (system, prompt)]
    return np.maximum(*(_logistic(hits, _G, GRADED_ALONE, GRADED_NEAR, GRADED_BIAS) for hits in parts))


def _logistic(
    hits: Hits,
    index: dict[str, int],
    alone: dict[str, float],
    beside: dict[tuple[str, str], float],
    bias: float,
) -> np.ndarray:
    counts = np.bincount(hits.owners * len(index) + hits.cues, minlength=hits.texts * len(index))
    damped = np.minimum(np.log2(1.0 + counts.reshape(hits.texts, len(index))), MOST)
    logit = np.full(hits.texts, bias)
    for name, weight in alone.items():
        logit += weight * damped[:, index[name]]
    for (first, second), weight in beside.items():
        logit += weight * np.minimum(near(hits, index[first], index[second], SPAN), MOST)
    zero = 1.0 / (1.0 + np.exp(-bias))  # a text without cues
    return np.clip((1.0 / (1.0 + np.exp(-logit)) - zero) / (1.0 - zero), 0.0, 1.0).astype(np.float32)
