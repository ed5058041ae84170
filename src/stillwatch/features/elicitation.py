"""How strongly a request asks for reasoning to be written out, and how strongly for answers to be graded.

Both are logistic in cue counts, where a cue beside another (a verb of uttering near a name for hidden
thinking) weighs more than either alone: a disguise, a language or a completed answer changes the words
around the demand, not the demand. Explaining bread step by step stays low; asking for a maths solution
with its reasoning is in the middle. Answers signals S3, S9, S19, S29 and S32. It cannot see a demand that is
encoded, or put in a language without phrases here.
"""

from collections.abc import Mapping

import numpy as np

from stillwatch.features.cues import Hits, counted, cue_hits, near
from stillwatch.features.key import SketchKey
from stillwatch.features.lexicons import READ
from stillwatch.features.words import Words

SPAN = 12  # words between two cues of one demand
MOST = 2.0  # a cue counts up to log2(1 + 3) occurrences
INDEX = {name: index for index, name in enumerate(READ)}

# Set by reasoning on the quoted demands: one strong phrase alone stays under 1/2, two sides of a demand pass it.
ASKED_ALONE = {"hidden": 0.9, "plain": 0.3, "evades": 1.2, "language": 3.2, "mild": 1.3}
ASKED_NEAR = {
    ("hidden", "utter"): 1.9,
    ("hidden", "exact"): 1.5,
    ("hidden", "finished"): 1.6,
    ("hidden", "language"): 1.0,
    ("hidden", "tongue"): 1.7,
    ("plain", "utter"): 0.9,
    ("plain", "exact"): 2.3,
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
    return asked(cue_hits(system, READ, key), cue_hits(prompt, READ, key))


def grading(system: Words, prompt: Words, key: SketchKey) -> np.ndarray:
    """float32 [n] in 0..1: how strongly judging, scoring or comparing answers is asked for."""
    return graded(cue_hits(system, READ, key), cue_hits(prompt, READ, key))


def asked(system: Hits, prompt: Hits) -> np.ndarray:
    """As `elicitation`, of cues (READ) already found."""
    of = [_logistic(hits, "elicitation", ASKED_ALONE, ASKED_NEAR, ASKED_BIAS) for hits in (system, prompt)]
    out: np.ndarray = np.maximum(of[0], of[1])
    return out


def graded(system: Hits, prompt: Hits) -> np.ndarray:
    """As `grading`, of cues (READ) already found."""
    of = [_logistic(hits, "grading", GRADED_ALONE, GRADED_NEAR, GRADED_BIAS) for hits in (system, prompt)]
    out: np.ndarray = np.maximum(of[0], of[1])
    return out


def _logistic(
    hits: Hits, topic: str, alone: Mapping[str, float], beside: Mapping[tuple[str, str], float], bias: float
) -> np.ndarray:
    damped = np.minimum(counted(hits), MOST)
    logit = np.full(hits.texts, bias)
    for name, weight in alone.items():
        logit += weight * damped[:, INDEX[f"{topic}.{name}"]]
    for (first, second), weight in beside.items():
        close = near(hits, INDEX[f"{topic}.{first}"], INDEX[f"{topic}.{second}"], SPAN)
        logit += weight * np.minimum(close, MOST)
    without_cues = 1.0 / (1.0 + np.exp(-bias))
    risen = (1.0 / (1.0 + np.exp(-logit)) - without_cues) / (1.0 - without_cues)
    out: np.ndarray = np.clip(risen, 0.0, 1.0).astype(np.float32)
    return out
