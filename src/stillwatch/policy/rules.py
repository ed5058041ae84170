"""A policy: ordered rules, the first that matches decides."""

from typing import Literal

import msgspec

from stillwatch.policy.expressions import Condition
from stillwatch.policy.ladder import Plain
from stillwatch.records import Step, Verdict
from stillwatch.records.document import Value

Mode = Literal["off", "shadow", "enforce"]

SECOND_REVIEWER_ABOVE = 100  # accounts of a campaign, where a file sets no other number


class Rule(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One rule of a policy, as its file has it."""

    id: str
    mode: Mode
    condition: Condition
    step: Step
    settings: dict[str, Plain]
    ttl: int | None  # microseconds a decision holds
    reason: str
    message: str | None
    appeal: bool
    reviewers: tuple[str, ...]
    automatic_block: str | None
    line: int

    def reviewed_enough(self, verdict: Verdict | None, second_reviewer_above: int) -> bool:
        """Whether the rule may decide as it stands: a block of a large campaign needs two names."""
        if self.step != "block" or self.automatic_block is not None:
            return True
        needed = 2 if verdict is not None and verdict.accounts > second_reviewer_above else 1
        return len(self.reviewers) >= needed


class Policy(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A policy file that holds together. `examples` are its own tests, not yet read."""

    file: str
    sha256: str
    rules: tuple[Rule, ...]
    second_reviewer_above: int = SECOND_REVIEWER_ABOVE
    examples: tuple[Value, ...] = ()
    notes: tuple[str, ...] = ()  # what a reader of the file should know, though it can be used
