import pytest
from answers import TOOLS, decision_of, facilities, request_of, seen_streamed, seen_whole, streamed, whole

from stillwatch.lab.provider.script import SCRIPT, Piece
from stillwatch.lab.provider_app import answer, events
from stillwatch.responses import treat, treat_answer

STRIP = decision_of("strip_reasoning")
ROUTES = ("chat", "messages", "responses")


@pytest.mark.parametrize("route", ROUTES)
def test_reasoning_and_the_text_before_a_call_go(route):
    request = request_of(route, tools=TOOLS)
    body = whole(route, SCRIPT, STRIP, facilities(), request)
    text, thought, calls = seen_whole(route, body)
    # Chat has no order between its text and its calls, so all of the text is before them.
    assert text == ("" if route == "chat" else "It rains in Bern — take a coat. ☂")
    assert (thought, calls) == ("", ['{"city": "Bern"}'])
    assert body["usage"] == answer(route, SCRIPT, request)["usage"]
    assert body["id"] == answer(route, SCRIPT, request)["id"]


@pytest.mark.parametrize("route", ROUTES)
def test_text_is_left_alone_where_no_tools_were_offered(route):
    text, thought, _ = seen_whole(route, whole(route, SCRIPT, STRIP, facilities(), request_of(route)))
    assert text.startswith("Let me look that up.")
    assert not thought


@pytest.mark.parametrize("route", ROUTES)
def test_a_summary_takes_the_place_of_reasoning(route):
    lent = facilities(summarise=lambda text: f"{len(text)} characters")
    request = request_of(route)
    expected = f"{len(SCRIPT[0].text)} characters"
    assert seen_whole(route, whole(route, SCRIPT, STRIP, lent, request))[1] == expected
    assert seen_streamed(route, streamed(route, SCRIPT, STRIP, lent, request))[1] == expected


@pytest.mark.parametrize("route", ROUTES)
def test_a_summary_hook_that_fails_gives_nothing_away(route, caplog):
    def broken(text):
        raise ValueError(text)

    body = whole(route, SCRIPT, STRIP, facilities(summarise=broken), request_of(route))
    assert not seen_whole(route, body)[1]
    assert "broken" in caplog.text
    assert SCRIPT[0].text not in caplog.text


def test_signatures_and_encrypted_reasoning_stay():
    body = whole("messages", SCRIPT, STRIP, facilities(), request_of("messages"))
    assert body["content"][0] == {"type": "thinking", "thinking": "", "signature": "sig0"}
    body = whole("responses", SCRIPT, STRIP, facilities(), request_of("responses"))
    assert body["output"][0]["encrypted_content"] == "opaque"
    assert [item["id"] for item in body["output"]] == ["rs_0", "msg_1", "fc_2", "msg_3"]


def test_raw_messages_are_neither_asked_for_nor_shown():
    asked = request_of("responses", enable_response_messages=True)
    assert treat(asked, STRIP, "responses", facilities()).body == request_of("responses")
    body = {"output": [], "output_messages": [{"content": "so"}], "input_messages": None}
    shown = treat_answer(body, STRIP, "responses", facilities(), tools_offered=False)
    assert shown == {"output": [], "output_messages": None, "input_messages": None}


def test_a_thought_of_gemini_stays_as_far_as_it_is_signed():
    parts = [
        {"text": "so", "thought": True},
        {"text": "so", "thought": True, "thoughtSignature": "s0"},
        {"text": "Let me see.", "thoughtSignature": "s1"},
        {"functionCall": {"name": "weather", "args": {}}, "thoughtSignature": "s2"},
        {"text": "Rain."},
    ]
    body = {"candidates": [{"content": {"parts": parts, "role": "model"}, "finishReason": "STOP"}]}
    shown = treat_answer(body, STRIP, "gemini", facilities(), tools_offered=True)
    assert shown["candidates"][0]["content"]["parts"] == [
        {"text": "", "thought": True, "thoughtSignature": "s0"},
        {"text": "", "thoughtSignature": "s1"},
        parts[3],
        parts[4],
    ]


def test_tags_in_plain_text_go_where_they_begin_it():
    body = whole("completions", SCRIPT, STRIP, facilities(), request_of("completions"))
    assert body["choices"][0]["text"] == "Let me look that up.It rains in Bern — take a coat. ☂"
    about = [Piece("text", "The <think> tag is one.")]
    assert whole("chat", about, STRIP, facilities(), request_of("chat")) == answer(
        "chat", about, request_of("chat")
    )


def test_text_streams_at_once_where_no_tools_were_offered():
    script = [Piece("text", "a" * 70)]
    some = streamed("chat", script, STRIP, facilities(), request_of("chat"))
    assert some == list(events("chat", script, request_of("chat")))


def test_what_needs_no_change_is_the_same_object():
    script = [Piece("text", "Plain.")]
    for route in ROUTES:
        given = list(events(route, script, request_of(route)))
        assert streamed(route, script, STRIP, facilities(), request_of(route)) == given
