"""Takes away what a trainer of models needs and few products do: probabilities, many choices, steering of tokens.

From the request go `logprobs`, `top_logprobs`, `prompt_logprobs`, `logit_bias`, `echo`, `seed`, `best_of` and other
servers' names for the same; `n` is at most `choices`; `temperature` is brought into `temperature_low` to
`temperature_high`. From the answer go log-probabilities and surplus choices that were given all the same.

Harms: evaluators and classifiers that read log-probabilities, and products that show several choices.

Cannot: take anything from a harvest of plain text.
"""

from typing import Any

from stillwatch.responses._acting.interface import Context, Json, Response, Setting, Treatment

DROPPED = (
    "logprobs",
    "top_logprobs",
    "prompt_logprobs",
    "logprob_token_ids",
    "return_token_ids",
    "return_tokens_as_token_ids",
    "logit_bias",
    "echo",
    "seed",
    "best_of",
    "use_beam_search",
)
INCLUDED = "message.output_text.logprobs"  # how a request of the Responses API asks for them
PROBABILITIES = frozenset({"logprobs", "prompt_logprobs", "prompt_token_ids", "token_ids"})
EMPTY_LIST = frozenset({"responses"})  # routes whose answers hold a list of them, never null
DEPTH = 8  # of nested objects in an answer that are looked into


def request(body: Json, context: Context) -> Treatment:
    if not isinstance(body, dict):
        return Treatment(body=body)
    changed = {name: value for name, value in body.items() if name not in DROPPED}
    choices = int(context.settings["choices"])
    asked = changed.get("n")
    if isinstance(asked, int | float) and asked > choices:
        changed["n"] = choices
    heat = changed.get("temperature")
    if isinstance(heat, int | float) and not isinstance(heat, bool):
        low, high = float(context.settings["temperature_low"]), float(context.settings["temperature_high"])
        changed["temperature"] = heat if low <= heat <= high else min(max(heat, low), high)
    included = changed.get("include")
    if isinstance(included, list) and INCLUDED in included:
        changed["include"] = [each for each in included if each != INCLUDED]
    return Treatment(body=body if changed == body and len(changed) == len(body) else changed)


def answer(body: Json, context: Context) -> Json:
    return _reduced(body, context.route, int(context.settings["choices"]), DEPTH)


class Reducer:
    """Answers and events are reduced alike; nothing is held back."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def event(self, event: Json) -> list[Json]:
        reduced = answer(event, self._context)
        emptied = _choices(event) and not _choices(reduced) and not reduced.get("usage")
        return [] if emptied else [reduced]

    def end(self) -> list[Json]:
        return []


def _choices(document: Json) -> list[Any]:
    found = document.get("choices") if isinstance(document, dict) else None
    return found if isinstance(found, list) else []


def _reduced(value: Json, route: str, choices: int, depth: int) -> Json:
    """A part of an answer without probabilities; the same object where there are none."""
    if depth == 0 or not isinstance(value, dict | list):
        return value
    if isinstance(value, list):
        parts = [_reduced(part, route, choices, depth - 1) for part in value]
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else parts
    changes = {}
    for name, inner in value.items():
        if name in PROBABILITIES:
            changes[name] = inner if not inner else [] if route in EMPTY_LIST else None
        elif name == "choices" and isinstance(inner, list):
            kept = [one for place, one in enumerate(inner) if _place(one, place) < choices]
            changes[name] = _reduced(inner if len(kept) == len(inner) else kept, route, choices, depth - 1)
        elif name not in {"arguments", "input", "schema", "parameters"}:  # the customer's own objects
            changes[name] = _reduced(inner, route, choices, depth - 1)
    changes = {name: new for name, new in changes.items() if new is not value[name]}
    return {**value, **changes} if changes else value


def _place(choice: Json, place: int) -> int:
    """The index that a choice says it has, else where it stands."""
    said = choice.get("index") if isinstance(choice, dict) else None
    return said if type(said) is int else place


RESPONSE = Response(
    step="reduce_surface",
    harms="Evaluators lose log-probabilities and seeds, and products that show several choices show fewer.",
    request=request,
    answer=answer,
    events=Reducer,
    settings=(
        Setting("choices", 1, "most choices an answer may have", low=1, high=128),
        Setting("temperature_low", 0.0, "lowest temperature", low=0.0, high=2.0),
        Setting("temperature_high", 1.0, "highest temperature", low=0.0, high=2.0),
    ),
    includes=("tag",),
)
