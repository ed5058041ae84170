"""Guardrails over HTTP: LiteLLM's Generic Guardrail API, and Portkey's webhook.

    stillwatch gateway guardrail --config gateway.yaml --listen 127.0.0.1:8400

`POST /beta/litellm_basic_guardrail_api` is what LiteLLM's `guardrail: generic_guardrail_api` calls before and after a
call. The account is the key's user, else its team, else the key's hash. `POST /portkey` is what a webhook check of
Portkey calls; the account is the member `_user` of the metadata, or the one that `account_claim` names. `GET /metrics`
shows counters. With STILLWATCH_GUARDRAIL_TOKEN set, both want it as `Authorization: Bearer` or `x-api-key`.

Cannot: these interfaces carry no headers of answers and, LiteLLM's, no settings of a request. So with LiteLLM a rate
or a verification becomes a plain refusal, which its customers get with status 400; surface is not reduced on the
request; no tag or mark reaches the model; and of an answer only texts can be changed: what LiteLLM holds as
`reasoning_content` or as a block of thinking stays, also where it made it out of `<think>` tags. Streams are edited where LiteLLM runs with
`streaming_transform_mode: incremental_diff`; Portkey asks about no streamed answer.
"""

import asyncio
import hmac
import os
from collections import OrderedDict
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stillwatch.gateways import metrics
from stillwatch.gateways._wire.body import Json, decoded, encoded
from stillwatch.gateways.asgi import ENVIRONMENT
from stillwatch.gateways.caller import Caller, client_address
from stillwatch.gateways.opening import Gateway, open_gateway
from stillwatch.gateways.passage import Passage
from stillwatch.gateways.settings import load
from stillwatch.records import InvalidConfiguration, Route

try:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route as Path_
except ModuleNotFoundError as missing:
    raise InvalidConfiguration(
        "the guardrail service needs more packages: pip install 'stillwatch[live]'"
    ) from missing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TOKEN = "STILLWATCH_GUARDRAIL_TOKEN"  # noqa: S105 - the name of a variable
QUIET = 20.0  # seconds after the last word about a call until its exchange is handed on
OPEN_CALLS = 10_000  # calls whose answers are waited for
PORTKEY_USER = "_user"
PORTKEY_ROUTES: dict[str, Route] = {
    "chatComplete": "chat",
    "complete": "completions",
    "embed": "embeddings",
    "messages": "messages",
    "createModelResponse": "responses",
}
PRESENT = "[present]"  # what LiteLLM sends in place of a header's value


def create() -> Starlette:
    """The service, configured by the environment. Raises InvalidConfiguration."""
    named = os.environ.get(ENVIRONMENT)
    if not named:
        raise InvalidConfiguration(f"set {ENVIRONMENT} to the path of the gateway's configuration")
    return guardrail_app(open_gateway(load(Path(named))), token=stated_token())


def stated_token() -> str | None:
    """What callers must know, if anything is stated."""
    return os.environ.get(TOKEN)


def guardrail_app(gateway: Gateway, *, token: str | None = None, quiet: float = QUIET) -> Starlette:
    """The service on a gateway."""
    gateway.settings.ask_no_keys("the guardrail API")
    gateway.settings.mint_no_ids("the guardrail API")
    service = _Service(gateway, token, quiet)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> "AsyncIterator[None]":
        yield
        service.finish_all()
        await asyncio.to_thread(gateway.guard.close)

    paths = [
        Path_("/beta/litellm_basic_guardrail_api", service.litellm, methods=["POST"]),
        Path_("/portkey", service.portkey, methods=["POST"]),
        Path_("/metrics", service.metrics, methods=["GET"]),
    ]
    return Starlette(routes=paths, lifespan=lifespan)


