"""Middleware for any server of models that speaks ASGI: vLLM, FastAPI, Starlette, and others on asyncio.

With vLLM, which takes a class and no arguments, the configuration is named by the environment:

    STILLWATCH_GATEWAY=gateway.yaml vllm serve MODEL --middleware stillwatch.gateways.asgi.StillwatchMiddleware

With FastAPI or Starlette: `app.add_middleware(StillwatchMiddleware, settings="gateway.yaml")`.

Requests to Chat, Completions, Messages, Responses and embeddings are read up to `limits.body_bytes`; longer, slower and
compressed ones go on unread and are counted. Answers go on piece by piece. Only where a step edits a whole answer it
is held until it is complete, up to `limits.answer_bytes`. Other paths, websockets and lifespan pass through.

A client's own `x-stillwatch-` headers are removed on every path: what the serving side finds there is ours.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from stillwatch.gateways import metrics
from stillwatch.gateways._wire.body import encoded
from stillwatch.gateways._wire.routes import route_of
from stillwatch.gateways.asgi_answer import Answer
from stillwatch.gateways.asgi_body import Incoming
from stillwatch.gateways.caller import Caller
from stillwatch.gateways.guard import Decide
from stillwatch.gateways.opening import Gateway, open_gateway
from stillwatch.gateways.passage import Passage
from stillwatch.gateways.settings import load
from stillwatch.gateways.showing import Showing
from stillwatch.records import InvalidConfiguration

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

ENVIRONMENT = "STILLWATCH_GATEWAY"
OURS = b"x-stillwatch-"
BROKEN_OFF = 499  # as nginx writes it: the client went away before it was answered


class StillwatchMiddleware:
    """Asks a guard about each call, and hands on what became of it."""

    def __init__(
        self,
        app: App,
        *,
        settings: str | Path | None = None,
        gateway: Gateway | None = None,
        decide: Decide | None = None,
        summarise: Callable[[str], str] | None = None,
    ) -> None:
        self._app = app
        self._gateway = gateway or _opened(settings, decide, summarise)
        self._guard = self._gateway.guard
        self._limits = self._gateway.settings.limits
        self._held = 0
        bound = self._gateway.settings.bound_keys
        if bound is not None and bound.certificate_header and not bound.certificate_from:
            raise InvalidConfiguration(
                "bound_keys: certificate_header is believed from no peer: name your proxies in certificate_from"
            )

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, self._closing(send))
            return
        route = route_of(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if route is not None:
            incoming = Incoming(receive, self._guard.trouble)
            body = await incoming.read(scope["headers"], self._limits.body_bytes, self._limits.body_seconds)
            passage = self._guard.request(self._caller(scope), route, body, self._showing(scope))
            await self._pass(passage, scope, incoming, send)
        elif self._gateway.settings.metrics_path and scope.get("path") == self._gateway.settings.metrics_path:
            text = metrics.text(self._guard.metrics())
            await _reply(send, 200, {"content-type": metrics.CONTENT_TYPE}, text.encode())
        else:
            await self._app(_without_ours(self._about_a_response(scope)), receive, send)

    def _about_a_response(self, scope: Message) -> Message:
        """A request about one of OpenAI's responses, by the id that the server knows."""
        if self._guard.ids is None or scope["type"] != "http" or "/responses/" not in scope["path"]:
            return scope
        try:
            path = self._guard.ids.path(scope["path"])
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, the customer's call goes on
            self._guard.trouble.caught("minted_ids", error)
            return scope
        return scope if path == scope["path"] else {**scope, "path": path, "raw_path": quote(path).encode()}

    async def _pass(self, passage: Passage, scope: Message, incoming: Incoming, send: Send) -> None:
        """Refuse a call, or send it on after its delay and see its answer through."""
        status: int | None = None
        error_type: str | None = None
        answer = Answer(passage, send, self._limits.answer_bytes, self._guard.trouble)
        try:
            if passage.refusal is not None:
                refusal = passage.refusal
                status = refusal.status
                await _reply(send, status, refusal.headers, encoded(refusal.body))
                return
            await self._hold(passage.delay)
            await self._app(_sent_on(passage, scope, incoming), incoming.receive, answer.send)
            status = answer.status
        except asyncio.CancelledError:
            status, error_type = answer.status or BROKEN_OFF, "cancelled"
            raise
        except Exception as error:
            status, error_type = answer.status or 500, type(error).__name__
            raise
        finally:
            incoming.close()
            passage.finish(status, error_type=error_type)

    def _caller(self, scope: Message) -> Caller:
        try:
            return self._gateway.identity.caller(_decoded(scope["headers"]), _peer(scope))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, the customer's call goes on
            self._guard.trouble.caught("caller", error)
            return Caller(account_id=None)

    def _showing(self, scope: Message) -> Showing | None:
        """What a call shows, where keys are asked for."""
        if self._guard.keys is None:
            return None
        path = scope.get("raw_path") or quote(scope["path"].encode("utf-8", "surrogatepass")).encode()
        return Showing(
            method=scope["method"],
            path=path.decode("latin-1"),
            headers=list(_decoded(scope["headers"])),
            peer=_peer(scope),
        )

    async def _hold(self, seconds: float) -> None:
        if seconds <= 0.0:
            return
        if self._held >= self._limits.held:
            self._guard.trouble.count("holds_skipped")
            return
        self._held += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            self._held -= 1

    def _closing(self, send: Send) -> Send:
        """Hand on what is queued before the server goes down."""

        async def closing(message: Message) -> None:
            if message["type"].startswith("lifespan.shutdown"):
                await asyncio.to_thread(self._guard.close)
            await send(message)

        return closing


def _opened(
    settings: str | Path | None, decide: Decide | None, summarise: Callable[[str], str] | None
) -> Gateway:
    named = settings or os.environ.get(ENVIRONMENT)
    if not named:
        raise InvalidConfiguration(
            f"the middleware needs its configuration: set {ENVIRONMENT} to the path of a file, or give `settings`"
        )
    return open_gateway(load(Path(named)), decide=decide, summarise=summarise)


def _without_ours(scope: Message) -> Message:
    """A scope without what only we may say; most have nothing of it."""
    headers = scope.get("headers", [])
    kept = [pair for pair in headers if not pair[0].startswith(OURS)]
    return scope if len(kept) == len(headers) else {**scope, "headers": kept}


def _sent_on(passage: Passage, scope: Message, incoming: Incoming) -> Message:
    """The request as the application gets it."""
    headers = [pair for pair in scope["headers"] if not pair[0].startswith(OURS)]
    headers += [(name.encode(), value.encode()) for name, value in passage.forward.items()]
    if passage.edits_answers:  # an answer that is compressed cannot be edited
        headers = [pair for pair in headers if pair[0] != b"accept-encoding"]
    body = passage.body if passage.changed else None
    if body is not None:
        headers = [pair for pair in headers if pair[0] not in {b"content-length", b"transfer-encoding"}]
        headers.append((b"content-length", str(len(body)).encode()))
        incoming.replace(body)
    return {**scope, "headers": headers} if headers != list(scope["headers"]) else scope


async def _reply(send: Send, status: int, headers: Mapping[str, str], body: bytes) -> None:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    pairs.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


def _decoded(headers: Headers) -> Iterable[tuple[str, str]]:
    return ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)


def _peer(scope: Message) -> str | None:
    client = scope.get("client")
    return client[0] if client else None
