"""Delays the call by some seconds before it is sent on; the wait costs no thread.

A gateway may set a lower bound on the delay than the rule does, and on how many calls wait at once.

Harms: an innocent customer waits longer for a first token.

Cannot: slow down an operator who has more accounts than patience; a harvest in parallel runs on at full width.
"""

from stillwatch.responses._acting.interface import Context, Json, Response, Setting, Treatment


def request(body: Json, context: Context) -> Treatment:
    return Treatment(body=body, delay=float(context.settings["seconds"]))


RESPONSE = Response(
    step="hold",
    harms="An innocent customer waits longer for each answer.",
    request=request,
    settings=(Setting("seconds", 2.0, "delay before the call is sent on", low=0.01, high=300.0),),
    includes=("tag",),
)
