"""Adds headers for the serving side, so that its logs and queues can tell these calls apart.

The call is sent on with `x-stillwatch-tag` (the setting `label`), `x-stillwatch-step`, `x-stillwatch-decision` and
`x-stillwatch-campaign`. The customer sees nothing of it: headers of the answer stay as they are.

Harms: none as such; what the serving side makes of the headers is the operator's own affair.

Cannot: reach a serving side behind a gateway that drops unknown headers.
"""

from stillwatch.responses._acting.headers import plain
from stillwatch.responses._acting.interface import Context, Json, Response, Setting, Treatment


def request(body: Json, context: Context) -> Treatment:
    decision = context.decision
    named = {
        "x-stillwatch-tag": str(context.settings["label"]),
        "x-stillwatch-step": decision.step,
        "x-stillwatch-decision": decision.decision_id,
        "x-stillwatch-campaign": decision.campaign_id or decision.case_id,
    }
    return Treatment(body=body, forward={name: plain(value) for name, value in named.items() if value})


RESPONSE = Response(
    step="tag",
    harms="None: the customer's call and answer stay as they are.",
    request=request,
    settings=(Setting("label", "suspected", "the word that goes with the call"),),
)
