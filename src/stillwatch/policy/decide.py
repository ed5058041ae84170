"""The decision on one call: what is held of the account, the rules in their order, and never an exception."""

import logging
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from stillwatch.policy.decision_ids import new_id
from stillwatch.policy.expressions.facts import Facts, context_of
from stillwatch.policy.follower import Follower, StandingFollower
from stillwatch.policy.rules import AS_ASKED, Policy, Rule
from stillwatch.records import Call, Decision, Limit, Micros, Standing, Verdict

if TYPE_CHECKING:
    import cel

LOG = logging.getLogger("stillwatch.policy")


class Taken(NamedTuple):
    """A rule that matches, and what it does."""

    rule: Rule
    limit: Limit


class Choice(NamedTuple):
    """The rule that decides, and the first in shadow mode that would have decided before it."""

    taken: Taken | None
    shadow: Taken | None

    @property
    def rule(self) -> Rule | None:
        return None if self.taken is None else self.taken.rule


NOTHING = Choice(None, None)


class _Rules:
    """The rules that can match at all, and what they need to know."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self.facts = Facts(rule.condition for rule in self.rules)


class Decider:
    """Decides by a policy on the verdicts and standings that followers find; without one no account has any.

    `failures` counts, by rule, the times its condition failed for another reason than an unknown field; such a
    rule does not match. `held_back` counts the times a block lacked a second reviewer.
    """

    def __init__(
        self, policy: Policy, follower: Follower | None = None, standings: StandingFollower | None = None
    ) -> None:
        self.policy = policy
        self.follower = follower
        self.standings = standings
        self.failures: Counter[str] = Counter()
        self.held_back: Counter[str] = Counter()
        live = [rule for rule in policy.rules if rule.mode != "off"]
        # By whether the account has a verdict, and a standing.
        self.live = {
            (True, True): _Rules(live),
            (True, False): _Rules(rule for rule in live if not rule.needs_access),
            (False, True): _Rules(rule for rule in live if not rule.needs_verdict),
            (False, False): _Rules(
                rule for rule in live if not (rule.needs_access or rule.needs_verdict or rule.needs_either)
            ),
        }
        self._on_access = any(rule.step == AS_ASKED or rule.condition.on_access for rule in live)

    @property
    def call_fields(self) -> frozenset[str]:
        """Fields of a call that any rule reads."""
        return self.live[True, True].facts.call_fields

    @property
    def verdict_fields(self) -> list[str]:
        """Fields of a verdict that any rule reads or asks for."""
        fields = self.live[True, True].facts.verdict
        return [*fields.read, *fields.asked]

    @property
    def meets_all(self) -> bool:
        """Whether a rule can meet an account of which nothing is held."""
        return bool(self.live[False, False].rules)

    def decide(self, call: Call) -> Decision:
        """The step for a call. Never raises, whatever the call holds."""
        verdict = standing = None
        version = 0
        if self.follower is not None:
            verdict = self.follower.lookup(call.account_id)
            version = self.follower.version
        if self._on_access and self.standings is not None:
            standing = self.standings.lookup(call.account_id)
        return self.decision(call, verdict, version, standing)

    def decision(
        self, call: Call, verdict: Verdict | None, version: int = 0, standing: Standing | None = None
    ) -> Decision:
        """As `decide`, on what is at hand."""
        taken, shadow = self.choose(call, verdict, standing)
        campaign_id, case_id = (None, None) if verdict is None else (verdict.campaign_id, verdict.case_id)
        if taken is None:
            return Decision(
                decision_id=new_id(),
                ts=call.ts,
                account_id=call.account_id,
                step="observe",
                campaign_id=campaign_id,
                case_id=case_id,
                policy_sha256=self.policy.sha256,
                verdicts_version=version,
                shadow_rule_id=None if shadow is None else shadow.rule.id,
                shadow_step=None if shadow is None else shadow.limit.step,
            )
        rule, limit = taken
        asked = standing.terms if standing is not None and rule.step == AS_ASKED else None
        on_access = standing is not None and (asked is not None or rule.condition.on_access)
        return Decision(
            decision_id=new_id(),
            ts=call.ts,
            account_id=call.account_id,
            step=limit.step,
            rule_id=rule.id,
            reason=rule.reason if asked is None else asked.reason,
            message=rule.message if asked is None or rule.message is not None else asked.message,
            appeal=rule.appeal,
            settings=limit.settings,
            campaign_id=campaign_id,
            case_id=case_id,
            standing_id=standing.standing_id if standing is not None and on_access else None,
            policy_sha256=self.policy.sha256,
            verdicts_version=version,
            expires_at=None if rule.ttl is None else Micros(call.ts + rule.ttl),
            shadow_rule_id=None if shadow is None else shadow.rule.id,
            shadow_step=None if shadow is None else shadow.limit.step,
        )

    def choose(self, call: Call, verdict: Verdict | None, standing: Standing | None = None) -> Choice:
        """The first rule that matches, in each mode."""
        live = self.live[verdict is not None, standing is not None]
        if not live.rules:
            return NOTHING
        variables = live.facts.variables(call, verdict, standing)
        context = context_of(variables)
        shadow: Taken | None = None
        for rule in live.rules:
            if shadow is not None and rule.mode == "shadow":
                continue
            if not self._matches(rule, context, variables):
                continue
            limit = rule.limit(standing, call.ts)
            if limit is None:
                continue
            if not rule.reviewed_enough(verdict, self.policy.second_reviewer_above):
                self._hold_back(rule)
                continue
            if rule.mode == "enforce":
                return Choice(Taken(rule, limit), shadow)
            shadow = Taken(rule, limit)
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
