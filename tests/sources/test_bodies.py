from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.sources import body_facts

NAMES = st.sampled_from(
    [
        *("messages", "role", "content", "type", "input", "tools", "tool_calls", "choices", "delta", "usage"),
        *("contents", "parts", "candidates", "functionCall", "generationConfig"),
    ]
)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def test_turns_become_counts_and_the_last_question():
    turns = [
        {"role": "system", "content": "Be brief."},
        {
            "role": "user",
            "content": [{"type": "image_url", "image_url": {}}, {"type": "text", "text": "What?"}],
        },
        {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1"}]},
        {"role": "tool", "tool_call_id": "call_1", "content": "rain"},
    ]
    facts = body_facts("chat", {"model": "m", "messages": turns, "n": 4})
    assert facts["system"] == "Be brief."
    assert facts["prompt"] == "What?"
    assert (facts["n_turns"], facts["n_images"], facts["n_tool_results"], facts["n_tool_calls"]) == (
        3,
        1,
        1,
        1,
    )
    assert facts["replayed_ids"] == ["call_1"]
    assert "messages" not in facts


def test_gemini_is_read_in_its_own_words():
    turns = [
        {"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": ""}}, {"text": "What?"}]},
        {"role": "model", "parts": [{"functionCall": {"name": "look", "id": "fc-1"}}]},
        {"role": "user", "parts": [{"functionResponse": {"name": "look", "id": "fc-1"}}]},
    ]
    asked = {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": turns,
        "tools": [{"functionDeclarations": [{"name": "look"}]}, {"googleSearch": {}}],
        "generationConfig": {"candidateCount": 4, "responseLogprobs": True, "maxOutputTokens": 9},
    }
    parts = [{"text": "So.", "thought": True}, {"text": "Rain."}, {"functionCall": {"name": "look"}}]
    said = {"candidates": [{"content": {"parts": parts}, "finishReason": "STOP"}], "modelVersion": "large-1"}
    facts = body_facts("gemini", asked, said)
    assert (facts["system"], facts["prompt"], facts["response"]) == ("Be brief.", "What?", "Rain.")
    assert (facts["n_turns"], facts["n_images"], facts["n_tool_results"], facts["n_tool_calls"]) == (
        3,
        1,
        1,
        2,
    )
    assert (facts["tools"], facts["replayed_ids"]) == (["look", "googleSearch"], ["fc-1"])
    assert (facts["n_choices"], facts["logprobs"], facts["max_tokens"]) == (4, True, 9)
    assert (facts["model"], facts["finish_reason"]) == ("large-1", "STOP")


def test_routes_without_a_wire_format_give_the_model():
    assert body_facts("embeddings", {"model": "e", "input": "x"}) == {"model": "e"}
    assert body_facts("other", None) == {}


@settings(max_examples=200, deadline=None)
@given(
    route=st.sampled_from(["chat", "messages", "responses", "completions", "gemini", "embeddings"]),
    request=PLAIN,
    answer=PLAIN,
)
def test_no_body_raises(route, request, answer):
    body_facts(route, request, answer)
