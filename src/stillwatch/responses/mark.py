"""Asks the serving side to mark the answer: it is handed a marker cohort in a header.

The call is sent on with `x-stillwatch-mark: COHORT`. The cohort is a stable name made from the campaign, so that all
accounts of one operator get the same mark and a model trained on their answers can be recognised. The marking itself is done where
tokens are drawn, with the key that `stillwatch.marks` derives for the cohort; this changes no text. Cases keep which cohort
a campaign was switched to and when; `stillwatch mark cohorts` lists them.

Harms: a watermark may cost an innocent customer a little quality; how much is the watermark's own figure.

Cannot: mark anything if the serving side does not heed the header.
"""

from stillwatch.records import cohort_of
from stillwatch.responses._acting.interface import Context, Json, Response, Treatment


def request(body: Json, context: Context) -> Treatment:
    return Treatment(body=body, forward={"x-stillwatch-mark": cohort_of(context.decision)})


RESPONSE = Response(
    step="mark",
    harms="A watermark may cost a little quality, as much as the serving side's mark costs.",
    request=request,
    includes=("tag",),
)
