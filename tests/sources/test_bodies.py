from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.sources import body_facts

NAMES = st.sampled_from(
    ["messages", "role", "content", "type", "input", "tools", "tool_calls", "choices", "delta", "usage"]
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


def test_routes_without_a_wire_format_give_the_model():
    assert body_facts("embeddings", {"model": "e", "input": "x"}) == {"model": "e"}
    assert body_facts("other", None) == {}


@settings(max_examples=200, deadline=None)
@given(
    route=st.sampled_from(["chat", "messages", "responses", "completions", "embeddings"]),
    request=PLAIN,
    answer=PLAIN,
)
def test_no_body_raises(route, request, answer):
    body_facts(route, request, answer)
