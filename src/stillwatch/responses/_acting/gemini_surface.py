"""What Google's Gemini gives beside text: log-probabilities and several candidates, in requests and answers.

Settings of a request stand in `generationConfig`. As the API reads protocol buffers, each name may also be written with
underscores.
"""

from stillwatch.responses._acting.interface import Json
from stillwatch.responses._acting.sameness import is_same

CONFIG = ("generationConfig", "generation_config")
ASKING = frozenset({"responseLogprobs", "response_logprobs", "logprobs"})
COUNTS = ("candidateCount", "candidate_count")
LENGTHS = ("maxOutputTokens", "max_output_tokens")
GIVEN = frozenset({"logprobsResult", "avgLogprobs"})


def request(body: dict[str, Json], *, drop: bool, choices: int, hottest: float, longest: int) -> Json:
    """A request that asks for no more than it gets; the same object where it does not."""
    names = [name for name in CONFIG if isinstance(body.get(name), dict)]
    if not names and not longest:
        return body
    changed = dict(body)
    for name in names or CONFIG[:1]:
        changed[name] = _limited(body.get(name) or {}, drop=drop, choices=choices, hottest=hottest)
        if longest:
            _shorten(changed[name], longest)
    return body if changed == body else changed


def _limited(config: dict[str, Json], *, drop: bool, choices: int, hottest: float) -> dict[str, Json]:
    dropped = {"seed", *(ASKING if drop else ())}
    out = {name: value for name, value in config.items() if name not in dropped}
    for name, most in [*((name, choices) for name in COUNTS), ("temperature", hottest)]:
        asked = out.get(name)
        if isinstance(asked, int | float) and asked > most:
            out[name] = most
    return out


def _shorten(config: dict[str, Json], longest: int) -> None:
    asked = [name for name in LENGTHS if config.get(name)]
    for name in asked:
        if isinstance(config[name], int | float):
            config[name] = min(config[name], longest)
    if not asked:
        config[LENGTHS[0]] = longest


def answer(body: Json, *, drop: bool, choices: int) -> Json:
    """An answer or a chunk without log-probabilities and surplus candidates; a list of chunks likewise."""
    if isinstance(body, list):
        parts = [answer(part, drop=drop, choices=choices) for part in body]
        return body if is_same(parts, body) else parts
    candidates = body.get("candidates") if isinstance(body, dict) else None
    if not isinstance(candidates, list):
        return body
    kept = [one for place, one in enumerate(candidates) if _place(one, place) < choices]
    if drop:
        kept = [_without_probabilities(one) for one in kept]
    return body if is_same(kept, candidates) else {**body, "candidates": kept}


def _without_probabilities(candidate: Json) -> Json:
    if not isinstance(candidate, dict) or GIVEN.isdisjoint(candidate):
        return candidate
    return {name: value for name, value in candidate.items() if name not in GIVEN}


def _place(candidate: Json, place: int) -> int:
    """The index that a candidate says it has, else where it stands."""
    said = candidate.get("index") if isinstance(candidate, dict) else None
    return said if type(said) is int else place
