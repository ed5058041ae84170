"""Laws of every response there is: the catalogue is walked, so a new one is held to them unasked."""

import copy
import importlib

import msgspec
import pytest
from answers import (
    PIECES,
    ROUTES,
    TOOLS,
    at_the_end,
    damaged,
    decision_of,
    facilities,
    request_of,
    seen_streamed,
    seen_whole,
    streamed,
    through,
    whole,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.lab.provider_app import answer, events
from stillwatch.records import STEPS
from stillwatch.records.ladder import SETTINGS
from stillwatch.responses import catalogue, edits_answers, event_filters, treat, treat_answer

LAX = settings(max_examples=40, deadline=None)
RESPONSES = catalogue()
NAMES = sorted(RESPONSES)
STATED = st.sampled_from(
    [
        "type",
        "choices",
        "delta",
        "message",
        "content",
        "text",
        "index",
        "content_block",
        "output",
        "item",
        "response",
        "thinking",
        "summary",
        "part",
        "logprobs",
        "n",
        "temperature",
        "tool_calls",
        "include",
        "finish_reason",
        "usage",
    ]
)
KINDS = st.sampled_from(
    [
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_stop",
        "message",
        "thinking",
        "text",
        "reasoning",
        "tool_use",
        "response.output_item.added",
        "response.output_item.done",
        "function_call",
        "response.completed",
        "response.content_part.added",
        "response.output_text.done",
    ]
)
GARBAGE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | KINDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(STATED, inner, max_size=4),
    max_leaves=14,
)
FULL = {
    "stream": True,
    "n": 4,
    "logprobs": True,
    "top_logprobs": 5,
    "logit_bias": {"1": -100},
    "seed": 7,
    "temperature": 1.9,
    "include": ["message.output_text.logprobs", "reasoning.encrypted_content"],
}


def test_every_step_of_the_ladder_has_a_response():
    assert tuple(RESPONSES) == STEPS


@pytest.mark.parametrize("name", NAMES)
def test_a_response_says_whom_it_harms_and_what_it_cannot_do(name):
    documented = importlib.import_module(f"stillwatch.responses.{name}").__doc__
    assert "Harms:" in documented
    assert "Cannot:" in documented
    assert RESPONSES[name].harms.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_only_block_is_not_undone_by_taking_the_rule_away(name):
    assert RESPONSES[name].reversible == (name != "block")


@pytest.mark.parametrize("name", NAMES)
def test_what_a_step_includes_is_milder_and_lets_the_call_pass(name):
    below = STEPS[: STEPS.index(name)]
    assert set(RESPONSES[name].includes) <= set(below)
    for step in RESPONSES[name].includes:
        assert treat(request_of("chat"), decision_of(step), "chat", facilities()).refusal is None


@pytest.mark.parametrize("name", NAMES)
def test_a_response_takes_the_settings_that_a_policy_may_give_it(name):
    told = SETTINGS[name]
    assert {setting.name for setting in RESPONSES[name].settings} == set(told)
    for setting in RESPONSES[name].settings:
        known = told[setting.name]
        assert type(setting.default) is known.kind
        assert setting.choices == known.choices
        if known.default is not None:
            assert (setting.default, setting.low, setting.high) == (known.default, known.least, known.most)


@pytest.mark.parametrize("name", NAMES)
@LAX
@given(value=st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5))
def test_a_setting_that_does_not_hold_is_the_default(name, value):
    for setting in RESPONSES[name].settings:
        treat(
            request_of("chat", **FULL),
            decision_of(name, settings={setting.name: value}),
            "chat",
            facilities(),
        )


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("name", NAMES)
def test_applied_and_taken_back_leaves_the_request_as_it_was(name, route):
    body = request_of(route, **FULL)
    before = copy.deepcopy(body)
    treat(body, decision_of(name), route, facilities())
    assert body == before
    undone = treat(body, decision_of("observe"), route, facilities())
    assert undone.body is body
    assert (undone.refusal, undone.delay, undone.forward) == (None, 0.0, {})


