"""What a customer sees of an answer of the small provider, whole or streamed: text, reasoning and calls of tools."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from stillwatch.records import Route

Seen = tuple[str, str, list[str]]  # text, reasoning, arguments of calls
Document = dict[str, Any]


def seen_whole(route: Route, body: Document) -> Seen:
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


def seen_streamed(route: Route, some: Sequence[Document]) -> Seen:
    """The same of the events of a stream, from its deltas alone."""
    if route == "messages":
        return _seen_blocks(_blocks_of(some))
    if route == "responses":
        return _seen_deltas(some)
    if route == "gemini":
        candidates = [one for event in some for one in event["candidates"]]
        return _seen_parts([part for one in candidates for part in one["content"]["parts"]])
    text, thought = "", ""
    calls: dict[int, str] = {}
    for event in some:
        for choice in event["choices"]:
            delta = choice.get("delta", {"content": choice.get("text")})
            text += delta.get("content") or ""
            thought += delta.get("reasoning_content") or ""
            for call in delta.get("tool_calls", []):
                calls[call["index"]] = calls.get(call["index"], "") + call["function"]["arguments"]
    return text, thought, list(calls.values())


def _seen_blocks(blocks: Iterable[Document]) -> Seen:
    some = list(blocks)
    return (
        "".join(block["text"] for block in some if block["type"] == "text"),
        "".join(block["thinking"] for block in some if block["type"] == "thinking"),
        [json.dumps(block["input"]) for block in some if block["type"] == "tool_use"],
    )


def _seen_items(items: Iterable[Document]) -> Seen:
    some = list(items)
    texts = [part["text"] for item in some if item["type"] == "message" for part in item["content"]]
    thought = [part["text"] for item in some if item["type"] == "reasoning" for part in item["summary"]]
    return "".join(texts), "".join(thought), [i["arguments"] for i in some if i["type"] == "function_call"]


def _seen_parts(parts: Iterable[Document]) -> Seen:
    some = list(parts)
    said = [part for part in some if "text" in part]
    return (
        "".join(part["text"] for part in said if not part.get("thought")),
        "".join(part["text"] for part in said if part.get("thought")),
        [json.dumps(part["functionCall"]["args"]) for part in some if "functionCall" in part],
    )


def _blocks_of(some: Iterable[Document]) -> list[Document]:
    blocks: list[Document] = []
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


def _seen_deltas(some: Sequence[Document]) -> Seen:
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
