"""What a customer sees of an answer, whole or streamed, in each wire format."""

import copy
import json

from hypothesis import strategies as st

from stillwatch.lab.provider.script import Piece
from stillwatch.lab.provider_app import answer, events
from stillwatch.records import Decision
from stillwatch.responses import Facilities, LocalBuckets, event_filters, treat_answer

ROUTES = ("chat", "messages", "responses", "completions", "gemini")
TOOLS = [{"type": "function", "function": {"name": "weather"}}]
TEXTS = st.text(st.sampled_from("ab <think>/☂é\n"), min_size=1, max_size=30)
PIECES = st.lists(
    st.builds(Piece, st.sampled_from(["reasoning", "text"]), TEXTS)
    | st.builds(Piece, st.just("call"), st.sampled_from(["{}", '{"city": "Bern"}'])),
    max_size=6,
)


def request_of(route, **more):
    turns = {
        "chat": {"messages": [{"role": "user", "content": "Hi"}]},
        "messages": {"max_tokens": 64, "messages": [{"role": "user", "content": "Hi"}]},
        "responses": {"input": "Hi"},
        "completions": {"prompt": "Hi"},
        "gemini": {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]},
    }
    if route == "gemini" and "tools" in more:
        more["tools"] = [{"functionDeclarations": [tool["function"] for tool in more["tools"]]}]
    return {"model": "large-1", **turns[route], **more}


def decision_of(step, **more):
    stated = {
        "decision_id": "dec-1",
        "ts": 1_772_438_400_000_000,
        "account_id": "acc-a",
        "reason": "campaign_member",
        "campaign_id": "camp-1",
        "case_id": "case-1",
    }
    return Decision(step=step, **(stated | more))


def facilities(**more):
    given = {
        "now": lambda: 1_772_438_400.0,
        "buckets": LocalBuckets(),
        "appeal_url": "https://example.org/a/{decision_id}",
    }
    return Facilities(**(given | more))


def whole(route, script, decision, lent, request):
    offered = bool(request.get("tools"))
    document = answer(route, script, request)
    before = copy.deepcopy(document)
    changed = treat_answer(document, decision, route, lent, tools_offered=offered)
    assert document == before
    return changed


def streamed(route, script, decision, lent, request):
    """The events a customer gets."""
    offered = bool(request.get("tools"))
    filters = event_filters(decision, route, lent, tools_offered=offered)
    given = list(events(route, script, request))
    before = copy.deepcopy(given)
    out = [each for event in given for each in through(filters, event)]
    out += at_the_end(filters)
    assert given == before
    return out


def through(filters, event):
    some = [event]
    for each in filters:
        some = [new for old in some for new in each.event(old)]
    return some


def at_the_end(filters):
    some = []
    for each in filters:
        some = [new for old in some for new in each.event(old)] + each.end()
    return some


def seen_whole(route, body):
    """(text, reasoning, calls) of a whole answer."""
    if route == "messages":
        return _seen_blocks(body["content"])
    if route == "responses":
        return _seen_items(body["output"])
    if route == "gemini":
        return _seen_parts(body["candidates"][0]["content"]["parts"])
    choice = body["choices"][0]
    message = choice.get("message", {"content": choice.get("text")})
    calls = [call["function"]["arguments"] for call in message.get("tool_calls", [])]
    return message.get("content") or "", message.get("reasoning_content") or "", calls


def _seen_blocks(blocks):
    return (
        "".join(block["text"] for block in blocks if block["type"] == "text"),
        "".join(block["thinking"] for block in blocks if block["type"] == "thinking"),
        [json.dumps(block["input"]) for block in blocks if block["type"] == "tool_use"],
    )


def _seen_parts(parts):
    said = [part for part in parts if "text" in part]
    return (
        "".join(part["text"] for part in said if not part.get("thought")),
        "".join(part["text"] for part in said if part.get("thought")),
        [json.dumps(part["functionCall"]["args"]) for part in parts if "functionCall" in part],
    )


def _seen_items(items):
    texts = [part["text"] for item in items if item["type"] == "message" for part in item["content"]]
    thought = [part["text"] for item in items if item["type"] == "reasoning" for part in item["summary"]]
    return "".join(texts), "".join(thought), [i["arguments"] for i in items if i["type"] == "function_call"]


def seen_streamed(route, some):
    """The same of a stream, from its deltas alone."""
    if route == "messages":
        return _seen_blocks(_blocks_of(some))
    if route == "responses":
        return _seen_deltas(some)
    if route == "gemini":
        candidates = [one for event in some for one in event["candidates"]]
        return _seen_parts([part for one in candidates for part in one["content"]["parts"]])
    text, thought, calls = "", "", {}
    for event in some:
        for choice in event["choices"]:
            delta = choice.get("delta", {"content": choice.get("text")})
            text += delta.get("content") or ""
            thought += delta.get("reasoning_content") or ""
            for call in delta.get("tool_calls", []):
                calls[call["index"]] = calls.get(call["index"], "") + call["function"]["arguments"]
    return text, thought, list(calls.values())


def _blocks_of(some):
    blocks = []
    for event in some:
        if event["type"] == "content_block_start":
            assert event["index"] == len(blocks)
            blocks.append({**event["content_block"], "json": ""})
        elif event["type"] == "content_block_delta":
            delta, block = event["delta"], blocks[event["index"]]
            for name, field in (("text", "text"), ("thinking", "thinking"), ("partial_json", "json")):
                if name in delta:
                    block[field] += delta[name]
    return [block | ({"input": json.loads(block["json"])} if block["json"] else {}) for block in blocks]


def _seen_deltas(some):
    assert [event["sequence_number"] for event in some] == list(range(len(some)))
    said = {kind: [e["delta"] for e in some if e["type"] == f"response.{kind}.delta"] for kind in DELTAS}
    text, thought, _ = ("".join(said[kind]) for kind in DELTAS)
    last = [event["response"] for event in some if event["type"] == "response.completed"]
    if last:
        assert _seen_items(last[0]["output"])[:2] == (text, thought)
    done = [e["item"] for e in some if e["type"] == "response.output_item.done"]
    assert not last or done == last[0]["output"]
    return text, thought, [item["arguments"] for item in done if item["type"] == "function_call"]


DELTAS = ("output_text", "reasoning_summary_text", "function_call_arguments")


JUNK = (
    None,
    True,
    0,
    -1,
    "",
    "x",
    [],
    {},
    [None],
    {"type": "thinking"},
    [{"type": "text"}],
    "tool_use",
    {"index": {}},
)


def damaged(chance, document):
    """The document with one of its parts replaced or taken away."""
    places = [place for place in _places(document) if place]
    if not places:
        return chance.choice(JUNK)
    *above, last = chance.choice(places)
    whole = part = copy.deepcopy(document)
    for step in above:
        part = part[step]
    if isinstance(part, dict) and chance.random() < 0.2:
        del part[last]
    else:
        part[last] = chance.choice(JUNK)
    return whole


def _places(document, place=()):
    yield place
    pairs = document.items() if isinstance(document, dict) else ()
    if isinstance(document, list):
        pairs = enumerate(document)
    for step, part in pairs:
        yield from _places(part, (*place, step))
