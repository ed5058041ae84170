"""Caps the rate of a whole campaign: all accounts of one operator share one token bucket.

A call beyond it is refused with status 429 and `Retry-After` in whole seconds, which official clients heed. The
bucket belongs to the campaign, else to the case; so 500 accounts get no more than one. It is kept in the process
or, where the gateway names a rate file, in a file that all processes of the machine share; machines do not share.

Harms: an innocent customer among the campaign's accounts shares its rate.

Cannot: change what the calls within the rate take.
"""

from math import ceil

from stillwatch.responses._acting.interface import Context, Json, Response, Setting, Treatment
from stillwatch.responses._acting.refusals import TOO_MANY, refuse


def request(body: Json, context: Context) -> Treatment:
    decision, facilities = context.decision, context.facilities
    wait = facilities.buckets.take(
        str(decision.campaign_id or decision.case_id),
        facilities.now(),
        float(context.settings["per_minute"]) / 60.0,
        float(context.settings["burst"]),
    )
    if not wait:
        return Treatment(body=body)
    refusal = refuse(context, TOO_MANY, headers={"retry-after": str(ceil(wait))})
    return Treatment(body=body, refusal=refusal)


RESPONSE = Response(
    step="cap_rate",
    harms="An innocent customer among the campaign's accounts shares its rate and is told to retry.",
    request=request,
    settings=(
        Setting(
            "per_minute", 60.0, "calls a minute of all the campaign's accounts together", low=0.01, high=1e6
        ),
        Setting("burst", 10.0, "calls that may come at once after a pause", low=1.0, high=1e6),
    ),
    includes=("tag",),
)
