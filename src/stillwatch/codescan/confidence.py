"""How sure a finding is: from how it was found and what payloads did."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stillwatch.codescan.checks import Hazard
    from stillwatch.codescan.engine.following import Verdict
    from stillwatch.codescan.engine.taints import Taint
    from stillwatch.codescan.finding import Proof

OWN_INPUTS = frozenset({"argument", "environment"})  # of who runs the program, who seldom attacks it
OWN = 0.35
WEAK = 0.45  # data passed through code that was not read
UNDECIDED = 0.65  # a payload may arrive, and no run decided it
FOLLOWED = 2.0
"""What the log odds are multiplied by where a payload was followed to its end and bites: temperature scaling (Guo et al., 2017),
fitted on composed suites that the scanner was not tuned on (decision 0046)."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of how sure a finding is."""

    proof: Proof
    confidence: float
    why: tuple[str, ...]
    refuted: str | None = None


def judge(hazard: Hazard, taints: Sequence[Taint], verdict: Verdict | None) -> Judgement:
    """Proof level, probability that it is true, and the reasons."""
    sure = hazard.confidence
    why: list[str] = []
    proof: Proof = "pattern"
    refuted = None
    if taints and all(taint.weak for taint in taints):
        sure *= WEAK
        why.append("the data passes through code that was not read")
    if taints and all(taint.input.kind in OWN_INPUTS for taint in taints):
        sure *= OWN
        why.append("the data comes from who runs the program")
    if verdict is not None:
        if verdict.outcome == "bites":
            proof = "path"
            sure = _followed(sure)
            why.append(f"the payload {verdict.payload!r} was followed along the code and arrives unharmed")
        elif verdict.outcome == "may bite":
            sure *= UNDECIDED
            why.append("whether a payload arrives unharmed was not decided")
        elif verdict.outcome == "harmless":
            refuted = f"each of {verdict.tried} payloads that were followed arrives harmless"
        else:
            refuted = f"none of {verdict.tried} payloads that were followed arrives"
    return Judgement(proof, round(sure, 3), tuple(why), refuted)


def _followed(sure: float) -> float:
    """Surer, where it is more likely true than not; a weak guess is not made weaker by a payload that arrives."""
    if sure <= 0.5:
        return sure
    odds = math.pow(sure / (1 - sure), FOLLOWED)
    return odds / (1 + odds)
