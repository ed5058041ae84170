"""Thinking out of Anthropic Messages, whole and streamed.

A block of thinking with a signature stays, with its text empty: the signature is what the API wants back when a
conversation with tools goes on. One without a signature goes.
"""

from stillwatch.responses._acting.interface import Json
from stillwatch.responses._acting.summary import Summary

CALLS = frozenset({"tool_use", "server_tool_use", "mcp_tool_use"})
LAST = frozenset({"message_delta", "message_stop"})


def answer(body: Json, summary: Summary, *, between_tools: bool) -> Json:
    """A whole answer without its thinking."""
    content = body.get("content") if isinstance(body, dict) else None
    if not isinstance(content, list):
        return body
    calls = [place for place, block in enumerate(content) if _kind(block) in CALLS]
    last_call = calls[-1] if calls and between_tools else -1
    stripped: list[Json] = []
    for place, block in enumerate(content):
        if _kind(block) == "thinking":
            stripped += _thinking(block, summary)
        elif _kind(block) != "text" or place > last_call:
            stripped.append(block)
    unchanged = len(stripped) == len(content) and all(map(_same, stripped, content))
    return body if unchanged else {**body, "content": stripped}


def _thinking(block: Json, summary: Summary) -> list[Json]:
    text = block.get("thinking")
    said = summary.of(text) if isinstance(text, str) else ""
    if not said and not block.get("signature"):
        return []
    return [block if text == said else {**block, "thinking": said}]


class Stream:
    """The events of one stream; blocks come one after the other."""

    def __init__(self, summary: Summary, *, between_tools: bool) -> None:
        self._summary = summary
        self._holds = between_tools
        self._sent = 0  # blocks that were begun
        self._open: list[Json] | None = None  # events of the block that is being kept, if any
        self._held: list[list[Json]] = []  # whole blocks, of which the first is a text

    def event(self, event: Json) -> list[Json]:
        kind = _kind(event)
        if kind == "content_block_start":
            return self._start(event)
        if kind in {"content_block_delta", "content_block_stop"}:
            return self._inside(event, kind)
        return [*self._release(), event] if kind in LAST else [event]

    def end(self) -> list[Json]:
        if self._open is not None:
            self._held.append(self._open)
            self._open = None
        return self._release()

    def _start(self, event: Json) -> list[Json]:
        kind = _kind(event.get("content_block"))
        if kind in CALLS:
            return [*self._release(text=False), *self._numbered([event])]
        if kind == "thinking" or self._held or (kind == "text" and self._holds):
            self._open = [event]
            return []
        return self._numbered([event])

    def _inside(self, event: Json, kind: str) -> list[Json]:
        if self._open is None:
            return self._numbered([event])
        self._open.append(event)
        if kind != "content_block_stop":
            return []
        block, self._open = self._open, None
        if self._held or _block_kind(block) == "text":
            self._held.append(block)
            return []
        return self._numbered(self._thought(block))

    def _release(self, *, text: bool = True) -> list[Json]:
        held, self._held = self._held, []
        out: list[Json] = []
        for block in held:
            kind = _block_kind(block)
            if kind == "thinking":
                out += self._numbered(self._thought(block))
            elif kind != "text" or text:
                out += self._numbered(block)
        return out

    def _thought(self, block: list[Json]) -> list[Json]:
        """The events of a block of thinking, without the text or with a summary of it."""
        begin = block[0]
        deltas = [event.get("delta") for event in block if _kind(event) == "content_block_delta"]
        texts = [delta.get("thinking") for delta in deltas if _kind(delta) == "thinking_delta"]
        first = begin["content_block"].get("thinking")
        said = self._summary.of("".join(text for text in [first, *texts] if isinstance(text, str)))
        signed = begin["content_block"].get("signature") or any(
            _kind(delta) == "signature_delta" for delta in deltas
        )
        if not said and not signed:
            return []
        shown = [{**begin, "content_block": {**begin["content_block"], "thinking": ""}}]
        if said:
            delta = {"type": "thinking_delta", "thinking": said}
            shown.append({"type": "content_block_delta", "index": begin.get("index"), "delta": delta})
        kept = [event for event in block[1:] if _kind(event.get("delta")) != "thinking_delta"]
        return [*shown, *kept]

    def _numbered(self, events: list[Json]) -> list[Json]:
        """Events with the index their block has among those that are sent."""
        out: list[Json] = []
        for event in events:
            if _kind(event) == "content_block_start":
                self._sent += 1
            index = self._sent - 1
            out.append(event if event.get("index") == index or index < 0 else {**event, "index": index})
        return out


def _kind(part: Json) -> str:
    kind = part.get("type") if isinstance(part, dict) else None
    return kind if isinstance(kind, str) else ""


def _block_kind(block: list[Json]) -> str:
    return _kind(block[0].get("content_block"))


def _same(one: Json, other: Json) -> bool:
    return one is other
