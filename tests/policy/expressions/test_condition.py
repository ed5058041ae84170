"""Conditions: what is refused at load and where, and what an unknown field does."""

import pytest
from composed import NOW, call, verdict
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.policy.expressions import WrongExpression, compile_condition
from stillwatch.policy.expressions.facts import Facts, context_of


def run(source, asked=None, held=None):
    """True, False, or None where the condition cannot be said."""
    condition = compile_condition(source)
    context = context_of(Facts([condition]).variables(asked or call(), held))
    try:
        return condition.program.execute(context)
    except Exception:  # noqa: BLE001 - whatever the library raises, it is not an answer
        return None


@pytest.mark.parametrize(
    ("source", "at", "said"),
    [
        ("verdict.probabilty > 0.5", "probabilty", "did you mean verdict.probability?"),
        ("vrdict.probability > 0.5", "vrdict", "did you mean verdict?"),
        ("has_verdct", "has_verdct", "did you mean has_verdict?"),
        ("call.model == 3", "==", "string == int"),
        ("call.model < 3", "<", "string < int"),
        ("call.stream > true", ">", "bool > bool"),
        ("call.model", "call", "a condition is true or false, and this is a string"),
        ("verdict.accounts + 1", "verdict", "this is an int"),
        ("verdict.accounts + 1.0 > 2.0", "+", "write double()"),
        ("!call.model", "call", "this is a string"),
        ("call.stream && call.n_turns", "call.n_turns", "&& joins conditions"),
        ("verdict.state == 'opne'", "'opne'", "did you mean open?"),
        ("verdict.state in ['open', 'closed']", "'closed'", "is one of suspected, open, confirmed"),
        ("'x' == call.route", "'x'", "is never 'x'"),
        ("verdict.capability == 'codin'", "'codin'", "did you mean coding?"),
        ("call.plan == null", "==", "has(call.country)"),
        ("verdict", "verdict", "name a field of it"),
        ("now.hour == 3", "now", "now has none"),
        ("call.model.starts('a')", "starts", "did you mean startsWith?"),
        ("call.model.startsWith(3)", "startsWith", "takes string, string"),
        ("sise(call.model) > 3", "sise", "did you mean size?"),
        ("has(call)", "has", "one field"),
        ("call.model.matches('(')", "'('", "cannot take"),
        ("now - verdict.since > duration('a day')", "'a day'", "cannot take"),
        ("call.n_turns > 99999999999999999999", "9", "invalid int literal"),
        ("call.n_turns in []", "[", "empty list"),
        ("call.n_turns in [1, 'a']", "'a'", "cannot hold"),
        ("call.stream ? 1 : 'a'", "'a'", "one type"),
        ("call.n_turns > ", "", "found the end"),
        ("call.n_turns > 3 call", "call", "expected the end"),
        ("call.n_turns @ 3", "@", "cannot stand here"),
        ("(" * 60, "", "levels deep"),
        ("- " * 60 + "1 > 0", "", "levels deep"),
        ("0 < 1" + " + 1" * 60, "", "in a row"),
        ("1+" * 900 + "1", "", "words and signs"),
        ("x" * 5000, "", "4,000 characters"),
    ],
)
def test_a_mistake_is_found_at_load_and_placed(source, at, said):
    with pytest.raises(WrongExpression) as wrong:
        compile_condition(source)
    assert said in str(wrong.value)
    assert source[wrong.value.offset :].startswith(at) or source.rfind(at) == wrong.value.offset


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("has_verdict", True),
        ("verdict != null", True),
        ("null == verdict", False),
        ("verdict.probability >= 0.9 && verdict.state == 'open'", True),
        ("verdict.capability in ['coding', \"reasoning_traces\"]", True),
        ("now - verdict.since > duration('4h')", True),
        ("verdict.since < timestamp('2030-01-01T00:00:00Z')", True),
        ("call.ts == now", True),
        ("now.getFullYear() == 2026", True),
        ("call.model.startsWith('atlas') && size(call.model) == 7", True),
        ("call.model.matches('^atlas-[0-9]+$')", True),
        ("double(call.n_turns) / 2.0 > 1.4", True),
        ("call.n_turns % 2 == 1 && -call.n_turns < 0", True),
        ("(call.stream ? call.n_turns : 0) == 0", True),
        ("call.n_turns in [1, 3.0]", True),
        ("!(call.n_turns == 3) || call.kyc_level == 1", None),
        ("call.model != 'x' // a comment", True),
    ],
)
def test_what_a_condition_may_say(source, expected):
    assert run(source, call(model="atlas-2", n_turns=3), verdict()) is expected


