"""What changes from one policy to another, in words."""

from composed import policy, rule

from stillwatch.policy.differences import differences


def test_the_same_policy_has_no_differences():
    made = policy(rule("a", "true"), rule("b", "has_verdict"))
    assert differences(made, made) == []


def test_layout_of_a_condition_is_no_difference():
    old, new = (
        policy(rule("a", "has_verdict  &&  call.stream")),
        policy(rule("a", "has_verdict && call.stream")),
    )
    assert differences(old, new) == []


def test_each_change_is_a_sentence():
    old = policy(
        rule("gone", "true", mode="off"),
        rule("a", "has_verdict", mode="shadow", step="cap_rate", ttl="24h"),
        rule("b", "call.stream"),
        rule("c", "true", message="m"),
    )
    new = policy(
        rule("c", "true", appeal="true"),
        rule("a", "has_verdict && verdict.active", step="hold", ttl="90m"),
        rule("b", "call.stream"),
        rule("new", "has_verdict", step="block", reviewers="[ann]"),
        head="second_reviewer_above: 7",
    )
    assert differences(old, new) == [
        "rule gone is gone: tag, turned off, when true",
        "rule new is new: block, enforced, when has_verdict",
        "rule c: message is not set, was 'm'",
        "rule c: appeal is true, was false",
        "rule a: enforced, was in shadow mode",
        "rule a: matches when has_verdict && verdict.active; matched when has_verdict",
        "rule a: decisions hold 90 minutes, held 1 day",
        "rule a: step is 'hold', was 'cap_rate'",
        "rule a: per_minute is not set, was 60",
        "rule a: shared_by is not set, was 'campaign'",
        "rule a: seconds is 5, was not set",
        "rule c moves to the front",
        "a second reviewer is needed above 7 accounts of a campaign, not above 100",
    ]
