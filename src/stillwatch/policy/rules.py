"""A policy: ordered rules, the first that matches decides."""

from typing import Literal

import msgspec

from stillwatch.policy.expressions import Condition
from stillwatch.records import Limit, Standing, Step, Verdict
from stillwatch.records.document import Value
from stillwatch.records.ladder import Plain

Mode = Literal["off", "shadow", "enforce"]

AsAsked = Literal["as_asked"]
AS_ASKED: AsAsked = "as_asked"
"""In a rule's place for a step: the step that the account's standing sets, up to its deadline and after it."""

SECOND_REVIEWER_ABOVE = 100  # accounts of a campaign, where a file sets no other number


class Rule(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One rule of a policy, as its file has it."""

    id: str
    mode: Mode
    condition: Condition
    step: Step | AsAsked
    settings: dict[str, Plain]
    ttl: int | None  # microseconds a decision holds
    reason: str
    message: str | None
    appeal: bool
    reviewers: tuple[str, ...]
    automatic_block: str | None
    line: int

    @property
    def needs_verdict(self) -> bool:
        return self.condition.needs_verdict

    @property
    def needs_access(self) -> bool:
        return self.step == AS_ASKED or self.condition.needs_access

    @property
    def needs_either(self) -> bool:
        return self.step == AS_ASKED or self.condition.needs_either

    def limit(self, standing: Standing | None, now: int) -> Limit | None:
        """What is to be done where the rule matches; nothing where it takes what is asked and nothing is."""
        if self.step != AS_ASKED:
            return Limit(self.step, self.settings)
        return None if standing is None else standing.limit(now)

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