@pytest.mark.parametrize("name", [name for name in NAMES if name != "observe"])
@pytest.mark.parametrize(
    "lacking",
    [{"reason": None}, {"campaign_id": None, "case_id": None}, {"expires_at": 1_772_438_399_000_000}],
)
def test_none_acts_without_a_reason_and_evidence_or_out_of_its_time(name, lacking):
    body = request_of("chat", **FULL)
    treatment = treat(body, decision_of(name, **lacking), "chat", facilities())
    assert treatment.body is body
    assert (treatment.refusal, treatment.delay, treatment.forward) == (None, 0.0, {})


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_in_shadow_changes_nothing(name):
    body = request_of("chat", **FULL)
    decision = decision_of("observe", shadow_rule_id="r-1", shadow_step=name)
    treatment = treat(body, decision, "chat", facilities())
    assert treatment.body is body
    assert treatment.refusal is None
    assert not edits_answers(decision)


@pytest.mark.parametrize("route", [*ROUTES, "embeddings", "other"])
@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_has_the_shape_of_the_routes_own_api(name, route):
    lent = facilities()
    for _ in range(20):  # more than a bucket of the default rate holds
        refusal = treat(None, decision_of(name, message="No.", appeal=True), route, lent).refusal
    if refusal is None:
        return
    body = msgspec.json.decode(msgspec.json.encode(refusal.body))
    error = body["error"]
    assert error["message"] == "No."
    assert error["stillwatch"]["reason"] == "campaign_member"
    assert error["stillwatch"]["decision_id"] == "dec-1"
    assert error["stillwatch"]["appeal"] == "https://example.org/a/dec-1"
    assert (body.get("type") == "error") == (route == "messages")
    assert all(value.isprintable() and "\n" not in value for value in refusal.headers.values())


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("name", NAMES)
@LAX
@given(script=PIECES, tools=st.booleans(), summarised=st.booleans())
def test_a_stream_shows_what_the_whole_answer_shows(name, route, script, tools, summarised):
    request = request_of(route, **({"tools": TOOLS} if tools else {}))
    lent = facilities(summarise=(lambda text: f"[{len(text)}]") if summarised else None)
    decision = decision_of(name)
    body = whole(route, script, decision, lent, request)
    some = streamed(route, script, decision, lent, request)
    text, thought, calls = seen_streamed(route, some)
    if route == "completions":
        calls = []
    expected = seen_whole(route, body)
    assert (text, calls) == (expected[0], expected[2])
    assert bool(thought) == bool(expected[1])


@pytest.mark.parametrize("route", [*ROUTES, "other"])
@pytest.mark.parametrize("name", NAMES)
@LAX
@given(body=GARBAGE, tools=st.booleans())
def test_no_garbage_raises_or_is_changed_in_place(name, route, body, tools):
    before = copy.deepcopy(body)
    decision, lent = decision_of(name), facilities(summarise=str.upper)
    treat(body, decision, route, lent)
    treat_answer(body, decision, route, lent, tools_offered=tools)
    assert repr(body) == repr(before)


@pytest.mark.parametrize("route", [*ROUTES, "other"])
@pytest.mark.parametrize("name", NAMES)
@LAX
@given(
    given_events=st.lists(st.dictionaries(STATED, GARBAGE, max_size=5) | GARBAGE, max_size=6),
    tools=st.booleans(),
)
def test_no_garbage_in_a_stream_raises(name, route, given_events, tools):
    filters = event_filters(decision_of(name), route, facilities(summarise=str.upper), tools_offered=tools)
    for event in given_events:
        through(filters, event)
    at_the_end(filters)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("name", NAMES)
@LAX
@given(chance=st.randoms(use_true_random=False), script=PIECES, tools=st.booleans())
def test_no_damaged_answer_or_stream_raises(name, route, chance, script, tools):
    request = request_of(route, **({"tools": TOOLS} if tools else {}))
    decision, lent = decision_of(name), facilities(summarise=str.upper)
    body = damaged(chance, damaged(chance, answer(route, script, request)))
    treat_answer(body, decision, route, lent, tools_offered=tools)
    filters = event_filters(decision, route, lent, tools_offered=tools)
    for event in events(route, script, request):
        through(filters, damaged(chance, event) if chance.random() < 0.3 else event)
    at_the_end(filters)