class _Open:
    """A call that LiteLLM may yet say more about."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.seconds: float | None = None
        self.given: list[str] = []  # texts of the answer so far, one a choice
        self.returned: list[str] = []  # what became of them
        self.timer: asyncio.TimerHandle | None = None


class _Service:
    def __init__(self, gateway: Gateway, token: str | None, quiet: float) -> None:
        self._guard = gateway.guard
        self._settings = gateway.settings
        self._token = token
        self._quiet = quiet
        self._open: OrderedDict[str, _Open] = OrderedDict()

    async def litellm(self, request: Request) -> Response:
        if not self._allowed(request):
            return Response(status_code=401)
        said = decoded(await request.body())
        if not isinstance(said, dict):
            self._guard.trouble.count("bodies_unreadable")
            return _json({"action": "NONE"})
        if said.get("input_type") == "response":
            return _json(self._litellm_answer(said))
        return _json(await self._litellm_request(said))

    async def portkey(self, request: Request) -> Response:
        if not self._allowed(request):
            return Response(status_code=401)
        said = decoded(await request.body())
        if not isinstance(said, dict):
            self._guard.trouble.count("bodies_unreadable")
            return _json({"verdict": True})
        if said.get("eventType") == "afterRequestHook":
            return _json(self._portkey_answer(said))
        return _json(await self._portkey_request(said))

    async def metrics(self, _: Request) -> Response:
        return Response(metrics.text(self._guard.metrics()), headers={"content-type": metrics.CONTENT_TYPE})

    def finish_all(self) -> None:
        """Hand on the calls that are open."""
        while self._open:
            self._finish(next(iter(self._open)))

    async def _litellm_request(self, said: dict[str, Json]) -> dict[str, Json]:
        passage = self._guard.request_document(self._litellm_caller(said), "chat", _chat_request(said))
        if passage.refusal is not None:
            passage.finish(passage.refusal.status)
            return {"action": "BLOCKED", "blocked_reason": _reason(passage)}
        await asyncio.sleep(passage.delay)
        call = _text(said, "litellm_call_id")
        if call is None:
            passage.finish(None)
        else:
            self._keep(call, _Open(passage))
        return {"action": "NONE"}

    def _litellm_answer(self, said: dict[str, Json]) -> dict[str, Json]:
        opened = self._open.get(_text(said, "litellm_call_id") or "")
        if opened is None:
            self._guard.trouble.count("answers_unmatched")
            return {"action": "NONE"}
        passage = opened.passage
        opened.seconds = passage.seconds
        self._wait(opened)
        shown = [text for text in _list(said, "texts") if isinstance(text, str)]
        given = opened.given = _continued(opened, shown)
        calls = _list(said, "tool_calls")
        message: dict[str, Json] = (
            {"role": "assistant", "tool_calls": calls} if calls else {"role": "assistant"}
        )
        choices = [{"index": 0, "message": {**message, "content": text}} for text in given]
        answer = passage.answer_document({"choices": choices or [{"index": 0, "message": message}]})
        texts = [choice["message"].get("content") or "" for choice in answer["choices"]]
        if len(texts) != len(shown) or texts == given:
            return {"action": "NONE"}
        opened.returned = texts
        return {"action": "GUARDRAIL_INTERVENED", "texts": texts}

    def _litellm_caller(self, said: dict[str, Json]) -> Caller:
        about, headers = said.get("request_data"), said.get("request_headers")
        shown = {
            name.lower(): value
            for name, value in (headers.items() if isinstance(headers, dict) else ())
            if isinstance(value, str) and value != PRESENT
        }
        key, team = _text(about, "user_api_key_hash"), _text(about, "user_api_key_team_id")
        forwarded = [shown["x-forwarded-for"]] if "x-forwarded-for" in shown else []
        return Caller(
            account_id=_text(about, "user_api_key_user_id") or team or key,
            exchange_id=_text(said, "litellm_call_id"),
            org_id=_text(about, "user_api_key_org_id") or team,
            api_key_id=key,
            end_user_id=_text(about, "user_api_key_end_user_id"),
            session_id=_text(said, "litellm_trace_id"),
            client_ip=client_address(forwarded, None, self._settings.trusted_hops),
            user_agent=shown.get("user-agent"),
            accept_language=shown.get("accept-language"),
            ja4=shown.get(self._settings.facts.get("ja4", "")),
            country=shown.get(self._settings.facts.get("country", "")),
        )

    async def _portkey_request(self, said: dict[str, Json]) -> dict[str, Json]:
        passage = self._guard.request_document(
            self._portkey_caller(said), _portkey_route(said), _body(said, "request")
        )
        if passage.refusal is not None:
            passage.finish(passage.refusal.status)
            return {"verdict": False, "data": {"reason": _reason(passage)}}
        await asyncio.sleep(passage.delay)
        if not passage.changed:
            return {"verdict": True}
        return {"verdict": True, "transformedData": {"request": {"json": passage.document}}}

    def _portkey_answer(self, said: dict[str, Json]) -> dict[str, Json]:
        caller, answer = self._portkey_caller(said), _body(said, "response")
        passage = self._guard.answered(caller, _portkey_route(said), _body(said, "request"))
        changed = passage.answer_document(answer)
        status = said["response"].get("statusCode") if isinstance(said.get("response"), dict) else None
        passage.finish(status if type(status) is int else None)
        if changed is answer:
            return {"verdict": True}
        return {"verdict": True, "transformedData": {"response": {"json": changed}}}

    def _portkey_caller(self, said: dict[str, Json]) -> Caller:
        claim = self._settings.account_claim
        about = said.get("metadata")
        return Caller(account_id=_text(about, PORTKEY_USER if claim == "sub" else claim))

    def _allowed(self, request: Request) -> bool:
        if self._token is None:
            return True
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        given = given or request.headers.get("x-api-key", "")
        return hmac.compare_digest(given.encode(), self._token.encode())

    def _keep(self, call: str, opened: _Open) -> None:
        self._finish(call)
        self._open[call] = opened
        self._wait(opened)
        if len(self._open) > OPEN_CALLS:
            self._finish(next(iter(self._open)))

    def _wait(self, opened: _Open) -> None:
        """Finish a call when nothing more is said about it: a stream is asked about many times over."""
        if opened.timer is not None:
            opened.timer.cancel()
        wait = self._quiet if opened.seconds is not None else self._settings.limits.hold_seconds + 600.0
        loop = asyncio.get_running_loop()
        opened.timer = loop.call_later(wait, self._finish, opened.passage.exchange_id)

    def _finish(self, call: str) -> None:
        opened = self._open.pop(call, None)
        if opened is None:
            return
        if opened.timer is not None:
            opened.timer.cancel()
        opened.passage.finish(None if opened.seconds is None else 200, seconds=opened.seconds)


def _continued(opened: _Open, shown: list[str]) -> list[str]:
    """The texts of an answer so far, from what LiteLLM shows of them in the course of a stream.

    That is all of the model's text (`incremental_diff`), or what follows on what it was given back (`block_only`).
    """
    if len(shown) != len(opened.given):
        return shown
    returned = opened.returned or [""] * len(shown)
    return [
        text if text.startswith(before) else before + text.removeprefix(back)
        for text, before, back in zip(shown, opened.given, returned, strict=True)
    ]


def _chat_request(said: dict[str, Json]) -> dict[str, Json]:
    """The request as far as LiteLLM shows it, in the shape of Chat."""
    turns = _list(said, "structured_messages")
    if not turns:
        turns = [{"role": "user", "content": text} for text in _list(said, "texts")]
    body: dict[str, Json] = {"model": said.get("model"), "messages": turns}
    return body | ({"tools": said["tools"]} if said.get("tools") else {})


def _reason(passage: Passage) -> str:
    """What a refused customer is told, in a sentence that also names the decision."""
    decision, refusal = passage.decision, passage.refusal
    assert refusal is not None
    message = str(refusal.body["error"]["message"])
    return f"{message} ({decision.reason}, {decision.decision_id})" if decision else message


def _portkey_route(said: dict[str, Json]) -> Route:
    return PORTKEY_ROUTES.get(_text(said, "requestType") or "", "chat")


def _body(said: dict[str, Json], name: str) -> Json:
    part = said.get(name)
    return part.get("json") if isinstance(part, dict) else None


def _text(document: Json, name: str) -> str | None:
    value = document.get(name) if isinstance(document, dict) else None
    return value if isinstance(value, str) and value else None


def _list(document: dict[str, Json], name: str) -> list[Any]:
    value = document.get(name)
    return value if isinstance(value, list) else []


def _json(document: Json) -> Response:
    return Response(encoded(document), headers={"content-type": "application/json"})