@pytest.mark.parametrize(
    "source",
    [
        "call.country == 'XA'",
        "call.country != 'XA'",
        "!(call.country == 'XA')",
        "call.country in ['XA']",
        "!(call.country in ['XA'])",
        "call.kyc_level < 2",
        "call.kyc_level >= 0",
        "call.country.startsWith('X')",
        "size(call.country) >= 0",
        "verdict.probability >= 0.0",
        "verdict.state != 'open'",
        "call.kyc_level < 2 && true",
        "call.kyc_level < 2 ? true : true",
    ],
)
def test_a_comparison_with_an_unknown_field_never_matches(source):
    assert run(source) is None


def test_the_other_side_of_an_unknown_field_can_decide():
    assert run("call.kyc_level < 2 || call.route == 'other'") is True
    assert run("call.route == 'other' || call.kyc_level < 2") is True
    assert run("call.kyc_level < 2 && call.route == 'chat'") is False
    assert run("has(call.kyc_level) && call.kyc_level < 2") is False
    assert run("!has(call.kyc_level) || call.kyc_level < 2") is True
    assert run("has(call.kyc_level) && call.kyc_level < 2", call(kyc_level=0)) is True
    assert run("has(verdict.case_id)") is False
    assert run("has(verdict.case_id)", held=verdict(case_id="k")) is True


FIELDS = {
    "string": ["call.model", "call.country", "verdict.campaign_id", "'a'", "verdict.case_id"],
    "int": ["call.n_turns", "call.kyc_level", "verdict.accounts", "2"],
    "bool": [
        *("call.stream", "has_verdict", "verdict.active", "verdict != null", "verdict == null"),
        *("has(call.model)", "has(verdict.since)", "true", "false"),
    ],
}


def compared(kind):
    sides = st.sampled_from(FIELDS[kind])
    signs = st.sampled_from(["==", "!="] if kind == "bool" else ["==", "!=", "<", ">="])
    return st.builds(lambda left, sign, right: f"({left}) {sign} ({right})", sides, signs, sides)


CONDITIONS = st.recursive(
    st.sampled_from(FIELDS["bool"]) | compared("string") | compared("int") | compared("bool"),
    lambda inner: st.one_of(
        st.builds("!({})".format, inner),
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    ),
    max_leaves=8,
)
CALLS = st.builds(
    call,
    model=st.sampled_from([None, "a", "b"]),
    country=st.sampled_from([None, "a"]),
    n_turns=st.sampled_from([None, 0, 2, 5]),
    kyc_level=st.sampled_from([None, 2]),
    stream=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(CONDITIONS, CALLS, st.sampled_from([None, verdict(), verdict(case_id="a", active=False)]))
def test_a_typed_condition_is_true_false_or_unknown(source, asked, held):
    assert run(source, asked, held) in {True, False, None}


@settings(max_examples=300, deadline=None)
@given(CONDITIONS, CALLS)
def test_a_condition_that_needs_a_verdict_is_never_true_without_one(source, asked):
    if compile_condition(source).needs_verdict:
        assert run(source, asked) is not True


@pytest.mark.parametrize(
    ("source", "needs"),
    [
        ("has_verdict", True),
        ("verdict.probability > 0.5 && call.stream", True),
        ("verdict.probability > 0.5 || call.stream", False),
        ("!has_verdict", False),
        ("verdict == null", False),
        ("!(verdict == null)", True),
        ("!(verdict.active)", True),
        ("has(verdict.case_id)", True),
        ("has_verdict ? call.stream : false", True),
        ("verdict.state in ['open'] && (call.logprobs > 0 || call.n_choices > 1)", True),
        ("now - verdict.since > duration('1h')", True),
        ("true", False),
    ],
)
def test_whether_a_condition_needs_a_verdict(source, needs):
    assert compile_condition(source).needs_verdict is needs


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.sampled_from("cal.vedit<=>&|!()[]'\"\\/,?:+-*%0129 \nnow"), max_size=60) | st.text(max_size=30)
)
def test_garbage_is_refused_by_one_kind_of_error(source):
    offset = 0
    try:
        compile_condition(source)
    except WrongExpression as wrong:
        offset = wrong.offset
    assert 0 <= offset <= len(source)


def test_values_that_no_calendar_or_library_holds_are_unknown():
    assert run("call.ts == now", call(ts=10**30)) is None
    assert run("call.model == 'a'", call(model="\ud800")) is None
    assert run("call.model == 'a' || call.stream", call(model="\ud800", stream=True)) is True
    assert run("verdict.since < now", call(ts=NOW), verdict(since=-(10**30))) is None
