"""What payloads say of a candidate: each is followed from the function the candidate was found from."""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stillwatch.codescan.engine import standing
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


STEPS = 150_000  # evaluations spent on one candidate
ORDER: dict[Outcome, int] = {"does not arrive": 0, "harmless": 1, "may bite": 2, "bites": 3}


def _variants(sent: str, hints: set[str]) -> list[str]:
    """The payload together with what the program looks for in the input."""
    made: list[str] = [f"{sent}A", *_padded(sent)]  # where the last letter is cut off
    words = [hint for hint in sorted(hints) if hint not in sent]
    marks = [hint for hint in words if not hint[-1:].isalnum()]
    for hint in words:
        made.extend(
            (
                f"{hint}={sent}" if hint[-1:].isalnum() else f"{hint}{sent}",
                f"{sent}{hint}",
                f"{hint}{sent}{hint}",
                f"/?{hint}={urllib.parse.quote(sent)}",
                f"a{sent}{hint}",
            )
        )
        made.extend(f"{hint}{mark}{sent}" for mark in marks if hint not in marks)
        if hint[-1:].isalnum():
            made.append(f"{hint}{sent}")
    return made


def _padded(sent: str) -> tuple[str, ...]:
    """The payload where something else has to come first."""
    return (f"a{sent}", f"/{sent}", f"1{sent}")


def follow(project: Project, candidate: Candidate) -> Verdict | None:
    """The furthest any payload comes; None where there is nothing to follow.

    Payloads are sent as they are, then with what the program looks for in the input, then coded for the decoders the
    program was seen to use, until one bites or the steps of a candidate are spent.
    """
    if candidate.root is None or not candidate.taints or not candidate.rule.payloads:
        return None
    pursuit = _Pursuit(project, candidate)
    for payload in candidate.rule.payloads:
        if pursuit.send(payload, payload, "as it is"):
            return pursuit.verdict
    for encoding, (encode, decoders) in ENCODINGS.items():
        if decoders.isdisjoint(pursuit.decoders):
            continue
        for payload in candidate.rule.payloads:
            if pursuit.send(payload, encode(payload), encoding):
                return pursuit.verdict
    return pursuit.verdict


class _Pursuit:
    """The payloads sent for one candidate, and the furthest one came."""

    def __init__(self, project: Project, candidate: Candidate) -> None:
        self._project, self._candidate = project, candidate
        self._inputs = frozenset(candidate.taints)
        self._best: tuple[Outcome, str, str] | None = None
        self._tried = self._steps = 0
        self.decoders: set[str] = set()
        self._completed = False  # one payload that arrived harmless was sent with other text around it

    @property
    def verdict(self) -> Verdict | None:
        return None if self._best is None else Verdict(*self._best, self._tried)

    def send(self, payload: str, sent: str, encoding: str) -> bool:
        """Follow one payload, and its variants if it does not arrive; whether the search is over."""
        waiting, varied = [sent], False
        while waiting and self._steps < STEPS:
            following = self._follow(payload, waiting.pop(0), encoding)
            if following.outcome == "bites":
                return True
            if not varied and following.outcome == "does not arrive":
                varied = True
                waiting = _variants(following.sent, following.hints)
            elif not varied and following.outcome == "harmless" and not self._completed:
                varied = self._completed = True
                waiting = list(_padded(following.sent)) if following.cut else []
                if following.missed:
                    waiting.extend(_variants(following.sent, following.missed))
        return self._steps >= STEPS

    def _follow(self, payload: str, sent: str, encoding: str) -> Following:
        candidate = self._candidate
        assert candidate.root is not None
        following = Following(
            candidate.rule, candidate.location, self._inputs, payload, sent, coded=encoding != "as it is"
        )
        run = standing.again(self._project, candidate, following)
        self._tried += 1
        self._steps += run.steps
        self.decoders |= following.decoders
        outcome = following.outcome
        if run.steps > run.step_limit and outcome in {"does not arrive", "harmless"}:
            outcome = "may bite"  # the run was cut short
        if self._best is None or ORDER[outcome] > ORDER[self._best[0]]:
            self._best = outcome, sent, encoding
        return following
