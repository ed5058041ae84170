"""Asks for stronger proof of who is calling: status 403 with a challenge a program can read.

The challenge is that of RFC 9470: `WWW-Authenticate: Bearer error="insufficient_user_authentication"` with
`acr_values` and, if set, `max_age`; the same stands in the body. The status is 403, not the 401 of that RFC:
clients take a 401 as a wrong key, and some throw the key away.

Harms: an innocent customer has to verify before the next call is answered.

Cannot: tell a verified operator from a verified customer; it makes accounts dearer.
"""

from stillwatch.responses._acting.headers import plain
from stillwatch.responses._acting.interface import Context, Json, Response, Setting, Treatment
from stillwatch.responses._acting.refusals import FORBIDDEN, refuse

ERROR = "insufficient_user_authentication"
MESSAGE = "Verification is needed before this account can go on."


def request(body: Json, context: Context) -> Treatment:
    asked = plain(str(context.settings["acr_values"]))
    max_age = int(context.settings["max_age"])
    challenge = f'Bearer error="{ERROR}", error_description="{MESSAGE}", acr_values="{asked}"'
    more: dict[str, Json] = {"challenge": ERROR, "acr_values": asked.split()}
    if max_age:
        challenge += f', max_age="{max_age}"'
        more["max_age"] = max_age
    refusal = refuse(context, FORBIDDEN, message=MESSAGE, headers={"www-authenticate": challenge}, more=more)
    return Treatment(body=body, refusal=refusal)


RESPONSE = Response(
    step="step_up",
    harms="An innocent customer has to verify before the next call is answered.",
    request=request,
    settings=(
        Setting("acr_values", "kyc-2", "authentication context classes asked for, best first, with spaces"),
        Setting(
            "max_age", 0, "seconds since the last verification that are allowed; 0 for any", low=0, high=10**9
        ),
    ),
)
