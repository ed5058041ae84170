"""Asks the serving side to mark the answer: it is handed a marker cohort in a header.

The call is sent on with `x-stillwatch-mark: COHORT`. The cohort is a stable name made from the campaign, so that all
accounts of one operator get the same mark and a model trained on their answers can be recognised. The marking itself is done where tokens are drawn; this changes no text.

Harms: a watermark may cost an innocent customer a little quality; how much is the watermark's own figure.

Cannot: mark anything if the serving side does not heed the header.
"""

from hashlib import blake2b

from stillwatch.responses._acting.interface import Context, Json, Response, Treatment


def request(body: Json, context: Context) -> Treatment:
    return Treatment(body=body, forward={"x-stillwatch-mark": _cohort(context)})


def _cohort(context: Context) -> str:
    source = str(context.decision.campaign_id or context.decision.case_id)
    return blake2b(source.encode("utf-8", "surrogatepass"), digest_size=8, person=b"mark").hexdigest()


RESPONSE = Response(
    step="mark",
    harms="A watermark may cost a little quality, as much as the serving side's mark costs.",
    request=request,
    includes=("tag",),
)
