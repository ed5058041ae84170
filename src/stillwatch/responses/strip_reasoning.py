"""Takes the reasoning out of answers, and the text between tool calls; or puts a summary in its place.

Reasoning is what the API marks as such (`reasoning_content`, `reasoning`, `thinking` blocks, `reasoning` items, parts with
`thought`) and, where a server leaves it in the text, what stands in `<think>` tags at the beginning. Text that an answer
gives before a tool call of the same answer goes too, if the request offered tools. With a summary hook the gateway's
operator supplies, a summary takes the reasoning's place.

The answer stays well-formed: ids, order, usage and finish reason are kept. Opaque parts (`signature`,
`encrypted_content`, `redacted_thinking`, `thoughtSignature`) stay, because a conversation with tools cannot go on without
them. A block of text that falls away makes later blocks of Anthropic's format and Gemini's parts move up; in OpenAI's
Responses it stays, empty.

In a stream, thinking is left out as it comes. Text is held back only where tools were offered, until it is known
whether a call follows: such answers come later, though not more slowly.

The step also reduces the surface of the call, since log-probabilities of a reasoning text give it away.

Harms: customers who show the reasoning lose it, and agents that narrate their steps fall silent.

Cannot: see reasoning without an opening mark, as servers give it whose prompt ends inside the tag; or reasoning that
the prompt made the model write into its answer. It does not look into opaque parts, so a server that writes them readably
gives the reasoning away, unless the gateway seals them (`minted_ids`). Answers that a server has stored and gives to a
later `GET` are not treated: let the proxy refuse those, or the server store none.
"""

from stillwatch.responses._acting import (
    chat_reasoning,
    gemini_reasoning,
    messages_reasoning,
    responses_reasoning,
)
from stillwatch.responses._acting.interface import Context, EventFilter, Json, Response, Treatment
from stillwatch.responses._acting.passing import Unchanged
from stillwatch.responses._acting.summary import Summary

FORMATS = {
    "chat": chat_reasoning,
    "completions": chat_reasoning,
    "messages": messages_reasoning,
    "responses": responses_reasoning,
    "gemini": gemini_reasoning,
}
RAW_MESSAGES = (
    "enable_response_messages"  # by which vLLM is asked for what the model wrote, reasoning and all
)


def request(body: Json, context: Context) -> Treatment:  # noqa: ARG001 - the shape of every response
    if isinstance(body, dict) and RAW_MESSAGES in body:
        return Treatment(body={name: value for name, value in body.items() if name != RAW_MESSAGES})
    return Treatment(body=body)


def answer(body: Json, context: Context) -> Json:
    wire = FORMATS.get(context.route)
    if wire is None:
        return body
    summary = Summary(context.facilities.summarise)
    return wire.answer(body, summary, between_tools=context.tools_offered)


def events(context: Context) -> EventFilter:
    wire = FORMATS.get(context.route)
    if wire is None:
        return Unchanged()
    made: EventFilter = wire.Stream(
        Summary(context.facilities.summarise), between_tools=context.tools_offered
    )
    return made


RESPONSE = Response(
    step="strip_reasoning",
    harms="Customers who show the reasoning lose it, and agents that narrate their steps fall silent.",
    request=request,
    answer=answer,
    events=events,
    includes=("tag", "reduce_surface"),
)
