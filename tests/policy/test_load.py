"""Policy files: what is refused, where, and with which suggestion."""

import subprocess
import sys
from pathlib import Path

import pytest
from composed import policy, rule
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import stillwatch.policy
from stillwatch.policy import examples, load, parse
from stillwatch.records import STEPS, InvalidConfiguration

DEFAULT = Path(stillwatch.policy.__file__).with_name("default.yaml")
SENTENCE = "'Law forbids service there; the head of compliance answers for it.'"


def wrong(text):
    with pytest.raises(InvalidConfiguration) as refused:
        parse(text.encode() if isinstance(text, str) else text, "p.yaml")
    return str(refused.value)


def test_the_default_policy_loads_passes_its_tests_and_has_one_thing_open():
    made = load(DEFAULT)
    outcome = examples.run(made)
    assert outcome.run >= 6
    assert not outcome.failures
    assert len(made.notes) == 1
    assert "block-confirmed is off and names no reviewers" in made.notes[0]
    assert {rule.step for rule in made.rules} == set(STEPS) - {"observe"}
    consequences = [rule for rule in made.rules if rule.step != "tag"]
    assert {rule.mode for rule in consequences} == {"shadow", "off"}


def test_the_default_block_cannot_be_turned_on_unfilled():
    text = DEFAULT.read_text(encoding="utf-8").replace("mode: off", "mode: enforce")
    assert "name its reviewers" in wrong(text)
    assert not parse(text.replace("reviewers: []", "reviewers: [ann, bo]").encode(), "p").notes


def test_what_a_rule_holds():
    made = policy(
        rule("a-1", "call.stream", step="block", reviewers="[ann, bo]", automatic_block=SENTENCE, ttl="7d")
    )
    (one,) = made.rules
    assert (one.id, one.mode, one.step, one.ttl) == ("a-1", "enforce", "block", 7 * 86_400_000_000)
    assert (one.reviewers, one.settings, one.appeal) == (("ann", "bo"), {}, False)
    assert made.second_reviewer_above == 100
    assert len(made.sha256) == 64


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "p.yaml:1:1: the file is empty"),
        ("- a", "a policy is a mapping"),
        ("rules: 3", "p.yaml:1:8: rules is a list"),
        ("version: 1", "a policy has rules"),
        ("version: 2\nrules: []", "p.yaml:1:10: only version 1"),
        ("ruls: []", "p.yaml:1:1: ruls: no such key: did you mean rules?"),
        ("rules: []\nrules: []", "p.yaml:2:1: rules stands twice"),
        ("rules: [", "not YAML"),
        ("rules: &a [*a]", "anchors and aliases"),
        (
            "rules: !!python/object:os.system []",
            "tag 'tag:yaml.org,2002:python/object:os.system' is not read",
        ),
        ("rules: []\nsecond_reviewer_above: many", "whole number of 0 or more"),
        ("rules: []\nsecond_reviewer_above: true", "whole number of 0 or more"),
        ("rules: [{}]", "id is missing"),
        ("? [a]\n: b", "a key is a word"),
        (b"\xff\xfe", "not UTF-8"),
        (b"rules: [\x01]", "not YAML"),
        ("rules: " + "[" * 5000, "nested too deep"),
        ("rules: " + "[" * 30 + "]" * 30, "nested too deep"),
        ('rules: "\\xZZ"', "not YAML"),
        ('a: "\\UFFFFFFFF"', "not YAML"),
    ],
)
def test_a_file_that_is_no_policy(text, said):
    assert said in wrong(text)


GOOD = {
    "id": "a",
    "mode": "shadow",
    "when": "has_verdict",
    "step": "cap_rate",
    "settings": "{per_minute: 3}",
    "reason": "why",
}


