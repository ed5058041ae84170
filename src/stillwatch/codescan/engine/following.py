"""What payloads say of a candidate: each is followed from the function the candidate was found from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import roots
from stillwatch.codescan.engine.payloads import ENCODINGS, Following, Outcome

if TYPE_CHECKING:
    from stillwatch.codescan.engine.project import Project
    from stillwatch.codescan.engine.sinks import Candidate


@dataclass(frozen=True, slots=True)
class Verdict:
    """`payload` is the one that came furthest, as it was sent; `tried` how many were."""

    outcome: Outcome
    payload: str
    encoding: str
    tried: int


ORDER: dict[Outcome, int] = {"does not arrive": 0, "harmless": 1, "may bite": 2, "bites": 3}


def _variants(sent: str, hints: set[str]) -> list[str]:
    """The payload together with what the program looks for in the input."""
    made: list[str] = []
    for hint in sorted(hints):
        if hint not in sent:
            made.extend((f"{hint}={sent}" if hint[-1:].isalnum() else f"{hint}{sent}", f"{sent}{hint}", f"{hint}{sent}{hint}"))
    return made


def follow(project: Project, candidate: Candidate) -> Verdict | None:
    """The furthest any payload comes; None where there is nothing to follow."""
    if candidate.root is None or not candidate.taints or not candidate.rule.payloads:
        return None
    best: Verdict | None = None
    tried = 0
    inputs = frozenset(candidate.taints)
    for encoding, encode in ENCODINGS.items():
        for payload in candidate.rule.payloads:
            waiting = [encode(payload)]
            varied = False
            while waiting:
                tried += 1
                following = Following(candidate.rule, candidate.location, inputs, payload, waiting.pop(0))
                roots.start(project, candidate.root, following)
                if best is None or ORDER[following.outcome] > ORDER[best.outcome]:
                    best = Verdict(following.outcome, following.sent, encoding, tried)
                if following.outcome == "bites":
                    return best
                if not varied and following.outcome == "does not arrive":
                    varied = True
                    waiting = _variants(following.sent, following.hints)
    return best and Verdict(best.outcome, best.payload, best.encoding, tried)
