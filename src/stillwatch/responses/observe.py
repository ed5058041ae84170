"""Nothing is changed; the decision and the exchange are recorded.

Harms: no one beyond the record itself, which holds no text by default.

Cannot: slow a harvest down.
"""

from stillwatch.responses._acting.interface import Context, Json, Response, Treatment


def request(body: Json, context: Context) -> Treatment:  # noqa: ARG001 - the shape of every response
    return Treatment(body=body)


RESPONSE = Response(step="observe", harms="None: the call goes on as it came.", request=request)
