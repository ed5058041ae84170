"""What holds for every request, whatever it asks for: an id, bounds of time and number, headers, one line in the log.

Nothing that goes wrong inside leaves as more than a problem with the request's id; the log has the rest.
"""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from stillwatch.gateways.caller import client_address
from stillwatch.service.metrics import Series
from stillwatch.service.problem import AGAIN, Refused, answered

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

LOG = logging.getLogger("stillwatch.service")
OPERATION = "stillwatch.operation"  # where in a request's scope the name of its operation stands
UNKNOWN = "none"  # requests that no operation takes
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
GONE = 499  # the client went away before it was answered


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How much a client may ask of the service, whatever the operation."""

    requests: int = 200  # answered at once
    body_bytes: int = 64 << 20
    body_seconds: float = 60.0  # until a body has arrived
    trusted_hops: int = 0  # proxies of one's own in front that append to X-Forwarded-For


class Edge:
    """Wraps the application."""

    def __init__(
        self, app: App, series: Series, bounds: Bounds, answer: Callable[[Refused, str], Response] = answered
    ) -> None:
        self._answer = answer  # to what is refused, with the request's id
        self._app = app
        self._series = series
        self._bounds = bounds
        self._running = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1003})

    async def _request(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        asked = headers.get("x-request-id", "")
        request_id = asked if REQUEST_ID.fullmatch(asked) else secrets.token_hex(8)
        sending = _Sending(send, request_id)
        begun = time.perf_counter()
        self._running += 1
        try:
            if self._running > self._bounds.requests:
                busy = Refused(
                    HTTPStatus.SERVICE_UNAVAILABLE, "too many requests at once", {"retry-after": AGAIN}
                )
                await self._answer(busy, request_id)(scope, receive, sending)
            else:
                await self._guarded(scope, _Receiving(receive, self._bounds), sending, request_id)
        finally:
            self._running -= 1
            seconds = time.perf_counter() - begun
            operation = scope.get(OPERATION, UNKNOWN)
            self._series.answered(operation, sending.status, seconds)
            peer = scope["client"][0] if scope.get("client") else None
            client = client_address(headers.getlist("x-forwarded-for"), peer, self._bounds.trusted_hops)
            LOG.info(
                "%s %s %s %d %.0f ms %s",
                request_id,
                scope["method"],
                operation,
                sending.status,
                seconds * 1e3,
                client,
            )

    async def _guarded(self, scope: Message, receive: Receive, sending: "_Sending", request_id: str) -> None:
        scope["app"] = self._app  # by which the router raises what it refuses
        try:
            await self._app(scope, receive, sending)
        except Refused as refused:
            if sending.status != GONE:
                raise
            await self._answer(refused, request_id)(scope, receive, sending)
        except HTTPException as unknown:
            said = Refused(HTTPStatus(unknown.status_code), unknown.detail, unknown.headers)
            await self._answer(said, request_id)(scope, receive, sending)
        except ClientDisconnect:
            return
        except Exception:
            LOG.exception("request %s failed", request_id)
            if sending.status != GONE:
                raise  # the answer has begun: the connection is cut, which tells that it is not whole
            failed = Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "an error of the service; its log has more")
            await self._answer(failed, request_id)(scope, receive, sending)


class _Receiving:
    """The body of a request, which must arrive in time and within bounds."""

    def __init__(self, receive: Receive, bounds: Bounds) -> None:
        self._receive = receive
        self._bounds = bounds
        self._until = time.monotonic() + bounds.body_seconds
        self._bytes = 0
        self._whole = False

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout(max(self._until - time.monotonic(), 0.0)):
                message = await self._receive()
        except TimeoutError as error:
            said = f"the body did not arrive within {self._bounds.body_seconds:.0f} seconds"
            raise Refused(HTTPStatus.REQUEST_TIMEOUT, said, {"connection": "close"}) from error
        self._bytes += len(message.get("body", b""))
        if self._bytes > self._bounds.body_bytes:
            said = f"no body may have more than {self._bounds.body_bytes:,} bytes"
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said, {"connection": "close"})
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message


class _Sending:
    """The answer of a request, with the headers that all answers have."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status = GONE

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self._request_id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)