def file_of(**changes):
    keys = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return "rules:\n  - " + "\n    ".join(f"{name}: {value}" for name, value in keys.items())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "a b"}, "p.yaml:2:9: an id is letters"),
        ({"mode": "shaddow"}, "p.yaml:3:11: mode cannot be 'shaddow': did you mean shadow?"),
        ({"mode": "on"}, "it is one of off, shadow, enforce"),
        ({"step": "cap"}, "step cannot be 'cap'"),
        ({"step": "blok"}, "did you mean block?"),
        ({"when": "call.modle == 'a'"}, "p.yaml:4:16: call.modle: did you mean call.model?"),
        ({"when": "\"verdict.state == 'opne'\""}, "p.yaml:4:29: verdict.state is never 'opne'"),
        (
            {"when": "|\n      has_verdict &&\n        call.nturns > 3"},
            "p.yaml:6:14: call.nturns: did you mean call.n_turns",
        ),
        ({"when": ">-\n      has_verdict &&\n      call.nturns > 3"}, "p.yaml:6:12: call.nturns"),
        ({"when": "has_verdict &&\n      call.nturns > 3"}, "p.yaml:5:12: call.nturns"),
        ({"when": "[a]"}, "written as text"),
        ({"when": "3"}, "this is an int"),
        ({"settings": "{}"}, "cap_rate needs the setting per_minute"),
        ({"settings": "{per_minut: 3}"}, "did you mean per_minute?"),
        ({"settings": "{per_minute: fast}"}, "per_minute is a number"),
        ({"settings": "{per_minute: true}"}, "per_minute is a number"),
        ({"settings": "{per_minute: 1e999}"}, "per_minute is a number"),
        ({"settings": "{per_minute: 0}"}, "is 0.01 or more"),
        ({"settings": "{per_minute: 3, shared_by: cluster}"}, "shared_by cannot be 'cluster'"),
        ({"settings": "{seconds: 3}"}, "seconds: no such key"),
        ({"step": "hold", "settings": "{seconds: 9000}"}, "is 300 or less"),
        ({"step": "step_up", "settings": "{level: 1.5}"}, "level is a whole number"),
        ({"step": "tag", "settings": "{label: 3}"}, "label is text"),
        ({"step": "reduce_surface", "settings": "{drop_logprobs: 1}"}, "true or false"),
        ({"step": "strip_reasoning"}, "per_minute: no such key"),
        ({"ttl": "3 days"}, "such as 90s, 30m, 24h or 7d, not '3 days'"),
        ({"ttl": "0h"}, "such as 90s"),
        ({"reason": "''"}, "reason is text"),
        ({"reason": None}, "reason is missing"),
        ({"appeal": "yes"}, "appeal is true or false"),
        ({"mesage": "a"}, "mesage: no such key: did you mean message?"),
        ({"reviewers": "[ann]"}, "reviewers belongs to the step block, not to cap_rate"),
        ({"step": "block", "settings": None}, "name its reviewers"),
        ({"step": "block", "settings": None, "reviewers": "[]"}, "name its reviewers"),
        ({"step": "block", "settings": None, "reviewers": "ann"}, "reviewers is a list"),
        ({"step": "block", "settings": None, "reviewers": "['']"}, "a reviewer is text"),
        ({"step": "block", "settings": None, "reviewers": "[Ann, ann]"}, "a reviewer stands twice"),
        ({"step": "block", "settings": None, "automatic_block": "'true'"}, "a sentence"),
        ({"step": "block", "settings": None, "automatic_block": "true"}, "automatic_block is text"),
        (
            {"step": "block", "settings": None, "reviewers": "[ann]", "when": "call.stream"},
            "accounts of no campaign",
        ),
    ],
)
def test_a_rule_that_does_not_hold_together(changes, said):
    assert said in wrong(file_of(**changes))


def test_everything_that_is_wrong_is_said_at_once():
    text = file_of(mode="x") + "\n" + file_of(step="y", id="b").partition("\n")[2]
    assert len(wrong(text).splitlines()) == 2
    assert "rule a stands twice" in wrong(file_of() + "\n" + file_of().partition("\n")[2])


def test_words_of_yaml_are_not_taken_for_truth_values():
    assert policy(rule("off", "true", mode="off")).rules[0].mode == "off"
    assert policy(rule("yes", "true", message="no")).rules[0].message == "no"


def test_a_file_with_a_mark_and_the_line_ends_of_windows():
    text = "\ufeff" + file_of(when="call.modle == 'a'").replace("\n", "\r\n")
    assert "p.yaml:4:16: call.modle" in wrong(text)


def test_a_file_that_is_missing_or_too_large(tmp_path):
    with pytest.raises(InvalidConfiguration, match="No such file"):
        load(tmp_path / "none.yaml")
    (tmp_path / "large.yaml").write_bytes(b"#" * (5 << 20))
    with pytest.raises(InvalidConfiguration, match="at most 4 MiB"):
        load(tmp_path / "large.yaml")


def test_customers_who_are_refused_are_told_why_or_the_reader_is_told_so():
    assert "has no message" in policy(rule("a", "has_verdict", step="hold")).notes[0]
    assert not policy(rule("a", "has_verdict", step="hold", message="wait")).notes


PIECES = st.sampled_from(
    [
        *"abc:-[]{}&*!|>'\"%@`#,?\\ \n\t\x00\ud7ff\u2028\x85",
        *("rules:", "\n  - ", "id: a", "when: ", "mode: ", "step: block", "tests:", "true", "has_verdict"),
        *("<<: ", "!!", "- ", "0x", "1:30", "2026-13-45"),
    ]
)


def refusal(data):
    """What is said of a file; empty where it is a policy."""
    try:
        examples.run(parse(data, "p.yaml"))
    except InvalidConfiguration as refused:
        return str(refused)
    return ""


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=60) | st.lists(PIECES, max_size=40).map(lambda parts: "".join(parts).encode()))
def test_garbage_is_refused_by_one_kind_of_error(data):
    said = refusal(data)
    assert not said or said.startswith("p.yaml:")


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_good_file_with_one_stretch_spoilt(data):
    whole = DEFAULT.read_bytes()[2000:2600].join([b"rules:\n", b""])
    at = data.draw(st.integers(0, len(whole)))
    spoilt = whole[:at] + data.draw(st.binary(max_size=4)) + whole[at + data.draw(st.integers(0, 20)) :]
    said = refusal(spoilt)
    assert not said or said.startswith("p.yaml:")


@pytest.mark.parametrize("absent", ["yaml", "cel"])
def test_without_the_extra_the_commands_stand_and_a_policy_names_it(absent):
    code = f"import sys; sys.modules[{absent!r}] = None; from stillwatch.cli import main; main(sys.argv[1:])"
    helped = subprocess.run(
        [sys.executable, "-c", code, "--help"], check=True, capture_output=True, text=True
    )
    assert "policy" in helped.stdout
    told = subprocess.run(
        [sys.executable, "-c", code, "policy", "lint", DEFAULT], check=False, capture_output=True, text=True
    )
    assert told.returncode == 4
    assert told.stderr.count("pip install 'stillwatch[live]'") == 1
