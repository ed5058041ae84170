"""What decides calls in a gateway: the policy file, taken up anew when it changes, on the newest verdicts and standings."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from stillwatch.policy import Decider, Follower, StandingFollower, load
from stillwatch.records import Call, Decision, InvalidConfiguration

LOGGER = logging.getLogger("stillwatch.gateways")
INTERVAL = 1.0  # seconds between two looks at the file


class FollowedPolicy:
    """Decides by the policy in a file. A rule that is taken away there is taken away here within a second.

    Raises InvalidConfiguration if the file does not hold at the beginning; later, the last one that held decides.
    """

    def __init__(
        self,
        policy: Path,
        verdicts: Path | None,
        clock: Callable[[], float] = time.monotonic,
        *,
        standings: Path | None = None,
    ) -> None:
        self._path = policy
        self._clock = clock
        self._follower = Follower(verdicts) if verdicts is not None else None
        self._standings = StandingFollower(standings) if standings is not None else None
        self._seen = self._signature()
        self._decider = Decider(load(policy), self._follower, self._standings)
        self._next = clock() + INTERVAL

    def decide(self, call: Call) -> Decision:
        if self._clock() >= self._next:
            self._next = self._clock() + INTERVAL
            self._look()
        return self._decider.decide(call)

    def _look(self) -> None:
        signature = self._signature()
        if signature == self._seen:
            return
        self._seen = signature
        try:
            self._decider = Decider(load(self._path), self._follower, self._standings)
        except InvalidConfiguration as error:
            LOGGER.error("the policy before it decides on: %s", error)  # noqa: TRY400 - it says all there is
        else:
            LOGGER.warning("policy taken up anew: %s", self._path)

    def _signature(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns


def observe(call: Call) -> Decision:
    """The decision where no policy is named: nothing."""
    return Decision(decision_id="", ts=call.ts, account_id=call.account_id, step="observe")
