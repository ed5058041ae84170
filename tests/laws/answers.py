"""What a customer sees of an answer, whole or streamed, in each wire format."""

import copy

from hypothesis import strategies as st

from stillwatch.lab.provider.script import Piece
from stillwatch.lab.provider.seen import seen_streamed, seen_whole
from stillwatch.lab.provider_app import answer, events
from stillwatch.records import Decision
from stillwatch.responses import Facilities, LocalBuckets, event_filters, treat_answer

__all__ = ["seen_streamed", "seen_whole"]
ROUTES = ("chat", "messages", "responses", "completions", "gemini")
TOOLS = [{"type": "function", "function": {"name": "weather"}}]
TEXTS = st.text(st.sampled_from("ab <think>/☂é\n"), min_size=1, max_size=30)
PIECES = st.lists(
    st.builds(Piece, st.sampled_from(["reasoning", "text"]), TEXTS)
    | st.builds(Piece, st.just("call"), st.sampled_from(["{}", '{"city": "Bern"}'])),
    max_size=6,
)


def request_of(route, **more):
    turns = {
        "chat": {"messages": [{"role": "user", "content": "Hi"}]},
        "messages": {"max_tokens": 64, "messages": [{"role": "user", "content": "Hi"}]},
        "responses": {"input": "Hi"},
        "completions": {"prompt": "Hi"},
        "gemini": {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]},
    }
    if route == "gemini" and "tools" in more:
        more["tools"] = [{"functionDeclarations": [tool["function"] for tool in more["tools"]]}]
    return {"model": "large-1", **turns[route], **more}


def decision_of(step, **more):
    stated = {
        "decision_id": "dec-1",
        "ts": 1_772_438_400_000_000,
        "account_id": "acc-a",
        "reason": "campaign_member",
        "campaign_id": "camp-1",
        "case_id": "case-1",
    }
    return Decision(step=step, **(stated | more))


def facilities(**more):
    given = {
        "now": lambda: 1_772_438_400.0,
        "buckets": LocalBuckets(),
        "appeal_url": "https://example.org/a/{decision_id}",
    }
    return Facilities(**(given | more))


def whole(route, script, decision, lent, request):
    offered = bool(request.get("tools"))
    document = answer(route, script, request)
    before = copy.deepcopy(document)
    changed = treat_answer(document, decision, route, lent, tools_offered=offered)
    assert document == before
    return changed


def streamed(route, script, decision, lent, request):
    """The events a customer gets."""
    offered = bool(request.get("tools"))
    filters = event_filters(decision, route, lent, tools_offered=offered)
    given = list(events(route, script, request))
    before = copy.deepcopy(given)
    out = [each for event in given for each in through(filters, event)]
    out += at_the_end(filters)
    assert given == before
    return out


def through(filters, event):
    some = [event]
    for each in filters:
        some = [new for old in some for new in each.event(old)]
    return some


def at_the_end(filters):
    some = []
    for each in filters:
        some = [new for old in some for new in each.event(old)] + each.end()
    return some


JUNK = (
    None,
    True,
    0,
    -1,
    "",
    "x",
    [],
    {},
    [None],
    {"type": "thinking"},
    [{"type": "text"}],
    "tool_use",
    {"index": {}},
)


def damaged(chance, document):
    """The document with one of its parts replaced or taken away."""
    places = [place for place in _places(document) if place]
    if not places:
        return chance.choice(JUNK)
    *above, last = chance.choice(places)
    whole = part = copy.deepcopy(document)
    for step in above:
        part = part[step]
    if isinstance(part, dict) and chance.random() < 0.2:
        del part[last]
    else:
        part[last] = chance.choice(JUNK)
    return whole


def _places(document, place=()):
    yield place
    pairs = document.items() if isinstance(document, dict) else ()
    if isinstance(document, list):
        pairs = enumerate(document)
    for step, part in pairs:
        yield from _places(part, (*place, step))
