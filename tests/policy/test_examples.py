"""A policy's own tests: they run as calls do, and a wrong one is named with its line."""

import pytest
from composed import policy, rule

from stillwatch.policy import examples
from stillwatch.policy.rules import Policy
from stillwatch.records import InvalidConfiguration

RULES = [
    rule("slow", "has_verdict && call.n_turns > 2", step="hold", message="m"),
    rule("new", "now - verdict.since < duration('2h')", mode="shadow"),
]


def with_tests(text) -> Policy:
    lines = "\n".join(f"  {line}" for line in text.strip().splitlines())
    return policy(*RULES, head=f"tests:\n{lines}")


def test_examples_that_come_out_as_expected():
    outcome = examples.run(
        with_tests("""
- expect: {step: observe, rule: null, shadow: null}
- {call: {n_turns: 3}, verdict: null, expect: {step: observe}}
- {call: {n_turns: 3}, verdict: {}, expect: {step: hold, rule: slow}}
- {verdict: {since: "2026-03-02T04:10:00Z"}, call: {ts: "2026-03-02T05:10:00Z"}, expect: {shadow: new}}
- {verdict: {since: 1772424600000000}, call: {ts: 2026-03-02T09:10:00}, expect: {shadow: null}}
""")
    )
    assert (outcome.run, outcome.failures) == (5, [])


def test_a_failure_is_named_with_its_line_and_what_differs():
    outcome = examples.run(with_tests("- {name: waits, verdict: {}, expect: {step: hold, rule: slow}}"))
    (failure,) = outcome.failures
    assert failure.place == "made.yaml:2:5"
    assert failure.name == "waits"
    assert failure.differences == ["step is observe, expected hold", "rule is none, expected slow"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {call: {}}", "a test says what to expect"),
        ("- {expect: {}}", "at least one of step, rule, shadow"),
        ("- {expect: {step: wait}}", "step cannot be 'wait'"),
        ("- {expect: {step: null}}", "the mildest step is observe"),
        ("- {expect: {rule: slo}}", "did you mean slow?"),
        ("- {expect: {stp: hold}}", "made.yaml:2:15: stp: no such key: did you mean step?"),
        ("- {call: {modle: a}, expect: {step: hold}}", "modle: no such key: did you mean model?"),
        ("- {call: {n_turns: many}, expect: {step: hold}}", "made.yaml:2:22: call.n_turns: Expected `int"),
        ("- {verdict: {state: opne}, expect: {step: hold}}", "verdict.state: Invalid enum value"),
        ("- {call: {ts: soon}, expect: {step: hold}}", "'soon' is no time"),
        ("- {name: [a], expect: {step: hold}}", "name is text"),
        ("- 3", "a test is a mapping"),
    ],
)
def test_an_example_that_is_not_well_formed(text, said):
    with pytest.raises(InvalidConfiguration) as refused:
        examples.run(with_tests(text))
    assert said in str(refused.value)
