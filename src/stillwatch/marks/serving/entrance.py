"""Middleware (ASGI) at the door of a server of models: the gateway's cohort becomes a ticket, and a client's becomes nothing.

    vllm serve MODEL --middleware stillwatch.marks.serving.entrance.VllmEntrance …

The cohort is read from the header `x-stillwatch-mark`, which gateways of Stillwatch write and remove where a client sends it:
this server has to be reached through them alone. From the body of each request every parameter that could choose a
mark is removed, whether there is a cohort or not. Settings are those of `stillwatch.marks.serving.settings`.

A body that is not a JSON object is refused with status 400, since what it says cannot be known; forms (uploads of sound and
pictures) are handed on as they are, and so are requests without a body.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from stillwatch.marks.serving.settings import Serving
from stillwatch.marks.serving.ticket import NAME, mint

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Json = dict[str, Any]

HEADER = b"x-stillwatch-mark"
FORM = b"multipart/form-data"
LARGEST = 256 * 2**20  # bytes of a body


class _Entrance:
    """Reads each body as a whole, lets `rewrite` change it, and hands it on."""

    def __init__(self, app: App, serving: Serving | None = None) -> None:
        self._app = app
        self._serving = (Serving.from_environment() if serving is None else serving).by_logits()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = scope.get("headers", [])
        form = any(name == b"content-type" and value.lower().startswith(FORM) for name, value in headers)
        if scope["type"] != "http" or scope["method"] != "POST" or form:
            await self._app(scope, receive, send)
            return
        said = await _whole(receive)
        if said is None:
            return  # the client went away
        if len(said) > LARGEST:
            await _refused(send, 413, "the body is too large")
            return
        body = said
        if said:
            asked = _object(said)
            if asked is None:
                await _refused(send, 400, "the body is not a JSON object")
                return
            self.rewrite(asked, self._ticket(headers))
            body = json.dumps(asked).encode()
        kept = [(name, value) for name, value in headers if name not in {HEADER, b"content-length"}]
        changed = {**scope, "headers": [*kept, (b"content-length", str(len(body)).encode())]}
        await self._app(changed, _once(body, receive), send)

    def _ticket(self, headers: list[tuple[bytes, bytes]]) -> str | None:
        named = [value.decode("latin-1") for name, value in headers if name == HEADER]
        return mint(self._serving.keys, named[0]) if len(named) == 1 and named[0] else None

    def rewrite(self, body: Json, ticket: str | None) -> None:
        raise NotImplementedError


class VllmEntrance(_Entrance):
    """vLLM hands `vllm_xargs` to processors of logits."""

    def rewrite(self, body: Json, ticket: str | None) -> None:
        extra = body.get("vllm_xargs")
        if extra is not None and not isinstance(extra, dict):
            return  # vLLM refuses it
        others = {name: value for name, value in (extra or {}).items() if name != NAME}
        if ticket is not None:
            others[NAME] = ticket
        if others or extra is not None:
            body["vllm_xargs"] = others


class SglangEntrance(_Entrance):
    """SGLang takes the processor from `custom_logit_processor`, and its parameters from `custom_params`."""

    def __init__(self, app: App, serving: Serving | None = None) -> None:
        from stillwatch.marks.serving.sglang import processor_text  # noqa: PLC0415 - torch, for this server alone

        super().__init__(app, serving)
        self._processor = processor_text()

    def rewrite(self, body: Json, ticket: str | None) -> None:
        """At the top for the forms of OpenAI; of SGLang's own form parameters stand in `sampling_params`, one or a list."""
        body["custom_logit_processor"] = self._processor
        params = {} if ticket is None else {NAME: ticket}
        body["custom_params"] = params
        sampling = body.get("sampling_params")
        for one in sampling if isinstance(sampling, list) else [sampling]:
            if isinstance(one, dict):
                one["custom_params"] = params
        if sampling is None and ("text" in body or "input_ids" in body or "input_embeds" in body):
            body["sampling_params"] = {"custom_params": params}


async def _whole(receive: Receive) -> bytes | None:
    """None where the client went away; of what is too large only enough to see that."""
    said = bytearray()
    more = True
    while more and len(said) <= LARGEST:
        message = await receive()
        if message["type"] != "http.request":
            return None
        said += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(said)


def _object(said: bytes) -> Json | None:
    """As the servers read it: Python's own reader, which allows NaN."""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _once(body: bytes, receive: Receive) -> Receive:
    """The body, and then whatever comes: that the client went away."""
    handed = False

    async def receiving() -> Message:
        nonlocal handed
        if handed:
            return await receive()
        handed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


async def _refused(send: Send, status: int, why: str) -> None:
    said = json.dumps({"error": {"message": why, "type": "invalid_request_error"}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(said)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": said})
