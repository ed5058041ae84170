"""Taking the step of a decision: the one place where it is settled whether, and what with it."""

from collections.abc import Iterator

import msgspec

from stillwatch.records import Decision, Route
from stillwatch.responses._acting.catalogue import catalogue
from stillwatch.responses._acting.interface import Context, EventFilter, Facilities, Json, Response, Treatment
from stillwatch.responses._acting.settings import complete

MICROS = 1_000_000


def justified(decision: Decision, now: float) -> bool:
    """Whether a decision may be acted upon: it has a reason code and evidence, and has not run out."""
    evidence = decision.case_id or decision.campaign_id or decision.standing_id
    in_time = decision.expires_at is None or now * MICROS < decision.expires_at
    return decision.step == "observe" or bool(decision.reason and evidence and in_time)


def treat(body: Json, decision: Decision, route: Route, facilities: Facilities) -> Treatment:
    """What becomes of a request; nothing where the decision is not justified."""
    result = Treatment(body=body)
    if not justified(decision, facilities.now()):
        return result
    for response, context in _contexts(decision, route, facilities):
        treatment = response.request(result.body, context)
        result = msgspec.structs.replace(
            treatment,
            delay=result.delay + treatment.delay,
            forward={**result.forward, **treatment.forward},
        )
        if result.refusal is not None:
            break
    return result


def edits_answers(decision: Decision) -> bool:
    """Whether the answer of a call may come to be changed."""
    return any(response.answer or response.events for response in _taken(decision))


def treat_answer(
    body: Json, decision: Decision, route: Route, facilities: Facilities, *, tools_offered: bool
) -> Json:
    """What becomes of a whole answer."""
    for response, context in _contexts(decision, route, facilities, tools_offered=tools_offered):
        if response.answer is not None:
            body = response.answer(body, context)
    return body


def event_filters(
    decision: Decision, route: Route, facilities: Facilities, *, tools_offered: bool
) -> list[EventFilter]:
    """What the events of a stream go through, one after the other."""
    return [
        response.events(context)
        for response, context in _contexts(decision, route, facilities, tools_offered=tools_offered)
        if response.events is not None
    ]


def _taken(decision: Decision) -> list[Response]:
    """The responses of a decision: the milder ones its step includes, then its own."""
    found = catalogue()
    own = found.get(decision.step)
    return [] if own is None else [*(found[step] for step in own.includes), own]


def _contexts(
    decision: Decision, route: Route, facilities: Facilities, *, tools_offered: bool = False
) -> Iterator[tuple[Response, Context]]:
    for response in _taken(decision):
        settings = complete(response, decision.settings)
        yield (
            response,
            Context(
                decision=decision,
                route=route,
                facilities=facilities,
                settings=settings,
                tools_offered=tools_offered,
            ),
        )
