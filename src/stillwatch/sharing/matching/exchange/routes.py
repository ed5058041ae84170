"""The evaluator over HTTP, as an ASGI application: one path, and nothing that an outsider can learn from."""

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from stillwatch.sharing.matching.exchange.evaluator import Evaluator
from stillwatch.sharing.matching.exchange.messages import CONTENT_TYPE, LARGEST_MESSAGE, PATH, Reason

STATUS = {
    Reason.MALFORMED: 400,
    Reason.UNSIGNED: 401,
    Reason.MISDIRECTED: 403,
    Reason.STALE: 403,
    Reason.REPLAYED: 409,
    Reason.KEY: 410,
    Reason.QUORUM: 422,
    Reason.ELEMENTS: 422,
    Reason.LIMIT: 429,
}
TOO_LARGE = 413


def application(evaluator: Evaluator) -> Starlette:
    """The application that answers requests with `evaluator`."""

    async def evaluate(http: HttpRequest) -> Response:
        content = bytearray()
        try:
            async for piece in http.stream():
                content += piece
                if len(content) > LARGEST_MESSAGE:
                    return Response(status_code=TOO_LARGE)
        except ClientDisconnect:
            return Response(status_code=400)
        reason, reply = await run_in_threadpool(evaluator.answer, bytes(content))
        return Response(reply, status_code=200 if reason is None else STATUS[reason], media_type=CONTENT_TYPE)

    return Starlette(routes=[Route(PATH, evaluate, methods=["POST"])])
