"""Answers that give away all that a surface can, to see that a step takes away all of it and nothing else.

What must not reach a customer is written in one sign that nothing else holds, so that a single character of it is
found wherever it stands. The other text is a customer's own.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from stillwatch.lab.provider.script import Piece
from stillwatch.lab.provider.seen import seen_streamed, seen_whole
from stillwatch.lab.provider_app import answer, events
from stillwatch.records import Route

SIGN = "Ψ"
ROUTES: tuple[Route, ...] = ("chat", "completions", "messages", "responses", "gemini")
WITHOUT_CALLS = frozenset[Route]({"completions"})
NAMED = frozenset[Route]({"messages", "responses"})  # whose events have names
ANY_ORDER = frozenset[Route]({"chat"})  # text and calls have no order, so all text is before the calls
WORDS = ("so", " é☂", "\n", "logprobs ", '{"n": 2}', "—", " <think>", "a")
ARGUMENTS = ("{}", '{"city": "Bern"}', '{"logprobs": [1], "choices": [{"index": 1}]}')
TOOLS = {
    "chat": [{"type": "function", "function": {"name": "weather"}}],
    "messages": [{"name": "weather", "input_schema": {}}],
    "responses": [{"type": "function", "name": "weather"}],
    "gemini": [{"functionDeclarations": [{"name": "weather"}]}],
}
REMOVED = frozenset({"prompt_logprobs", "output_messages"})  # beside what the text stands in
MORE = 3  # choices that an answer has at most beside the one that was to be given
TOKENS = [{"token": SIGN, "logprob": -0.1, "bytes": None, "top_logprobs": [{"token": SIGN, "logprob": -2.0}]}]
Document = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """An answer, whole and streamed, and what a customer is to see of it."""

    route: Route
    request: Document
    whole: Document
    events: list[Document]
    leaks: int  # places in both that must not be seen
    text: str
    calls: list[str]

    def frames(self, chance: Random) -> bytes:
        """The stream, with line ends of either kind."""
        end = chance.choice(("\n", "\r\n"))
        out = []
        for event in self.events:
            name = f"event: {event['type']}{end}" if self.route in NAMED else ""
            out.append(f"{name}data: {json.dumps(event, ensure_ascii=False)}{end}{end}")
        return "".join(out).encode()

    def fault_whole(self, shown: Document) -> str | None:
        """What is wrong with what a customer is shown of the whole answer."""
        if leaking(json.dumps(shown, ensure_ascii=False)):
            return "leaked"
        same = seen_whole(self.route, shown) == (self.text, "", self.calls)
        return None if same and around(self.route, shown) == around(self.route, self.whole) else "changed"

    def fault_streamed(self, shown: Sequence[Document]) -> str | None:
        if leaking(json.dumps(shown, ensure_ascii=False)):
            return "leaked"
        return None if seen_streamed(self.route, shown) == (self.text, "", self.calls) else "changed"


def leaking(shown: str) -> bool:
    return SIGN in shown or "avgLogprobs" in shown


def around(route: Route, body: Document) -> Document:
    """An answer without what its text stands in."""
    inside = {"messages": "content", "responses": "output", "gemini": "candidates"}.get(route, "choices")
    left = {name: value for name, value in body.items() if name not in {inside, *REMOVED}}
    if inside in {"choices", "candidates"}:
        first = body[inside][0]
        left["reason"] = first.get("finish_reason", first.get("finishReason"))
    return left


def case(route: Route, chance: Random, *, reasoning: bool = True) -> Case:
    """A random answer to a random request; without reasoning, what is left is for `reduce_surface` to take."""
    offered = reasoning and route not in WITHOUT_CALLS and chance.random() < 0.5
    script, shown = _script(route, chance, offered=offered, reasoning=reasoning)
    request: Document = {"model": "large-1"} | ({"tools": TOOLS[route]} if offered else {})
    request |= {"prompt": "Hi"} if route == "completions" else {}
    whole = answer(route, script, request)
    streamed = list(events(route, script, request))
    thought = sum(piece.kind == "reasoning" for piece in script)
    hidden = sum(SIGN in piece.text for piece in script if piece.kind == "text")
    whole, in_whole = _given_away(route, whole, chance, reasoning=reasoning)
    made, in_stream = _streamed(route, streamed, chance, reasoning=reasoning)
    calls = [] if route in WITHOUT_CALLS else [piece.text for piece in script if piece.kind == "call"]
    return Case(
        route,
        request,
        whole,
        made,
        2 * (thought + hidden) + in_whole + in_stream,
        shown,
        [_as_seen(route, text) for text in calls],
    )


def _as_seen(route: Route, arguments: str) -> str:
    return json.dumps(json.loads(arguments)) if route in {"messages", "gemini"} else arguments


def _script(route: Route, chance: Random, *, offered: bool, reasoning: bool) -> tuple[list[Piece], str]:
    """Pieces of an answer, and the text that is to be seen."""
    kinds = chance.choices(("reasoning", "text", "call"), (3, 4, 2), k=chance.randint(1, 6))
    if route in WITHOUT_CALLS:
        kinds = [kind for kind in kinds if kind != "call"] or ["text"]
    if not reasoning:
        kinds = [kind for kind in kinds if kind != "reasoning"] or ["text"]
    calls = [place for place, kind in enumerate(kinds) if kind == "call"]
    script, seen = [], ""
    for place, kind in enumerate(kinds):
        if kind == "reasoning":
            script.append(Piece("reasoning", SIGN * chance.randint(1, 20)))
        elif kind == "call":
            script.append(Piece("call", chance.choice(ARGUMENTS)))
        elif offered and calls and (place < calls[-1] or route in ANY_ORDER):
            script.append(Piece("text", SIGN * chance.randint(1, 20)))
        else:
            text = "x" + "".join(chance.choices(WORDS, k=chance.randint(0, 8)))
            script.append(Piece("text", text))
            seen += text
    return script, seen


def _streamed(
    route: Route, some: list[Document], chance: Random, *, reasoning: bool
) -> tuple[list[Document], int]:
    out: list[Document] = []
    leaks = 0
    for event in some:
        made, many = _given_away(route, event, chance, reasoning=reasoning)
        out.append(made)
        leaks += many
    if route == "responses":
        out = [{**event, "sequence_number": number} for number, event in enumerate(out)]
    return out, leaks


def _given_away(route: Route, document: Document, chance: Random, *, reasoning: bool) -> tuple[Document, int]:
    """An answer or event with probabilities and choices nobody was to get; and how many of them."""
    if route == "responses":
        return _raw(*_with_tokens(document, chance), reasoning=reasoning)
    name = "candidates" if route == "gemini" else "choices"
    first = document.get(name)
    if route == "messages" or not first:
        return document, 0
    leaks = 0
    choices = [dict(first[0])]
    if chance.random() < 0.6:
        choices[0] |= (
            {"logprobsResult": {"chosenCandidates": [{"token": SIGN}]}, "avgLogprobs": -0.1}
            if route == "gemini"
            else {"logprobs": {"content": TOKENS}}
        )
        leaks += 1
    if "text" not in first[0] and route == "chat" and reasoning and chance.random() < 0.4:
        place = "message" if "message" in first[0] else "delta"
        choices[0][place] = {**first[0][place], "reasoning_details": [{"text": SIGN}], "reasoning": SIGN}
        leaks += 2
    for number in range(chance.randint(0, MORE)):
        choices.append({**_hiding(first[0]), "index": number + 1})
        leaks += 1
    if chance.random() < 0.3:
        choices.reverse()
    out = {**document, name: choices}
    if route != "gemini" and chance.random() < 0.2:
        out["prompt_logprobs"] = [{"1": {"decoded_token": SIGN}}]
        leaks += 1
    return out, leaks


def _raw(document: Document, leaks: int, *, reasoning: bool) -> tuple[Document, int]:
    """With the raw messages beside the finished output, as vLLM gives them."""
    answered = document.get("response", document)
    if not reasoning or not answered.get("output"):
        return document, leaks
    raw = answered | {"output_messages": [{"channel": "analysis", "content": SIGN}]}
    return (raw if answered is document else document | {"response": raw}), leaks + 1


def _hiding(choice: Document) -> Document:
    """A choice like another, that says the sign alone."""
    if "text" in choice:
        return {**choice, "text": SIGN}
    if "content" in choice:
        return {**choice, "content": {"role": "model", "parts": [{"text": SIGN}]}}
    place = "message" if "message" in choice else "delta"
    return {**choice, place: {"role": "assistant", "content": SIGN}}


def _with_tokens(document: Any, chance: Random) -> tuple[Any, int]:
    """With log-probabilities wherever the Responses API has room for them."""
    if isinstance(document, list):
        parts = [_with_tokens(each, chance) for each in document]
        return [part for part, _ in parts], sum(many for _, many in parts)
    if not isinstance(document, dict):
        return document, 0
    out, leaks = {}, 0
    for name, value in document.items():
        if name == "logprobs":
            out[name] = TOKENS
            leaks += 1
        else:
            out[name], many = _with_tokens(value, chance)
            leaks += many
    return out, leaks
