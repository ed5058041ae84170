"""What a gateway does about a call: the real decision on the verdicts published last, and the real step, in event time."""

from pathlib import Path

import msgspec

from stillwatch.policy import Decider, Follower, Policy, StandingFollower
from stillwatch.records import Call, Step
from stillwatch.responses import Facilities, LocalBuckets, justified, treat

ANSWERED = 200


class Answer(msgspec.Struct, frozen=True):
    """What the caller sees of a step; `wait` is the Retry-After of a refusal, `delay` a wait before an answer."""

    step: Step
    status: int = ANSWERED
    wait: float = 0.0
    delay: float = 0.0

    @property
    def refused(self) -> bool:
        return self.status != ANSWERED


class Gateway:
    """One gateway. Time is that of the calls it is asked about."""

    def __init__(self, policy: Policy, published: Path, standings: Path | None = None) -> None:
        self._now = 0.0
        self.decider = Decider(
            policy,
            Follower(published, clock=self._clock),
            None if standings is None else StandingFollower(standings, clock=self._clock),
        )
        self._facilities = Facilities(now=self._clock, buckets=LocalBuckets())

    def _clock(self) -> float:
        return self._now

    @property
    def asks_about_all(self) -> bool:
        """Whether a rule can meet a call whose account has no verdict."""
        return self.decider.meets_all

    @property
    def fields(self) -> frozenset[str]:
        """Fields of a call that the policy reads."""
        return self.decider.call_fields

    def ask(self, call: Call) -> Answer:
        """Decide about a call and take the step."""
        self._now = call.ts / 1_000_000
        decision = self.decider.decide(call)
        if decision.step == "observe" or not justified(decision, self._now):
            return Answer("observe")
        treatment = treat({"messages": []}, decision, call.route, self._facilities)
        if treatment.refusal is None:
            return Answer(decision.step, delay=treatment.delay)
        headers = treatment.refusal.headers
        return Answer(decision.step, treatment.refusal.status, float(headers.get("retry-after", 0)))
