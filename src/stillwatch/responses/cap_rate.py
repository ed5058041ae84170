"""Caps the rate of a whole campaign: all accounts of one operator share one token bucket.

A call beyond it is refused with status 429 and `Retry-After` in whole seconds, which official clients heed. The
bucket belongs to the campaign, else to the case; so 500 accounts get no more than one (`shared_by: account` gives
each its own). A sixth of a minute's calls may come at once. The bucket is kept in the process or, where the gateway names a rate file, in a file that all processes of the machine share; machines do not share.

Harms: an innocent customer among the campaign's accounts shares its rate.

Cannot: change what the calls within the rate take.
"""

from math import ceil

from stillwatch.responses._acting.interface import Context, Json, Response, Setting, Treatment
from stillwatch.responses._acting.refusals import TOO_MANY, refuse

BURST = 1 / 6  # of a minute's calls that may come at once after a pause


def request(body: Json, context: Context) -> Treatment:
    decision, facilities = context.decision, context.facilities
    shared = context.settings["shared_by"] == "campaign" and (decision.campaign_id or decision.case_id)
    per_minute = float(context.settings["per_minute"])
    wait = facilities.buckets.take(
        f"campaign {shared}" if shared else f"account {decision.account_id}",
        facilities.now(),
        per_minute / 60.0,
        max(1.0, per_minute * BURST),
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
        Setting("per_minute", 60.0, "calls a minute, all sharers together", low=0.01),
        Setting("shared_by", "campaign", "who shares the rate", choices=("campaign", "account")),
    ),
    includes=("tag",),
)
