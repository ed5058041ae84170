"""What decides calls in a gateway: the policy file, taken up anew when it changes, on the newest verdicts and standings."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from stillwatch.policy import Decider, Follower, StandingFollower, load
from stillwatch.records import Call, Decision, InvalidConfiguration
from stillwatch.records.changing import ChangingFile

LOGGER = logging.getLogger("stillwatch.gateways")


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
        self._file = ChangingFile(policy, clock)
        self._follower = Follower(verdicts) if verdicts is not None else None
        self._standings = StandingFollower(standings) if standings is not None else None
        self._decider = Decider(load(policy), self._follower, self._standings)

    def decide(self, call: Call) -> Decision:
        if self._file.changed():
            self._take_up()
        return self._decider.decide(call)

    def _take_up(self) -> None:
        try:
            self._decider = Decider(load(self._file.path), self._follower, self._standings)
        except InvalidConfiguration as error:
            LOGGER.error("the policy before it decides on: %s", error)  # noqa: TRY400 - it says all there is
        else:
            LOGGER.warning("policy taken up anew: %s", self._file.path)


def observe(call: Call) -> Decision:
    """The decision where no policy is named: nothing."""
    return Decision(decision_id="", ts=call.ts, account_id=call.account_id, step="observe")
