"""Asks for stronger proof of who is calling: status 403 with a challenge a program can read.

The challenge is that of RFC 9470: `WWW-Authenticate: Bearer error="insufficient_user_authentication"` with
`acr_values` naming the level as `kyc-LEVEL`; the same stands in the body. The status is 403, not the 401 of that RFC:
clients take a 401 as a wrong key, and some throw the key away.

Harms: an innocent customer has to verify before the next call is answered.

Cannot: tell a verified operator from a verified customer; it makes accounts dearer.
"""

from stillwatch.access.verification.protocols.step_up import ERROR, MESSAGE, acr_of, challenge_header
from stillwatch.responses._acting.interface import Context, Json, Response, Setting, Treatment
from stillwatch.responses._acting.refusals import FORBIDDEN, refuse


def request(body: Json, context: Context) -> Treatment:
    asked = acr_of(int(context.settings["level"]))
    more = {"challenge": ERROR, "acr_values": [asked]}
    headers = {"www-authenticate": challenge_header([asked])}
    refusal = refuse(context, FORBIDDEN, message=MESSAGE, headers=headers, more=more)
    return Treatment(body=body, refusal=refusal)


RESPONSE = Response(
    step="step_up",
    harms="An innocent customer has to verify before the next call is answered.",
    request=request,
    settings=(Setting("level", 2, "verification level asked for", low=1, high=4),),
)
