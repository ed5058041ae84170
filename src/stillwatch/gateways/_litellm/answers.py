"""LiteLLM's answers as documents of their wire format, and back.

What an answer is differs by route: objects of Chat and Responses, a plain dictionary or raw server-sent events of
Messages. LiteLLM also keeps a copy of the reasoning within `provider_specific_fields`, which its customers get.
"""

from typing import Any

from stillwatch.gateways._wire.body import Json

COPIED = frozenset({"reasoning_content", "reasoning", "reasoning_details", "thinking_blocks"})
KEPT_ASIDE = ("_hidden_params", "_response_headers")  # of LiteLLM's objects, beside their fields


def document_of(answer: Any) -> Json:
    """A whole answer, or an event of a stream, as JSON."""
    dump = getattr(answer, "model_dump", None)
    return answer if dump is None else dump(exclude_none=True, warnings=False)


def as_it_was(document: Json, answer: Any) -> Any:
    """A document as an object like another one."""
    if isinstance(answer, dict):
        return document
    made = type(answer)(**document)
    for name in KEPT_ASIDE:
        kept = getattr(answer, name, None)
        if kept is not None:
            setattr(made, name, kept)
    return made


def without_copies(document: Json) -> Json:
    """A document without LiteLLM's copies of the reasoning; the same object where it has none."""
    choices = document.get("choices") if isinstance(document, dict) else None
    if not isinstance(choices, list):
        return document
    cleaned = [_cleaned(choice) for choice in choices]
    if all(new is old for new, old in zip(cleaned, choices, strict=True)):
        return document
    return {**document, "choices": cleaned}


def _cleaned(choice: Json) -> Json:
    for part in ("message", "delta"):
        place: Json = choice.get(part) if isinstance(choice, dict) else None
        fields = place.get("provider_specific_fields") if isinstance(place, dict) else None
        if isinstance(fields, dict) and COPIED & fields.keys():
            kept = {name: value for name, value in fields.items() if name not in COPIED}
            return {**choice, part: {**place, "provider_specific_fields": kept}}
    return choice
