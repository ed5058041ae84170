"""How an account stands with the provider: the level it has proved, the one it is asked for, and what holds until then."""

from collections.abc import Mapping

import msgspec
import pyarrow as pa

from stillwatch.records.decision import Step
from stillwatch.records.wire import Micros

STANDINGS = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("id", pa.uint64(), nullable=False),
        pa.field("level", pa.uint8(), nullable=False),
        pa.field("asked", pa.uint8(), nullable=False),
        pa.field("since", pa.int64(), nullable=False),
        pa.field("deadline", pa.int64()),
        pa.field("region_outside", pa.float64()),
        pa.field("terms", pa.uint32(), nullable=False),  # a place in a list of Terms
        pa.field("challenge_id", pa.string()),
        pa.field("control", pa.bool_(), nullable=False),
    ]
)
"""One row for each account of which there is something to say: the fields of `Standing`."""


class Limit(msgspec.Struct, frozen=True):
    """A step of the ladder with its settings, taken while less is proved than was asked for."""

    step: Step
    settings: Mapping[str, float | int | str | bool] = {}


class Terms(msgspec.Struct, frozen=True):
    """What goes with a level that is asked for; many accounts have the same."""

    rule_id: str  # of the level policy
    reason: str  # code
    until: Limit  # up to the deadline
    after: Limit
    message: str | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What is held about one account, computed ahead. Levels are 0 to 4."""

    standing_id: str
    level: int  # proved
    asked: int
    since: Micros  # when it was asked
    deadline: Micros | None  # None: nothing is asked
    terms: Terms
    region_outside: float | None = None  # probability that the account is in a region that is not supported
    challenge_id: str | None = None  # asked together with a whole cluster
    control: bool = False  # drawn by lot to measure the challenge: nothing is held against it

    @property
    def reason(self) -> str:
        return self.terms.reason

    @property
    def short(self) -> bool:
        """Less is proved than asked for."""
        return self.level < self.asked

    def overdue(self, now: int) -> bool:
        return self.short and self.deadline is not None and now > self.deadline

    def limit(self, now: int) -> Limit | None:
        """What holds for a call at `now`; nothing where the account has proved what it was asked for."""
        if not self.short:
            return None
        return self.terms.after if self.overdue(now) else self.terms.until
