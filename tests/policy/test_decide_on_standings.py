"""Decisions on an account's standing: which rules are asked, what step is taken, and what evidence is told."""

import pyarrow as pa
import pytest
from composed import HOUR, NOW, call, policy, rule, verdict
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.policy import Decider, StandingFollower, parse
from stillwatch.policy.examples import run
from stillwatch.policy.expressions import WrongExpression, compile_condition
from stillwatch.policy.publish_standings import publish_standings
from stillwatch.policy.rules import AS_ASKED
from stillwatch.records import STANDINGS, InvalidConfiguration, Limit, Standing, Terms
from stillwatch.responses import justified

TERMS = Terms(
    "heavy",
    "volume_unverified",
    Limit("cap_rate", {"per_minute": 5}),
    Limit("step_up", {"level": 2}),
    "Please verify.",
)


def standing(**changed):
    usual = {
        "standing_id": "st-1",
        "level": 0,
        "asked": 2,
        "since": NOW - HOUR,
        "deadline": NOW + HOUR,
        "terms": TERMS,
        "region_outside": 0.4,
    }
    return Standing(**(usual | changed))


AS = policy(rule("as", "has_access && access.asked > access.level", step=AS_ASKED))


def decide(by, held=None, *, against=None, **asked):
    return Decider(by).decision(call(**asked), against, standing=held)


def test_the_step_asked_is_that_of_the_time():
    before, after = decide(AS, standing()), decide(AS, standing(deadline=NOW - 1))
    assert (before.step, dict(before.settings), before.reason) == (
        "cap_rate",
        {"per_minute": 5},
        "volume_unverified",
    )
    assert (after.step, after.message) == ("step_up", "Please verify.")
    assert decide(AS, standing(level=2)).step == "observe"
    assert decide(AS).step == "observe"


def test_a_decision_on_access_grounds_brings_its_evidence():
    decision = decide(AS, standing())
    assert decision.standing_id == "st-1"
    assert justified(decision, NOW / 1e6)


def test_a_rule_that_does_not_look_at_the_standing_does_not_borrow_its_evidence():
    by = policy(rule("place", 'call.country == "XA"', step="hold"))
    decision = decide(by, standing(), country="XA")
    assert decision.step == "hold"
    assert decision.standing_id is None
    assert not justified(decision, NOW / 1e6)


@pytest.mark.parametrize(
    ("source", "held", "matches"),
    [
        ("access.region_outside >= 0.4", standing(), True),
        ("access.region_outside >= 0.4", standing(region_outside=None), False),
        ("access.overdue", standing(), False),
        ("access.overdue", standing(deadline=NOW - 1), True),
        ("access.overdue", standing(deadline=NOW - 1, level=3), False),
        ("!access.overdue", None, False),
        ("has(access.overdue)", None, False),
        ("has(access.overdue)", standing(), True),
        ("has(access.challenge_id)", standing(), False),
        ("access.challenge_id == 'x'", standing(challenge_id="x"), True),
        ("access.deadline - now <= duration('1h')", standing(), True),
        ("access.reason == 'volume_unverified' && !access.control", standing(), True),
        ("access == null", None, True),
        ("access != null", standing(), True),
        ("!has_access", standing(), False),
        ("has_access || has_verdict", None, False),
    ],
)
def test_conditions_on_a_standing(source, held, matches):
    assert (decide(policy(rule("r", source)), held).rule_id is not None) is matches


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("access.asket > 1", "did you mean access.asked"),
        ("access.asked > 'x'", "cannot be compared"),
        ("acces.asked > 1", "did you mean access"),
        ("has_acces", "did you mean has_access"),
        ("access.terms == 'x'", "no such field"),
        ("call == null", "name a field"),
    ],
)
def test_mistakes_are_found_at_load(source, says):
    with pytest.raises(WrongExpression, match=says):
        compile_condition(source)


def test_settings_of_the_step_asked_are_refused():
    with pytest.raises(InvalidConfiguration, match="takes its settings from what is asked"):
        policy(rule("as", "has_access", step=AS_ASKED, settings="{level: 2}"))


SOURCES = st.sampled_from(
    [
        *("has_verdict", "has_access", "!has_access", "access.overdue", "access.asked > 1 || call.stream"),
        *("verdict.active || access.asked > 1", "access.region_outside > 0.1 && verdict.accounts > 3"),
        *("access == null && has_verdict", "has(access.challenge_id) || has(verdict.case_id)", "true"),
        *("has_access || has_verdict", "!(access.overdue || has_verdict)"),
    ]
)
HELD = st.sampled_from([None, standing(), standing(deadline=NOW - 1, challenge_id="x")])
AGAINST = st.sampled_from([None, verdict(), verdict(case_id="k", active=False)])


@settings(max_examples=200, deadline=None)
@given(st.lists(SOURCES, min_size=1, max_size=4), HELD, AGAINST, st.booleans())
def test_rules_that_are_passed_over_would_not_have_matched(sources, held, against, stream):
    by = policy(*(rule(f"r{number}", source) for number, source in enumerate(sources)))
    decider, whole = Decider(by), Decider(by)
    whole.live = dict.fromkeys(whole.live, whole.live[True, True])
    asked = call(stream=stream)
    assert decider.choose(asked, against, held) == whole.choose(asked, against, held)


def test_a_decider_looks_standings_up_where_a_rule_asks(tmp_path):
    row = {"account_id": "acct", "id": 7, "level": 0, "asked": 2, "since": 1, "terms": 0, "control": False}
    publish_standings(tmp_path / "s", pa.Table.from_pylist([row], STANDINGS), [TERMS], 1)
    follower = StandingFollower(tmp_path / "s")
    assert Decider(AS, None, follower).decide(call()).step == "cap_rate"
    assert Decider(AS, None, follower).decide(call("other")).step == "observe"
    assert Decider(AS, None, StandingFollower(tmp_path / "none")).decide(call()).step == "observe"


def test_a_policys_own_tests_can_say_what_stands():
    text = """
rules:
  - {id: as, mode: enforce, step: as_asked, reason: r, when: has_access}
tests:
  - {access: {asked: 2}, expect: {step: cap_rate}}
  - {access: {asked: 3, deadline: 2020-01-01, after: {step: hold, settings: {seconds: 2}}}, expect: {step: hold}}
  - {access: {asked: 2, level: 2}, expect: {step: observe}}
  - {access: null, expect: {rule: null}}
"""
    outcome = run(parse(text.encode(), "p"))
    assert (outcome.run, outcome.failures) == (4, [])
    with pytest.raises(InvalidConfiguration, match="did you mean asked"):
        run(parse(text.replace("asked: 3", "asket: 3").encode(), "p"))
