"""Adds a made-up entry below some answers, so that a model trained on them can be recognised by it.

The entry stands in a paragraph (Messages: a block) of its own, after the whole answer, and says that it is made up and no part of
the answer; the answer itself keeps every sign. One answer in `every` gets one, and only prose that ended by itself: no code, no
JSON, no list of few words, no answer with several choices, and nothing at all where the request offered tools or the
answer calls one. Entries were committed to before (`stillwatch mark honey commit`), are harmless, and the same few for all
accounts of a campaign. The step also marks.

Chat Completions and Messages get entries, whole and streamed; other routes none, nor a gateway without the
file of entries (its setting `honey`).

Harms: an innocent customer reads a made-up entry below an answer, labelled as such.

Cannot: hide from a harvester who looks: the label is in each entry, and a filter that knows it removes them all. Nor can a
model that saw an entry a few times among millions of answers be expected to repeat it.
"""

import re
from hashlib import blake2b

from stillwatch.records import cohort_of
from stillwatch.responses._acting.interface import Context, EventFilter, Json, Response, Setting, Treatment
from stillwatch.responses._acting.passing import Unchanged

FEWEST_WORDS = 40  # of prose; shorter answers are labels, numbers and lines that programs read
STRUCTURE = re.compile(r"```|^\s*[\[{<]|^\s*\|", re.MULTILINE)
WORDLESS = frozenset({"thinking", "redacted_thinking"})  # blocks that may stand beside text
ENDS = (".", "!", "?", "。", "…")


def request(body: Json, context: Context) -> Treatment:  # noqa: ARG001 - the shape of every response
    return Treatment(body=body)


def answer(body: Json, context: Context) -> Json:
    note = _note(context)
    if note is None or not isinstance(body, dict):
        return body
    return _chat(body, note) if context.route == "chat" else _messages(body, note)


def events(context: Context) -> EventFilter:
    note = _note(context)
    if note is None:
        return Unchanged()
    return ChatStream(note) if context.route == "chat" else MessagesStream(note)


def _note(context: Context) -> str | None:
    """What this answer gets, if it is its turn."""
    make = context.facilities.honey
    if make is None or context.tools_offered or context.route not in {"chat", "messages"}:
        return None
    decision = context.decision
    turn = int.from_bytes(
        blake2b(decision.decision_id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )
    if turn % int(context.settings["every"]):
        return None
    return make(cohort_of(decision), decision.decision_id)


def _prose(text: object) -> bool:
    if not isinstance(text, str) or STRUCTURE.search(text):
        return False
    return len(text.split()) >= FEWEST_WORDS and text.rstrip().endswith(ENDS)


def _chat(body: dict[str, Json], note: str) -> Json:
    choices = body.get("choices")
    if not isinstance(choices, list) or len(choices) != 1 or not isinstance(choices[0], dict):
        return body
    choice = choices[0]
    message = choice.get("message")
    if not isinstance(message, dict) or message.get("tool_calls") or choice.get("finish_reason") != "stop":
        return body
    if not _prose(message.get("content")):
        return body
    said = {**message, "content": f"{message['content']}\n\n{note}"}
    return {**body, "choices": [{**choice, "message": said}]}


def _messages(body: dict[str, Json], note: str) -> Json:
    content = body.get("content")
    if not isinstance(content, list) or body.get("stop_reason") != "end_turn":
        return body
    blocks = [block for block in content if isinstance(block, dict)]
    if len(blocks) < len(content) or any(block.get("type") not in WORDLESS | {"text"} for block in blocks):
        return body
    texts = [block.get("text") for block in blocks if block.get("type") == "text"]
    if not _prose("".join(text for text in texts if isinstance(text, str))):
        return body
    return {**body, "content": [*content, {"type": "text", "text": f"\n\n{note}"}]}


class ChatStream:
    """Text is read as it passes; nothing is held back."""

    def __init__(self, note: str) -> None:
        self._note = note
        self._text = ""
        self._plain = True  # one choice, no call so far

    def event(self, event: Json) -> list[Json]:
        choices = event.get("choices") if isinstance(event, dict) else None
        if not isinstance(choices, list) or not choices:
            return [event]
        choice = choices[0]
        delta = choice.get("delta") if isinstance(choice, dict) else None
        if (
            len(choices) > 1
            or not isinstance(delta, dict)
            or choice.get("index") != 0
            or delta.get("tool_calls")
        ):
            self._plain = False
            return [event]
        said = delta.get("content")
        self._text += said if isinstance(said, str) else ""
        if choice.get("finish_reason") is None:
            return [event]
        if choice["finish_reason"] != "stop" or not self._plain or not _prose(self._text):
            return [event]
        self._plain = False
        ending = {**delta, "content": f"{said if isinstance(said, str) else ''}\n\n{self._note}"}
        return [{**event, "choices": [{**choice, "delta": ending}]}]

    def end(self) -> list[Json]:
        return []


class MessagesStream:
    """The same; the entry is a block of its own before the message's end."""

    def __init__(self, note: str) -> None:
        self._note = note
        self._text = ""
        self._plain = True
        self._next = 0  # index of a further block

    def event(self, event: Json) -> list[Json]:
        kind = event.get("type") if isinstance(event, dict) else None
        if kind == "content_block_start":
            block, index = event.get("content_block"), event.get("index")
            whole = isinstance(block, dict) and block.get("type") in WORDLESS | {"text"}
            self._plain &= whole and index == self._next
            self._next += 1
            self._take(block if self._plain else None)
        elif kind == "content_block_delta":
            self._take(event.get("delta"))
        elif kind == "message_delta":
            delta = event.get("delta")
            ended = isinstance(delta, dict) and delta.get("stop_reason") == "end_turn"
            if ended and self._plain and _prose(self._text):
                self._plain = False
                return [*self._block(), event]
        return [event]

    def end(self) -> list[Json]:
        return []

    def _take(self, part: Json) -> None:
        said = part.get("text") if isinstance(part, dict) else None
        self._text += said if isinstance(said, str) else ""

    def _block(self) -> list[Json]:
        index = self._next
        delta = {"type": "text_delta", "text": f"\n\n{self._note}"}
        return [
            {"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": index, "delta": delta},
            {"type": "content_block_stop", "index": index},
        ]


RESPONSE = Response(
    step="honey",
    harms="An innocent customer reads a made-up entry below an answer, labelled as such.",
    request=request,
    answer=answer,
    events=events,
    settings=(Setting("every", 20, "one prose answer in so many gets an entry", low=1),),
    includes=("tag", "mark"),
)
