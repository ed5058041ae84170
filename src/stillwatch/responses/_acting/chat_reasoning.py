"""Reasoning out of OpenAI Chat Completions and Completions, whole and streamed.

Reasoning fields are those of open servers and routers: `reasoning_content` (DeepSeek, vLLM), `reasoning` and
`reasoning_details` (vLLM, OpenRouter), and parts of type `thinking` in a list of content (Mistral).
"""

from typing import Any

from stillwatch.responses._acting.interface import Json
from stillwatch.responses._acting.sameness import is_same
from stillwatch.responses._acting.summary import Summary
from stillwatch.responses._acting.think_tags import ThinkTags, visible

TEXTS = ("reasoning_content", "reasoning")  # fields that hold the reasoning as text
FIELDS = frozenset({*TEXTS, "reasoning_details", "thinking_blocks"})
PARTS = frozenset({"thinking", "reasoning"})
CALLS = ("tool_calls", "function_call")


def answer(body: Json, summary: Summary, *, between_tools: bool) -> Json:
    """A whole answer without its reasoning."""
    choices = _choices(body)
    stripped = [_whole_choice(choice, summary, between_tools=between_tools) for choice in choices]
    if is_same(stripped, choices):
        return body
    return {**body, "choices": stripped}


def _whole_choice(choice: Json, summary: Summary, *, between_tools: bool) -> Json:
    if not isinstance(choice, dict):
        return choice
    text, message = choice.get("text"), choice.get("message")
    if isinstance(text, str):
        seen = visible(text, summary)
        return choice if seen == text else {**choice, "text": seen}
    if not isinstance(message, dict):
        return choice
    changed = {name: value for name, value in message.items() if name not in FIELDS}
    said = summary.of(_reasoning(message))
    if said:
        changed[_field(message)] = said
    content = changed.get("content")
    if between_tools and any(message.get(name) for name in CALLS):
        content = None
    elif isinstance(content, str):
        content = visible(content, summary)
    elif isinstance(content, list):
        content = _shown_parts(content)
    if "content" in changed:
        changed["content"] = content
    return choice if changed == message else {**choice, "message": changed}


class Stream:
    """The chunks of one stream."""

    def __init__(self, summary: Summary, *, between_tools: bool) -> None:
        self._summary = summary
        self._between_tools = between_tools
        self._choices: dict[Any, _StreamedChoice] = {}
        self._last: Json = None  # chunk, whose id and model an added one takes over

    def event(self, event: Json) -> list[Json]:
        choices = _choices(event)
        if not choices:
            return [event]
        self._last = event
        before: list[Json] = []
        after: list[Json] = []
        for choice in choices:
            if not isinstance(choice, dict):
                after.append(choice)
                continue
            added, kept = self._choice(choice).take(choice)
            before += added
            after += kept
        out = [self._chunk(each) for each in before]
        if is_same(after, choices):
            return [*out, event]
        if after or event.get("usage"):
            out.append({**event, "choices": after})
        return out

    def end(self) -> list[Json]:
        return [self._chunk(each) for choice in self._choices.values() for each in choice.release()]

    def _choice(self, choice: Json) -> "_StreamedChoice":
        index = choice.get("index")
        key = index if isinstance(index, int) else 0
        if key not in self._choices:
            self._choices[key] = _StreamedChoice(key, self._summary, between_tools=self._between_tools)
        return self._choices[key]

    def _chunk(self, choice: Json) -> Json:
        """A chunk of its own; the usage stays with the chunk it came with."""
        around = {name: value for name, value in self._last.items() if name != "usage"}
        return {**around, "choices": [choice]}


class _StreamedChoice:
    """One choice of a stream."""

    def __init__(self, index: int, summary: Summary, *, between_tools: bool) -> None:
        self._index = index
        self._summary = summary
        self._holds = between_tools
        self._tags = ThinkTags(summary)
        self._held: list[Json] = []  # content that waits for the end or a tool call
        self._called = False
        self._thought: list[str] = []
        self._field = TEXTS[0]
        self._plain = False  # a choice of Completions: `text` in place of a delta
        self._done = False

    def take(self, choice: Json) -> tuple[list[Json], list[Json]]:
        """Choices to send before this one, and this one as it is sent; nothing if nothing is left of it."""
        delta = choice.get("delta")
        self._plain = isinstance(choice.get("text"), str)
        if not isinstance(delta, dict) and not self._plain:
            return [], [choice]
        name = "text" if self._plain else "content"
        place: Json = choice if self._plain else delta
        kept = {each: value for each, value in place.items() if each not in FIELDS}
        self._gather(place)
        if any(place.get(each) for each in CALLS):
            self._called = True
            if self._holds:
                self._held = []
        if place.get(name):
            kept = self._content(kept, name)
        final = choice.get("finish_reason") is not None
        told = bool(place.get(name)) or any(place.get(each) for each in CALLS)
        before = self._summarised() if told or final else []
        if final:
            before += self.release()
            self._done = True
        if kept == place:
            return before, [choice]
        emptied = not self._plain and not kept and not final
        if self._plain and not kept.get("text") and not final:
            emptied = True
        return before, [] if emptied else [kept if self._plain else {**choice, "delta": kept}]

    def release(self) -> list[Json]:
        """What was held back, as choices of their own."""
        if self._done:
            return []
        summarised = self._summarised()
        rest = self._tags.end()
        held = [*self._held, *([rest] if rest else [])]
        self._held = []
        if self._called and self._holds:
            return summarised
        if all(isinstance(each, str) for each in held):
            held = ["".join(held)] if held else []
        return summarised + [self._made(each) for each in held]

    def _content(self, kept: Json, name: str) -> Json:
        content = kept[name]
        if isinstance(content, str):
            content = self._tags.feed(content)
        elif isinstance(content, list):
            content = _shown_parts(content)
        if self._holds and not self._called and content:
            self._held.append(content)
            content = None
        if self._holds and self._called:
            content = None
        if content or (self._plain and not content):
            return {**kept, name: content or ""}
        return {each: value for each, value in kept.items() if each != name}

    def _gather(self, place: Json) -> None:
        thought = _reasoning(place) if self._summary.wanted else ""
        if thought:
            self._field = _field(place)
            self._thought.append(thought)

    def _summarised(self) -> list[Json]:
        said = self._summary.of("".join(self._thought))
        self._thought = []
        return [{"index": self._index, "delta": {self._field: said}, "finish_reason": None}] if said else []

    def _made(self, content: Json) -> Json:
        if self._plain:
            return {"index": self._index, "text": content, "logprobs": None, "finish_reason": None}
        return {"index": self._index, "delta": {"content": content}, "finish_reason": None}


def _choices(body: Json) -> list[Json]:
    found = body.get("choices") if isinstance(body, dict) else None
    return found if isinstance(found, list) else []


def _reasoning(place: Json) -> str:
    """The reasoning of a message or delta, as text."""
    return next((place[name] for name in TEXTS if isinstance(place.get(name), str)), "")


def _field(place: Json) -> str:
    return next((name for name in TEXTS if isinstance(place.get(name), str)), TEXTS[0])


def _shown_parts(content: list[Json]) -> list[Json]:
    shown = [part for part in content if not (isinstance(part, dict) and part.get("type") in PARTS)]
    return content if len(shown) == len(content) else shown
