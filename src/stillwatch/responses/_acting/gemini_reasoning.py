"""Thoughts out of Google's Gemini, whole and streamed.

A part with `thought` goes, and so does a text before a call of the same answer. Where a part carries a
`thoughtSignature`, which the API wants back when a conversation with tools goes on, the part stays and its text is
empty. A stream without server-sent events is one list of chunks, and is edited as such.
"""

from typing import Any

from stillwatch.responses._acting.interface import Json
from stillwatch.responses._acting.sameness import is_same
from stillwatch.responses._acting.summary import Summary

CALLS = ("functionCall", "executableCode")
SIGNATURES = ("thoughtSignature", "thought_signature")
LAST = ("finishReason", "finishMessage")  # of a candidate's last chunk


def answer(body: Json, summary: Summary, *, between_tools: bool) -> Json:
    """A whole answer without its thoughts; or all chunks of a stream."""
    if isinstance(body, list):
        return _answers(body, summary, between_tools=between_tools)
    candidates = _candidates(body)
    stripped = [_whole(each, summary, between_tools=between_tools) for each in candidates]
    return body if is_same(stripped, candidates) else {**body, "candidates": stripped}


def _answers(chunks: list[Json], summary: Summary, *, between_tools: bool) -> Json:
    stream = Stream(summary, between_tools=between_tools)
    sent = [new for chunk in chunks for new in stream.event(chunk)] + stream.end()
    return chunks if is_same(sent, chunks) else sent


def _whole(candidate: Json, summary: Summary, *, between_tools: bool) -> Json:
    parts = _parts(candidate)
    reading = _Reading(summary, holds=between_tools)
    return _with_parts(candidate, parts, [*reading.take(parts), *reading.finish()])


class Stream:
    """The chunks of one stream. Candidates come side by side, each with its index."""

    def __init__(self, summary: Summary, *, between_tools: bool) -> None:
        self._summary = summary
        self._holds = between_tools
        self._readings: dict[int, _Reading] = {}
        self._last: Json = None  # chunk, whose id and model an added one takes over

    def event(self, event: Json) -> list[Json]:
        candidates = _candidates(event)
        if not candidates:
            return [event]
        self._last = event
        kept = []
        for candidate in candidates:
            sent = self._sent(candidate)
            if sent is candidate or _parts(sent) or _ends(sent):
                kept.append(sent)
        if is_same(kept, candidates):
            return [event]
        return [{**event, "candidates": kept}] if kept else []

    def end(self) -> list[Json]:
        """Candidates that never ended, with what was held back of them."""
        rest = [
            {"content": {"role": "model", "parts": parts}, "index": index}
            for index, reading in self._readings.items()
            if (parts := reading.finish())
        ]
        around = {name: value for name, value in (self._last or {}).items() if name != "usageMetadata"}
        return [{**around, "candidates": rest}] if rest else []

    def _sent(self, candidate: Json) -> Json:
        index = candidate.get("index") if isinstance(candidate, dict) else None
        key = index if type(index) is int else 0
        if key not in self._readings:
            self._readings[key] = _Reading(self._summary, holds=self._holds)
        reading, parts = self._readings[key], _parts(candidate)
        shown = reading.take(parts)
        if _ends(candidate):
            shown += reading.finish()
        return _with_parts(candidate, parts, shown)


class _Reading:
    """The parts of one candidate, in their order."""

    def __init__(self, summary: Summary, *, holds: bool) -> None:
        self._summary = summary
        self._holds = holds
        self._held: list[Json] = []  # parts since a text that may yet fall away
        self._thought: list[str] = []  # of parts without a break

    def take(self, parts: list[Json]) -> list[Json]:
        """What is shown of some parts, and of those that were held back."""
        shown: list[Json] = []
        for part in parts:
            if _thinks(part):
                self._thought += [part["text"]] if isinstance(part.get("text"), str) else []
                shown += (
                    self._put({**part, "text": ""} if part.get("text") else part) if _signed(part) else []
                )
                continue
            shown += self._summarised()
            if self._holds and _calls(part):
                shown += [*self._without_texts(), part]
            elif self._holds and _says(part):
                self._held.append(part)
            else:
                shown += self._put(part)
        return shown

    def finish(self) -> list[Json]:
        """What was held back: no call has followed."""
        rest = self._summarised()
        held, self._held = self._held, []
        return [*held, *rest]

    def _put(self, part: Json) -> list[Json]:
        if not self._held:
            return [part]
        self._held.append(part)
        return []

    def _summarised(self) -> list[Json]:
        said = self._summary.of("".join(self._thought))
        self._thought = []
        return self._put({"text": said, "thought": True}) if said else []

    def _without_texts(self) -> list[Json]:
        held, self._held = self._held, []
        kept = [part if not _says(part) else {**part, "text": ""} for part in held]
        return [new for new, old in zip(kept, held, strict=True) if not _says(old) or _signed(old)]


def _with_parts(candidate: Json, parts: list[Json], shown: list[Json]) -> Json:
    if is_same(shown, parts):
        return candidate
    content = candidate.get("content")
    around = content if isinstance(content, dict) else {"role": "model"}
    return {**candidate, "content": {**around, "parts": shown}}


def _candidates(body: Json) -> list[Json]:
    found = body.get("candidates") if isinstance(body, dict) else None
    return found if isinstance(found, list) else []


def _parts(candidate: Json) -> list[Json]:
    content: Any = candidate.get("content") if isinstance(candidate, dict) else None
    found = content.get("parts") if isinstance(content, dict) else None
    return found if isinstance(found, list) else []


def _thinks(part: Json) -> bool:
    return isinstance(part, dict) and bool(part.get("thought"))


def _says(part: Json) -> bool:
    return isinstance(part, dict) and isinstance(part.get("text"), str) and not part.get("thought")


def _calls(part: Json) -> bool:
    return isinstance(part, dict) and any(part.get(name) for name in CALLS)


def _signed(part: Json) -> bool:
    return any(part.get(name) for name in SIGNATURES)


def _ends(candidate: Json) -> bool:
    return isinstance(candidate, dict) and any(candidate.get(name) for name in LAST)
