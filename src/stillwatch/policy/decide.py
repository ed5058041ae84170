"""The decision on one call: one look-up, the rules in their order, and never an exception."""

import logging
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from stillwatch.policy.decision_ids import new_id
from stillwatch.policy.expressions.facts import Facts, context_of
from stillwatch.policy.follower import Follower
from stillwatch.policy.rules import Policy, Rule
from stillwatch.records import Call, Decision, Micros, Verdict

if TYPE_CHECKING:
    import cel

LOG = logging.getLogger("stillwatch.policy")


class Choice(NamedTuple):
    """The rule that decides, and the first in shadow mode that would have decided before it."""

    rule: Rule | None
    shadow: Rule | None


NOTHING = Choice(None, None)


class _Rules:
    """The rules that can match at all, and what they need to know."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self.facts = Facts(rule.condition for rule in self.rules)


class Decider:
    """Decides by a policy on the verdicts that a follower finds; without a follower no account has one.

    `failures` counts, by rule, the times its condition failed for another reason than an unknown field; such a
    rule does not match. `held_back` counts the times a block lacked a second reviewer.
    """

    def __init__(self, policy: Policy, follower: Follower | None = None) -> None:
        self.policy = policy
        self.follower = follower
        self.failures: Counter[str] = Counter()
        self.held_back: Counter[str] = Counter()
        live = [rule for rule in policy.rules if rule.mode != "off"]
        self.with_verdict = _Rules(live)
        self.without_verdict = _Rules(rule for rule in live if not rule.condition.needs_verdict)

    def decide(self, call: Call) -> Decision:
        """The step for a call. Never raises, whatever the call holds."""
        follower = self.follower
        if follower is None:
            return self.decision(call, None)
        verdict = follower.lookup(call.account_id)
        return self.decision(call, verdict, follower.version)

    def decision(self, call: Call, verdict: Verdict | None, version: int = 0) -> Decision:
        """As `decide`, on a verdict that is at hand."""
        rule, shadow = self.choose(call, verdict)
        campaign_id, case_id = (None, None) if verdict is None else (verdict.campaign_id, verdict.case_id)
        if rule is None:
            return Decision(
                decision_id=new_id(),
                ts=call.ts,
                account_id=call.account_id,
                step="observe",
                campaign_id=campaign_id,
                case_id=case_id,
                policy_sha256=self.policy.sha256,
                verdicts_version=version,
                shadow_rule_id=None if shadow is None else shadow.id,
                shadow_step=None if shadow is None else shadow.step,
            )
        return Decision(
            decision_id=new_id(),
            ts=call.ts,
            account_id=call.account_id,
            step=rule.step,
            rule_id=rule.id,
            reason=rule.reason,
            message=rule.message,
            appeal=rule.appeal,
            settings=rule.settings,
            campaign_id=campaign_id,
            case_id=case_id,
            policy_sha256=self.policy.sha256,
            verdicts_version=version,
            expires_at=None if rule.ttl is None else Micros(call.ts + rule.ttl),
            shadow_rule_id=None if shadow is None else shadow.id,
            shadow_step=None if shadow is None else shadow.step,
        )

    def choose(self, call: Call, verdict: Verdict | None) -> Choice:
        """The first rule that matches, in each mode."""
        live = self.without_verdict if verdict is None else self.with_verdict
        if not live.rules:
            return NOTHING
        variables = live.facts.variables(call, verdict)
        context = context_of(variables)
        shadow: Rule | None = None
        for rule in live.rules:
            if shadow is not None and rule.mode == "shadow":
                continue
            if not self._matches(rule, context, variables):
                continue
            if not rule.reviewed_enough(verdict, self.policy.second_reviewer_above):
                self._hold_back(rule)
                continue
            if rule.mode == "enforce":
                return Choice(rule, shadow)
            shadow = rule
        return Choice(None, shadow)

    def _matches(self, rule: Rule, context: "cel.Context", variables: dict[str, object]) -> bool:
        try:
            return rule.condition.program.execute(context) is True
        except Exception as error:  # noqa: BLE001 - a rule is a plug-in: it may fail, and the call goes on
            if rule.condition.variables <= variables.keys():
                self._fail(rule, error)
            return False

    def _fail(self, rule: Rule, error: Exception) -> None:
        self.failures[rule.id] += 1
        if self.failures[rule.id] == 1:
            LOG.warning(
                "%s:%d: rule %s failed and does not match where it does; said once: %s",
                self.policy.file,
                rule.line,
                rule.id,
                error,
            )

    def _hold_back(self, rule: Rule) -> None:
        self.held_back[rule.id] += 1
        if self.held_back[rule.id] == 1:
            LOG.warning(
                "%s:%d: rule %s names one reviewer and a campaign has more than %d accounts: it does not block "
                "those; said once",
                self.policy.file,
                rule.line,
                rule.id,
                self.policy.second_reviewer_above,
            )
