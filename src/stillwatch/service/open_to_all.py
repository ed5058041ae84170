"""What needs no token: whether the service lives and is ready, its counters, and the description of it all."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.responses import Response

from stillwatch.service.operation import Media
from stillwatch.service.problem import AGAIN, Refused
from stillwatch.service.standing import Standing

JSON = "application/json"
METRICS = Media("text/plain", "Counters in Prometheus' text format")
DOCUMENT = Media(JSON, "This document")


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A path that everybody may read."""

    name: str
    path: str
    summary: str
    answer: Any
    run: Callable[[Standing], Awaitable[Response]]


class Live(msgspec.Struct, frozen=True):
    """The service answers."""

    live: bool


class Ready(msgspec.Struct, frozen=True):
    """The store can be read, the watch runs, the spool has room."""

    ready: bool


async def live(_: Standing) -> Response:
    return _json(Live(live=True))


async def ready(standing: Standing) -> Response:
    if troubles := await standing.troubles():
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "; ".join(troubles), {"retry-after": AGAIN})
    return _json(Ready(ready=True))


async def metrics(standing: Standing) -> Response:
    return Response(standing.series.text(), media_type="text/plain; version=0.0.4")


async def description(_: Standing) -> Response:
    from stillwatch.service.openapi import document  # noqa: PLC0415 - it describes this file as well

    return Response(document(), media_type=JSON)


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type=JSON)


OPENED = [
    Opened(name="is_live", path="/healthz", summary="Whether the service answers", answer=Live, run=live),
    Opened(
        name="is_ready",
        path="/readyz",
        summary="Whether all it needs is there; else 503, and why",
        answer=Ready,
        run=ready,
    ),
    Opened(name="get_metrics", path="/metrics", summary="Counters", answer=METRICS, run=metrics),
    Opened(
        name="get_description",
        path="/openapi.json",
        summary="This document",
        answer=DOCUMENT,
        run=description,
    ),
]
