"""Nothing that a tier takes away reaches a customer, however the stream is cut; and all else does."""

import json
import random

import pytest
from deciding import deciding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.gateways._wire.sse import Reframer
from stillwatch.gateways.caller import Caller
from stillwatch.lab import leaks
from stillwatch.lab.provider_app import answer, frames

CALLER = Caller(account_id="acc-a")
SEEDS = st.integers(0, 2**32)
SIZES = st.lists(st.integers(1, 400), min_size=1, max_size=5)
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def cut(data, sizes):
    place, turn = 0, 0
    while place < len(data):
        size = sizes[turn % len(sizes)]
        yield data[place : place + size]
        place, turn = place + size, turn + 1


def documents(data):
    reframer = Reframer()
    found = [event.data for event in [*reframer.feed(data), *reframer.end()]]
    return [json.loads(each) for each in found if each.startswith(b"{")]


@pytest.mark.parametrize("step", ["reduce_surface", "strip_reasoning"])
@pytest.mark.parametrize("route", leaks.ROUTES)
@MANY
@given(seed=SEEDS, sizes=SIZES)
def test_nothing_leaks_and_all_else_is_shown(route, step, seed, sizes, opened):
    chance = random.Random(seed)
    case = leaks.case(route, chance, reasoning=step == "strip_reasoning")
    guard = opened(deciding(step)).guard
    body = json.dumps(case.request).encode()
    whole = json.dumps(case.whole, ensure_ascii=False).encode()
    assert case.fault_whole(json.loads(guard.request(CALLER, route, body).answer(whole))) is None
    stream = guard.request(CALLER, route, body).stream()
    sent = b"".join([*(stream.feed(piece) for piece in cut(case.frames(chance), sizes)), stream.end()])
    assert not leaks.leaking(sent.decode())
    assert case.fault_streamed(documents(sent)) is None
    assert not {name: many for name, many in guard.metrics().items() if name.startswith("error_s")}


@pytest.mark.parametrize("route", leaks.ROUTES)
@MANY
@given(seed=SEEDS, sizes=SIZES)
def test_an_answer_with_nothing_to_take_keeps_its_bytes(route, seed, sizes, opened):
    chance = random.Random(seed)
    script = [leaks.Piece("text", "x" + "".join(chance.choices(leaks.WORDS, k=9)))]
    request = {"prompt": "Hi"} if route == "completions" else {"model": "large-1"}
    guard = opened(deciding(chance.choice(["strip_reasoning", "reduce_surface"]))).guard
    body = json.dumps(request).encode()
    whole = json.dumps(answer(route, script, request), indent=2).encode()
    assert guard.request(CALLER, route, body).answer(whole) == whole
    data = b"".join(frames(route, script, request))
    stream = guard.request(CALLER, route, body).stream()
    assert b"".join([*(stream.feed(piece) for piece in cut(data, sizes)), stream.end()]) == data


NUMBERS = st.integers(-3, 9) | st.floats(0, 9)
ASKED = {
    "openai": st.fixed_dictionaries(
        {},
        optional={
            "logprobs": st.booleans() | NUMBERS,
            "top_logprobs": NUMBERS,
            "prompt_logprobs": NUMBERS,
            "logit_bias": st.dictionaries(st.text(max_size=3), NUMBERS, max_size=3),
            "allowed_token_ids": st.lists(st.integers(0, 9), max_size=3),
            "n": NUMBERS,
            "best_of": NUMBERS,
            "seed": st.integers(),
            "return_hidden_states": st.booleans(),
            "temperature": NUMBERS,
            "user": st.text(max_size=3),
            "stop": st.lists(st.text(max_size=3), max_size=2),
        },
    ),
    "gemini": st.fixed_dictionaries(
        {},
        optional={
            "responseLogprobs": st.booleans(),
            "response_logprobs": st.booleans(),
            "logprobs": NUMBERS,
            "candidateCount": NUMBERS,
            "candidate_count": NUMBERS,
            "seed": st.integers(),
            "temperature": NUMBERS,
            "topK": NUMBERS,
            "stopSequences": st.lists(st.text(max_size=3), max_size=2),
        },
    ),
}
KEPT = {"user", "stop", "topK", "stopSequences"}
LIMITED = {"n", "candidateCount", "candidate_count", "temperature"}


def assert_reduced(before, after):
    for name, value in before.items():
        if name in KEPT:
            assert after[name] == value
        elif name in LIMITED:
            assert after[name] == min(value, 1)
    assert set(after) == set(before) & (KEPT | LIMITED)


@MANY
@given(
    asked=ASKED["openai"], extra=ASKED["openai"], route=st.sampled_from(["chat", "completions", "responses"])
)
def test_a_request_asks_for_no_more_than_it_gets(asked, extra, route, opened):
    guard = opened(deciding("reduce_surface")).guard
    passage = guard.request(CALLER, route, json.dumps(asked | {"extra_body": extra}).encode())
    sent = dict(json.loads(passage.body))
    assert_reduced(extra, sent.pop("extra_body"))
    assert_reduced(asked, sent)


@MANY
@given(asked=ASKED["gemini"], name=st.sampled_from(["generationConfig", "generation_config"]))
def test_a_request_to_gemini_asks_for_no_more_than_it_gets(asked, name, opened):
    guard = opened(deciding("reduce_surface")).guard
    contents = [{"parts": [{"text": "logprobs"}]}]
    body = json.dumps({"contents": contents, name: asked}).encode()
    sent = json.loads(guard.request(CALLER, "gemini", body).body)
    assert sent["contents"] == contents
    assert_reduced(asked, sent[name])
