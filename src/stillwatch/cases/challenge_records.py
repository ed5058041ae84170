"""A challenge: all accounts of a campaign asked at once to prove a level, and others drawn by lot to measure it."""

from typing import Literal

import msgspec

from stillwatch.records import Micros

Answer = Literal["waiting", "passed", "failed", "silent", "excused"]
"""Of an asked account: time is left; it proved the level; the proof was refused; nothing came; a person let it off."""


class Challenged(msgspec.Struct, kw_only=True):
    """One account that was asked. `control` accounts were drawn by lot.

    `first` ones are those and accounts of the campaign that were asked when it opened: what they answer is weighed.
    """

    account_id: str
    control: bool
    first: bool
    since: Micros
    deadline: Micros
    answer: Answer = "waiting"
    answered_at: Micros | None = None


class AskedOf(msgspec.Struct, frozen=True, kw_only=True):
    """What one challenge asks of one account."""

    challenge_id: str
    campaign_id: str
    level: int
    asked: Challenged


class Weight(msgspec.Struct, frozen=True, kw_only=True):
    """What a challenge showed, in nats. Counts are of accounts that were asked when it opened."""

    cluster_passed: int
    cluster: int
    control_passed: int
    control: int
    pass_rate: float  # of accounts of no campaign, with what was thought of it before
    pass_low: float  # 95 % interval of that rate, from the counts alone
    pass_high: float
    log_e_value: float  # that the cluster passes less than the others by chance would
    passing: float  # added to the log odds of an account that passed: below 0
    scattering: float  # of one that did not: above 0
    weighed_at: Micros


class Challenge(msgspec.Struct, kw_only=True):
    """A challenge as it stands."""

    challenge_id: str
    campaign_id: str
    level: int
    opened_at: Micros
    deadline: Micros  # of the accounts that were asked first
    asked: dict[str, Challenged]
    weight: Weight | None = None

    @property
    def cluster(self) -> list[Challenged]:
        return [one for one in self.asked.values() if not one.control]

    @property
    def controls(self) -> list[Challenged]:
        return [one for one in self.asked.values() if one.control]
