"""The decision on one call: order, modes, reviewers, and no exception whatever the call holds."""

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from composed import HOUR, NOW, call, policy, rule, verdict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.policy import Decider, Follower
from stillwatch.records import Call, Decision

REVIEWED = "[ann]"


def decide(made, asked=None, held=None):
    return Decider(made).decision(asked or call(), held)


def test_the_first_rule_that_matches_decides():
    made = policy(
        rule("a", "call.stream"), rule("b", "has_verdict", step="mark"), rule("c", "true", step="hold")
    )
    assert decide(made).rule_id == "c"
    assert decide(made, held=verdict()).rule_id == "b"
    assert decide(made, call(stream=True), verdict()).rule_id == "a"


def test_a_decision_says_why():
    made = policy(
        rule("a", "has_verdict", step="cap_rate", ttl="90m", message="slower", appeal="true"),
    )
    assert decide(made, held=verdict(case_id="case-1")) == Decision(
        decision_id=ANY,
        ts=NOW,
        account_id="acct",
        step="cap_rate",
        rule_id="a",
        reason="why",
        message="slower",
        appeal=True,
        settings={"per_minute": 60, "shared_by": "campaign"},
        campaign_id="c-1",
        case_id="case-1",
        policy_sha256=made.sha256,
        expires_at=NOW + 90 * HOUR // 60,
    )


class Anything:
    def __eq__(self, other):
        return isinstance(other, str)

    __hash__ = None


ANY = Anything()


def test_without_a_rule_calls_are_observed():
    decision = decide(policy(rule("a", "has_verdict")))
    assert (decision.step, decision.rule_id, decision.reason, decision.expires_at) == (
        "observe",
        None,
        None,
        None,
    )


def test_a_rule_that_is_off_does_nothing():
    assert decide(policy(rule("a", "true", mode="off"))).rule_id is None


def test_the_first_shadow_rule_before_the_decision_is_noted():
    made = policy(
        rule("s0", "call.stream", mode="shadow"),
        rule("s1", "true", mode="shadow", step="hold"),
        rule("s2", "true", mode="shadow", step="mark"),
        rule("e", "has_verdict"),
        rule("s3", "true", mode="shadow"),
    )
    decision = decide(made, held=verdict())
    assert (decision.rule_id, decision.shadow_rule_id, decision.shadow_step) == ("e", "s1", "hold")
    decision = decide(made)
    assert (decision.rule_id, decision.shadow_rule_id, decision.step) == (None, "s1", "observe")


def test_a_shadow_rule_after_the_decision_would_not_have_decided():
    decision = decide(policy(rule("e", "true"), rule("s", "true", mode="shadow")))
    assert decision.shadow_rule_id is None


def test_a_large_campaign_is_not_blocked_on_one_name(caplog):
    made = policy(
        rule("one", "has_verdict", step="block", reviewers=REVIEWED),
        rule("two", "has_verdict", step="hold"),
        head="second_reviewer_above: 60",
    )
    decider = Decider(made)
    with caplog.at_level(logging.WARNING, "stillwatch.policy"):
        assert decider.decision(call(), verdict(accounts=60)).rule_id == "one"
        assert decider.decision(call(), verdict(accounts=61)).rule_id == "two"
        assert decider.decision(call(), verdict(accounts=62)).rule_id == "two"
    assert decider.held_back == {"one": 2}
    assert len(caplog.records) == 1
    both = policy(rule("one", "has_verdict", step="block", reviewers="[ann, bo]"))
    assert decide(both, held=verdict(accounts=5_000)).step == "block"
    words = "'Calls from nowhere are refused by law; the head of trust answers for it.'"
    assert decide(policy(rule("a", "true", step="block", automatic_block=words))).step == "block"


def test_a_condition_that_fails_does_not_match_and_is_named_once(caplog):
    made = policy(rule("odd", "10 / call.n_turns > 3"), rule("next", "true"))
    decider = Decider(made)
    with caplog.at_level(logging.WARNING, "stillwatch.policy"):
        for _ in range(3):
            assert decider.decision(call(n_turns=0), None).rule_id == "next"
    assert decider.failures == {"odd": 3}
    assert [record.message.count("rule odd failed") for record in caplog.records] == [1]


