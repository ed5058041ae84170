"""Takes away what a trainer of models needs and few products do: probabilities, many choices, steering of tokens.

From the request go `logprobs`, `top_logprobs`, `prompt_logprobs`, `logit_bias`, `allowed_token_ids`, `echo`, `seed`,
`best_of` and other servers' names for the same, also where they stand in an `extra_body`; `n` is at most `max_choices`,
the length asked for at most `max_tokens`, and `temperature` at most 1. Of Gemini these are `responseLogprobs`, `logprobs`,
`seed`, `candidateCount`, `maxOutputTokens` and `temperature`. From the answer go log-probabilities, hidden states and
surplus choices that were given all the same.

Harms: evaluators and classifiers that read log-probabilities, and products that show several choices.

Cannot: take anything from a harvest of plain text.
"""

from typing import Any, NamedTuple

from stillwatch.responses._acting import gemini_surface
from stillwatch.responses._acting.interface import Context, Json, Response, Setting, Treatment
from stillwatch.responses._acting.sameness import is_same

STEERING = frozenset(
    {
        "logit_bias",
        "allowed_token_ids",
        "bad_words",
        "logits_processors",
        "custom_logit_processor",
        "echo",
        "seed",
        "best_of",
        "use_beam_search",
    }
)
DROPPED = STEERING | {
    "logprobs",
    "top_logprobs",
    "prompt_logprobs",
    "logprob_token_ids",
    "return_token_ids",
    "return_tokens_as_token_ids",
    "return_hidden_states",
    "n_probs",
}
INCLUDED = "message.output_text.logprobs"  # how a request of the Responses API asks for them
PROBABILITIES = frozenset(
    {
        "logprobs",
        "prompt_logprobs",
        "prompt_token_ids",
        "token_ids",
        "hidden_states",
        "completion_probabilities",
    }
)
OWN = frozenset(
    {"arguments", "input", "schema", "parameters", "metadata"}
)  # the customer's objects in an answer
EXTRA = "extra_body"  # fields that a proxy adds to what it sends on
EMPTY_LIST = frozenset({"responses"})  # routes whose answers hold a list of them, never null
HOTTEST = 1.0  # above it lies variety that products do not ask for, and augmentation does
LENGTHS = ("max_completion_tokens", "max_tokens", "max_output_tokens")
LENGTH_OF = {"responses": "max_output_tokens", "chat": "max_completion_tokens"}  # where none is asked for
DEPTH = 8  # of nested objects in an answer that are looked into


def request(body: Json, context: Context) -> Treatment:
    if not isinstance(body, dict):
        return Treatment(body=body)
    longest = int(context.settings["max_tokens"])
    if context.route == "gemini":
        return Treatment(
            body=gemini_surface.request(
                body,
                drop=bool(context.settings["drop_logprobs"]),
                choices=int(context.settings["max_choices"]),
                hottest=HOTTEST,
                longest=longest,
            )
        )
    changed = _limited(body, context)
    if isinstance(changed.get(EXTRA), dict):
        changed[EXTRA] = _limited(changed[EXTRA], context)
    if longest and not any(changed.get(name) for name in LENGTHS):
        changed[LENGTH_OF.get(context.route, "max_tokens")] = longest
    return Treatment(body=body if changed == body else changed)


def _limited(body: dict[str, Json], context: Context) -> dict[str, Json]:
    """What is asked for, within the limits."""
    dropped = DROPPED if context.settings["drop_logprobs"] else STEERING
    changed = {name: value for name, value in body.items() if name not in dropped}
    _limit(changed, "n", int(context.settings["max_choices"]))
    _limit(changed, "temperature", HOTTEST)
    longest = int(context.settings["max_tokens"])
    for name in LENGTHS if longest else ():
        _limit(changed, name, longest)
    included = changed.get("include")
    if context.settings["drop_logprobs"] and isinstance(included, list) and INCLUDED in included:
        changed["include"] = [each for each in included if each != INCLUDED]
    return changed


def _limit(body: dict[str, Json], name: str, most: float) -> None:
    asked = body.get(name)
    if isinstance(asked, int | float) and asked > most:
        body[name] = most


class Limits(NamedTuple):
    """What is taken from an answer."""

    names: frozenset[str]  # fields that go
    as_lists: bool  # what goes leaves an empty list, not null
    choices: int


def answer(body: Json, context: Context) -> Json:
    drop, choices = bool(context.settings["drop_logprobs"]), int(context.settings["max_choices"])
    if context.route == "gemini":
        return gemini_surface.answer(body, drop=drop, choices=choices)
    names = PROBABILITIES if drop else frozenset[str]()
    limits = Limits(names, context.route in EMPTY_LIST, choices)
    return _reduced(body, limits, DEPTH)


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
    """Of an event, in either form."""
    some = document if isinstance(document, dict) else {}
    found = some.get("choices") or some.get("candidates")
    return found if isinstance(found, list) else []


def _reduced(value: Json, limits: Limits, depth: int) -> Json:
    """A part of an answer without probabilities; the same object where there are none."""
    if depth == 0 or not isinstance(value, dict | list):
        return value
    if isinstance(value, list):
        parts = [_reduced(part, limits, depth - 1) for part in value]
        return value if is_same(parts, value) else parts
    changes = {}
    for name, inner in value.items():
        if name in limits.names:
            changes[name] = inner if not inner else [] if limits.as_lists else None
        elif name == "choices" and isinstance(inner, list):
            kept = [one for place, one in enumerate(inner) if _place(one, place) < limits.choices]
            changes[name] = _reduced(inner if len(kept) == len(inner) else kept, limits, depth - 1)
        elif name not in OWN:
            changes[name] = _reduced(inner, limits, depth - 1)
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
        Setting("drop_logprobs", True, "answer without log-probabilities"),
        Setting("max_choices", 1, "most choices an answer may have", low=1),
        Setting("max_tokens", 0, "most tokens an answer may have; 0 for no limit", low=0),
    ),
    includes=("tag",),
)
