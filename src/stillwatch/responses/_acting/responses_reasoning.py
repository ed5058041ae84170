"""Reasoning out of OpenAI Responses, whole and streamed.

A `reasoning` item stays in its place with its id and `encrypted_content`, and so does a message that falls away: their
texts become empty. Clients that send items back, or go on from an answer the provider keeps, find them all. What vLLM adds
for `enable_response_messages`, the raw messages with all that was thought, goes as a whole.
"""

from stillwatch.responses._acting.interface import Json
from stillwatch.responses._acting.sameness import is_same
from stillwatch.responses._acting.summary import Summary

PREFIX = "response.reasoning"
PARTS = ("response.content_part.added", "response.content_part.done")
BLANK = ""
RAW = ("input_messages", "output_messages")  # of an answer: as the model read and wrote them


def answer(body: Json, summary: Summary, *, between_tools: bool) -> Json:
    """A whole answer without its reasoning."""
    if isinstance(body, dict) and any(body.get(name) for name in RAW):
        body = {name: None if name in RAW else value for name, value in body.items()}
    output = body.get("output") if isinstance(body, dict) else None
    if not isinstance(output, list):
        return body
    calls = [place for place, item in enumerate(output) if _is_call(item)]
    last_call = calls[-1] if calls and between_tools else -1
    stripped = [
        _reasoned(item, summary)
        if _kind(item) == "reasoning"
        else _emptied(item)
        if _kind(item) == "message" and place < last_call
        else item
        for place, item in enumerate(output)
    ]
    return body if is_same(stripped, output) else {**body, "output": stripped}


def _reasoned(item: Json, summary: Summary) -> Json:
    said = summary.of(_thought(item))
    changed = {name: value for name, value in item.items() if name != "content"}
    changed["summary"] = [{"type": "summary_text", "text": said}] if said else []
    return item if changed == item else changed


def _thought(item: Json) -> str:
    parts = [part for name in ("content", "summary") for part in _list(item.get(name))]
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    return "\n".join(text for text in texts if isinstance(text, str))


def _emptied(item: Json) -> Json:
    content = [_emptied_part(part) for part in _list(item.get("content"))]
    return {**item, "content": content} if content != item.get("content") else item


def _emptied_part(part: Json) -> Json:
    if _kind(part) != "output_text":
        return part
    return {**part, "text": BLANK, **{name: [] for name in ("annotations", "logprobs") if part.get(name)}}


class Stream:
    """The events of one stream."""

    def __init__(self, summary: Summary, *, between_tools: bool) -> None:
        self._summary = summary
        self._holds = between_tools
        self._held: list[Json] | None = None  # events since a message began, if one may yet fall away
        self._number: int | None = None  # of the last event sent

    def event(self, event: Json) -> list[Json]:
        kind = _kind(event)
        if not kind or _reasons(event, kind):
            return [] if kind else [event]
        out: list[Json] = []
        if isinstance(event.get("response"), dict):
            out += self._release()
            stripped = answer(event["response"], self._summary, between_tools=self._holds)
            event = event if stripped is event["response"] else {**event, "response": stripped}
        elif kind == "response.output_item.added" and _is_call(event.get("item")):
            out += self._release(emptied=True)
        elif kind == "response.output_item.added" and _kind(event.get("item")) == "message" and self._holds:
            self._held = self._held or []
        sent = self._item(event, kind)
        if self._held is not None:
            self._held += sent
            return self._numbered(out)
        return self._numbered([*out, *sent])

    def end(self) -> list[Json]:
        return self._numbered(self._release())

    def _item(self, event: Json, kind: str) -> list[Json]:
        """An event whose item is reasoning, without it."""
        item = event.get("item")
        if _kind(item) != "reasoning":
            return [event]
        stripped = _reasoned(item, self._summary)
        changed = event if stripped is item else {**event, "item": stripped}
        if kind != "response.output_item.done" or not stripped.get("summary"):
            return [changed]
        return [*_summary_events(event, stripped["summary"][0]), changed]

    def _release(self, *, emptied: bool = False) -> list[Json]:
        held, self._held = self._held or [], None
        return [each for event in held for each in (_without_text(event) if emptied else [event])]

    def _numbered(self, events: list[Json]) -> list[Json]:
        """Events whose sequence numbers have no gaps."""
        out: list[Json] = []
        for event in events:
            number = event.get("sequence_number")
            if type(number) is not int:
                out.append(event)
                continue
            self._number = number if self._number is None else self._number + 1
            out.append(event if number == self._number else {**event, "sequence_number": self._number})
        return out


def _reasons(event: Json, kind: str) -> bool:
    """Whether an event carries reasoning and nothing else."""
    return kind.startswith(PREFIX) or (kind in PARTS and _kind(event.get("part")) == "reasoning_text")


def _without_text(event: Json) -> list[Json]:
    """An event of a message that falls away."""
    kind = _kind(event)
    if kind in {"response.output_text.delta", "response.output_text.annotation.added"}:
        return []
    if kind == "response.output_text.done":
        return [{**event, "text": BLANK, **({"logprobs": []} if event.get("logprobs") else {})}]
    if kind in PARTS:
        return [{**event, "part": _emptied_part(event.get("part"))}]
    if kind == "response.output_item.done" and _kind(event.get("item")) == "message":
        return [{**event, "item": _emptied(event["item"])}]
    return [event]


def _summary_events(event: Json, part: Json) -> list[Json]:
    """What announces a summary, before the item that holds it is done."""
    place = {
        "item_id": event["item"].get("id"),
        "output_index": event.get("output_index"),
        "summary_index": 0,
        "sequence_number": event.get("sequence_number"),
    }
    head = "response.reasoning_summary_"
    return [
        {"type": f"{head}part.added", **place, "part": {**part, "text": BLANK}},
        {"type": f"{head}text.delta", **place, "delta": part["text"]},
        {"type": f"{head}text.done", **place, "text": part["text"]},
        {"type": f"{head}part.done", **place, "part": part},
    ]


def _is_call(item: Json) -> bool:
    return _kind(item).endswith("_call")


def _kind(part: Json) -> str:
    kind = part.get("type") if isinstance(part, dict) else None
    return kind if isinstance(kind, str) else ""


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