def test_an_unknown_field_is_no_failure(caplog):
    decider = Decider(
        policy(rule("a", "call.n_turns > 3 && verdict.accounts > 3"), rule("b", "call.n_turns > 3"))
    )
    with caplog.at_level(logging.WARNING, "stillwatch.policy"):
        assert decider.decision(call(), verdict()).rule_id is None
        assert decider.decision(call(), None).rule_id is None
        assert decider.decision(call(n_turns=4, model="\ud800"), None).rule_id == "b"
    assert not decider.failures
    assert not caplog.records


def test_the_verdict_is_the_followers(published):
    decider = Decider(policy(rule("a", "has_verdict")), Follower(published({"guilty": verdict()}, version=9)))
    met, spared = decider.decide(call("guilty")), decider.decide(call("other"))
    assert (met.step, met.campaign_id, met.verdicts_version) == ("tag", "c-1", 9)
    assert (spared.step, spared.campaign_id, spared.verdicts_version) == ("observe", None, 9)


def test_without_verdicts_calls_go_on(tmp_path):
    decision = Decider(policy(rule("a", "has_verdict")), Follower(tmp_path / "none")).decide(call())
    assert (decision.step, decision.verdicts_version) == ("observe", 0)


def test_ids_are_unique_and_in_the_order_of_time():
    decider = Decider(policy(rule("a", "true")))
    ids = [decider.decide(call()).decision_id for _ in range(5_000)]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)


RULES = [
    rule("a", "call.ts > timestamp('2026-01-01T00:00:00Z') && now - call.ts < duration('1h')", step="mark"),
    rule("b", "call.temperature * 3.0 > 1.0 || call.max_tokens * 1000 > 5", mode="shadow"),
    rule("c", "call.n_turns / call.n_tools > 2 && call.logprobs % call.n_choices == 0", step="hold"),
    rule("d", "call.model.matches('(a|b)*c') || call.user_agent.contains(call.ja4)", step="cap_rate"),
    rule("e", "int(call.temperature) > -call.asn && has(call.plan)", step="strip_reasoning"),
    rule("f", "now - verdict.since > duration('1h') || verdict.accounts + 1 > 3", step="tag"),
    rule("g", "size(call.account_id) > 3 && string(call.kyc_level) == '1'"),
]
HOSTILE = policy(*RULES)
NUMBERS = st.integers() | st.integers(-(2**70), 2**70)
CALLS = st.builds(
    Call,
    **{
        field: {
            str: st.text(st.characters(), max_size=6),
            int: NUMBERS,
            float: st.floats(),
            bool: st.booleans(),
        }[kind]
        if field in {"account_id", "ts", "stream"}
        else st.none()
        | {str: st.text(st.characters(), max_size=6), int: NUMBERS, float: st.floats(), bool: st.booleans()}[
            kind
        ]
        for field, kind in {
            "account_id": str,
            "ts": int,
            "stream": bool,
            "model": str,
            "plan": str,
            "user_agent": str,
            "ja4": str,
            "asn": int,
            "kyc_level": int,
            "n_choices": int,
            "n_tools": int,
            "n_turns": int,
            "logprobs": int,
            "max_tokens": int,
            "temperature": float,
        }.items()
    },
)
HELD = st.none() | st.builds(verdict, since=NUMBERS, accounts=NUMBERS, probability=st.floats())


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CALLS, HELD)
def test_no_call_is_too_strange(asked, held):
    decision = Decider(HOSTILE).decision(asked, held)
    assert decision.account_id == asked.account_id


@settings(max_examples=200, deadline=None)
@given(CALLS)
def test_rules_that_are_passed_over_without_verdict_would_not_have_matched(asked):
    decider = Decider(HOSTILE)
    quick = decider.choose(asked, None)
    decider.live[False, False] = decider.live[True, True]
    assert decider.choose(asked, None) == quick


@pytest.mark.parametrize("heavy", ["duckdb", "scipy", "yaml", "cel", "numpy.random"])
def test_the_room_loads_without_what_only_some_of_it_needs(heavy):
    code = f"import sys, stillwatch.policy; sys.exit({heavy!r} in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_threads_share_a_decider(published):
    decider = Decider(
        policy(rule("a", "verdict.accounts > 3 && call.stream")), Follower(published({"x": verdict()}))
    )
    with ThreadPoolExecutor(4) as pool:
        decisions = list(
            pool.map(lambda n: decider.decide(call("x" if n % 2 else "y", stream=True)), range(2_000))
        )
    assert [decision.step for decision in decisions] == ["observe", "tag"] * 1_000
    assert len({decision.decision_id for decision in decisions}) == 2_000
    assert not decider.failures
