"""Refuses the call with status 403.

The body holds a reason code, a message, the decision's id and, where the rule allows an appeal, a link to it.

Harms: an innocent customer is cut off until the case is closed. A policy wants a reviewer before it.

Cannot: keep an operator from coming back with other accounts; those are found by what they share with these.
"""

from stillwatch.responses._acting.interface import Context, Json, Response, Treatment
from stillwatch.responses._acting.refusals import FORBIDDEN, refuse


def request(body: Json, context: Context) -> Treatment:
    return Treatment(body=body, refusal=refuse(context, FORBIDDEN))


RESPONSE = Response(
    step="block",
    harms="An innocent customer is cut off until a person takes the decision back.",
    request=request,
    reversible=False,
)
