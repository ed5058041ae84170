"""The step `honey`: below prose, never within an answer, and never where tools are in play."""

import json

import pytest
from answers import TOOLS, decision_of, facilities, request_of, seen_streamed, seen_whole, streamed, whole
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.lab.provider.script import Piece
from stillwatch.lab.provider_app import answer
from stillwatch.responses import treat, treat_answer

LAX = settings(max_examples=40, deadline=None)
PROSE = "The river rises in the hills and runs slowly to the sea. " * 6
NOTE = "(Made-up entry.)"
ALWAYS = decision_of("honey", settings={"every": 1})
LENT = facilities(honey=lambda _cohort, _decision: NOTE)


@pytest.mark.parametrize("route", ["chat", "messages"])
def test_prose_gets_an_entry_below_it_whole_and_streamed(route):
    script = [Piece("reasoning", "Hm."), Piece("text", PROSE)]
    request = request_of(route)
    text, _, _ = seen_whole(route, whole(route, script, ALWAYS, LENT, request))
    assert text == f"{PROSE}\n\n{NOTE}"
    assert seen_streamed(route, streamed(route, script, ALWAYS, LENT, request))[0] == text


@pytest.mark.parametrize("route", ["chat", "messages", "responses", "completions"])
@LAX
@given(
    script=st.lists(
        st.builds(Piece, st.just("text"), st.sampled_from([PROSE, "```py\nx\n```", '{"a": 1}', "Yes."]))
        | st.builds(Piece, st.just("call"), st.just('{"city": "Bern"}')),
        max_size=4,
    ),
    offered=st.booleans(),
)
def test_the_answer_keeps_every_sign_and_tool_calls_are_as_they_were(route, script, offered):
    request = request_of(route, **({"tools": TOOLS} if offered else {}))
    before = answer(route, script, request)
    after = whole(route, script, ALWAYS, LENT, request)
    (text, thought, calls), seen = seen_whole(route, before), seen_whole(route, after)
    assert seen[0] in {text, f"{text}\n\n{NOTE}"}
    assert seen[1:] == (thought, calls)
    if offered or calls:
        assert after == before
        assert json.dumps(after) == json.dumps(before)
    some = seen_streamed(route, streamed(route, script, ALWAYS, LENT, request))
    assert some[0] == seen[0]


@pytest.mark.parametrize(
    "text", ["Yes.", f"```\n{PROSE}\n```", f"| {PROSE} |", f"{{{PROSE}}}", PROSE + "and so"]
)
@pytest.mark.parametrize("route", ["chat", "messages"])
def test_what_a_program_might_read_gets_none(route, text):
    document = answer(route, [Piece("text", text)], request_of(route))
    assert treat_answer(document, ALWAYS, route, LENT, tools_offered=False) is document


def test_a_cut_answer_gets_none():
    document = answer("chat", [Piece("text", PROSE)], request_of("chat"))
    document["choices"][0]["finish_reason"] = "length"
    assert treat_answer(document, ALWAYS, "chat", LENT, tools_offered=False) is document


def test_one_answer_in_so_many_gets_one_and_none_without_material():
    document = answer("chat", [Piece("text", PROSE)], request_of("chat"))
    decisions = [decision_of("honey", decision_id=f"d-{number}") for number in range(1_000)]
    got = sum(
        treat_answer(document, one, "chat", LENT, tools_offered=False) is not document for one in decisions
    )
    assert 25 <= got <= 80
    assert treat_answer(document, ALWAYS, "chat", facilities(), tools_offered=False) is document


def test_it_asks_for_a_mark_too():
    assert "x-stillwatch-mark" in treat(request_of("chat"), ALWAYS, "chat", LENT).forward
