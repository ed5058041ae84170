"""A guardrail class inside LiteLLM's proxy, for Chat, Completions, Messages, Responses and embeddings.

    guardrails:
      - guardrail_name: stillwatch
        litellm_params:
          guardrail: stillwatch.gateways.litellm.StillwatchGuardrail
          mode: [pre_call, post_call]
          default_on: true
          settings: gateway.yaml

`settings` is the gateway's configuration; without it the environment's STILLWATCH_GATEWAY names it. `account` says
whose calls belong together: `key` (the default, the hash LiteLLM logs), `user`, `team` or `org`; where a key has none,
the key. The end user that a request names is kept beside it. Of the settings, those that find an account in headers
have no place here.

The class decides before the call, and edits answers whole and event by event. Refusals are raised as LiteLLM's own
errors with our status, headers and code; a hold is a sleep. No error of ours reaches a call: each hook has the same
boundary around it, and what is caught there is counted and logged. Marks for the serving side go as extra headers.

With `bound_keys`, a DPoP proof is looked for in the request as LiteLLM received it. A client certificate is not: no hook
knows which peer handed it on.

With `minted_ids`, the ids of OpenAI's responses themselves stay: LiteLLM puts more into them than a name.

Cannot: without `post_call` among the modes answers are neither edited nor recorded. A key or team that LiteLLM lets
opt out of guardrails is not seen at all.
"""

import asyncio
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import msgspec

from stillwatch.gateways._litellm import answers
from stillwatch.gateways._litellm.open_calls import OpenCalls
from stillwatch.gateways._litellm.shown import shown
from stillwatch.gateways._litellm.streamed import StreamedAnswer
from stillwatch.gateways.caller import Caller
from stillwatch.gateways.opening import Gateway, open_gateway
from stillwatch.gateways.passage import Passage
from stillwatch.gateways.settings import GatewaySettings, load
from stillwatch.gateways.showing import Showing
from stillwatch.records import InvalidConfiguration, Route

try:
    from litellm.integrations.custom_guardrail import CustomGuardrail

    from stillwatch.gateways._litellm.refusals import REFUSALS, error_of
except ModuleNotFoundError as missing:
    raise InvalidConfiguration(
        "this class runs inside LiteLLM's proxy, which is not installed here: pip install 'litellm[proxy]'"
    ) from missing

Account = Literal["key", "user", "team", "org"]
Data = dict[str, Any]
Hook = TypeVar("Hook", bound=Callable[..., Awaitable[Any]])
ENVIRONMENT = "STILLWATCH_GATEWAY"
ROUTES: dict[str, Route] = {
    "completion": "chat",
    "acompletion": "chat",
    "text_completion": "completions",
    "atext_completion": "completions",
    "anthropic_messages": "messages",
    "aanthropic_messages": "messages",
    "responses": "responses",
    "aresponses": "responses",
    "embedding": "embeddings",
    "embeddings": "embeddings",
    "aembedding": "embeddings",
}
OURS = "x-stillwatch-"
HASHED = re.compile(r"[0-9a-f]{64}")  # how LiteLLM writes a key
WHO = "the class inside LiteLLM"
GRACE = 5.0  # seconds from LiteLLM's log of a call to handing it on, where no hook saw its answer


def kept_out(hook: Hook) -> Hook:
    """The boundary around a hook: an error of ours is counted, and the call goes on as if there were no hook."""

    @wraps(hook)
    async def bounded(self: "StillwatchGuardrail", *given: Any, **named: Any) -> Any:
        try:
            return await hook(self, *given, **named)
        except REFUSALS:
            raise
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, the customer's call goes on
            self.guard.trouble.caught(f"litellm_{hook.__name__}", error)
            return None

    return bounded  # type: ignore[return-value]


class StillwatchGuardrail(CustomGuardrail):  # type: ignore[misc] # as above
    """Asks a guard about each call that LiteLLM's proxy serves."""

    def __init__(
        self,
        *,
        settings: str | None = None,
        account: Account = "key",
        gateway: Gateway | None = None,
        **litellm: Any,
    ) -> None:
        if account not in get_args(Account):
            raise InvalidConfiguration(f"account is one of {', '.join(get_args(Account))}, not {account!r}")
        self.gateway = gateway or _opened(settings)
        _no_certificates(self.gateway.settings)
        self.guard = self.gateway.guard
        if (
            self.guard.ids is not None
        ):  # no hook sees later requests about a response, which name it by LiteLLM's id
            self.guard.ids.keeps_response_ids = True
        self.calls = OpenCalls()
        self._account = account
        self._held = 0
        super().__init__(**litellm)

    # Before the call

    @kept_out
    async def async_pre_call_hook(
        self, user_api_key_dict: Any, cache: Any, data: Data, call_type: str
    ) -> Data | None:
        route = ROUTES.get(call_type)
        if route is None:
            return None
        try:
            passage = self._begun(user_api_key_dict, data, route)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, the customer's call goes on
            self.guard.trouble.caught("litellm_request", error)
            refusal = self.guard.unavailable(route)
            if refusal is not None:
                raise error_of(refusal, route) from None
            return None
        if passage is None:
            return None
        if passage.refusal is not None:
            raise error_of(passage.refusal, route)
        await self._hold(passage.delay)
        return data

    def _begun(self, user: Any, data: Data, route: Route) -> Passage | None:
        """Decide about a call, and make its request what it is to be; None where that was done before."""
        if self.calls.get(data) is not None:
            return None
        passage = self.decided(user, data, route)
        if passage.refusal is not None:
            passage.finish(passage.refusal.status)
        else:
            _send_on(passage, data)
            self.calls.add(data, passage)
        return passage

    def decided(self, user: Any, data: Data, route: Route) -> Passage:
        """What becomes of a call."""
        try:
            caller = self._caller(user, data)
        except Exception as error:  # noqa: BLE001 - as above
            self.guard.trouble.caught("caller", error)
            caller = Caller(account_id=None)
        return self.guard.request_document(caller, route, data, self._showing(caller, data))

    def _showing(self, caller: Caller, data: Data) -> Showing | None:
        """What the call shows of a bound key, where keys are asked for; None where LiteLLM does not hand it on."""
        if self.guard.keys is None:
            return None
        showing = shown(caller, data)
        if showing is None:
            self.guard.trouble.count("keys_unseen")
        return showing

    async def _hold(self, seconds: float) -> None:
        if seconds <= 0.0:
            return
        if self._held >= self.gateway.settings.limits.held:
            self.guard.trouble.count("holds_skipped")
            return
        self._held += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            self._held -= 1

    # After it

    @kept_out
    async def async_post_call_success_hook(self, data: Data, user_api_key_dict: Any, response: Any) -> Any:
        passage = self.calls.get(data)
        if passage is None:
            return None
        try:
            return self.edited(passage, response)
        finally:
            self.calls.finish(data, 200)

    def edited(self, passage: Passage, response: Any) -> Any:
        """What the customer gets for a whole answer."""
        document = answers.document_of(response)
        cleaned = answers.without_copies(document) if passage.treats_answers else document
        changed = passage.answer_document(cleaned)
        return response if changed is document else answers.as_it_was(changed, response)

    async def async_post_call_streaming_iterator_hook(
        self, user_api_key_dict: Any, response: AsyncIterator[Any], request_data: Data
    ) -> AsyncGenerator[Any, None]:
        """The boundary of the hook for streams is around each event: what fails goes on as it came."""
        answer = StreamedAnswer(self.calls, request_data, self.guard.trouble)
        try:
            async for event in response:
                for sent in answer.sent(event):
                    yield sent
            for sent in answer.rest():
                yield sent
        finally:
            answer.close()

    @kept_out
    async def async_post_call_failure_hook(
        self,
        request_data: Data,
        original_exception: Exception,
        user_api_key_dict: Any,
        traceback_str: str | None = None,
    ) -> None:
        status = _status(original_exception)
        self.calls.finish(request_data, status, error_type=type(original_exception).__name__)

    @kept_out
    async def async_log_success_event(
        self, kwargs: Data, response_obj: Any, start_time: Any, end_time: Any
    ) -> None:
        """A call whose answer no hook saw, which happens to streams, is handed on all the same."""
        if self.calls.get(kwargs) is not None:
            marks = {name: kwargs.get(name) for name in ("litellm_params", "litellm_metadata", "metadata")}
            asyncio.get_running_loop().call_later(GRACE, self.unseen, marks)

    def unseen(self, marks: Data) -> None:
        passage = self.calls.get(marks)
        if passage is not None and not passage.answering:
            self.guard.trouble.count("answers_unseen")
            self.calls.finish(marks, 200)

    def _caller(self, user: Any, data: Data) -> Caller:
        shown = data.get("proxy_server_request")
        headers = shown.get("headers") if isinstance(shown, dict) else None
        pairs = headers.items() if isinstance(headers, Mapping) else ()
        peer = next(
            (about["requester_ip_address"] for about in _metadata(data) if about.get("requester_ip_address")),
            None,
        )
        caller = self.gateway.identity.caller(
            ((name.lower(), value) for name, value in pairs if isinstance(value, str)), peer
        )
        key = _text(user, "api_key")
        if key is not None and not HASHED.fullmatch(key):
            key = self.gateway.identity.key_id(key)
        team, org = _text(user, "team_id"), _text(user, "org_id")
        named = {"user": _text(user, "user_id"), "team": team, "org": org}.get(self._account)
        return msgspec.structs.replace(
            caller,
            account_id=named or key,
            api_key_id=key,
            org_id=org or team,
            end_user_id=_text(user, "end_user_id") or caller.end_user_id,
        )


def _no_certificates(settings: GatewaySettings) -> None:
    if settings.bound_keys is not None and settings.bound_keys.certificate_header is not None:
        raise InvalidConfiguration(
            f"bound_keys: certificate_header cannot be believed by {WHO}: use the ASGI middleware or Envoy"
        )


def _opened(settings: str | None) -> Gateway:
    named = settings or os.environ.get(ENVIRONMENT)
    if not named:
        raise InvalidConfiguration(
            f"the guardrail needs its configuration: `settings` in its litellm_params, or {ENVIRONMENT}"
        )
    stated = load(Path(named))
    _no_certificates(stated)  # before the packages are looked for that a check needs
    return open_gateway(stated)


def _send_on(passage: Passage, data: Data) -> None:
    """Make the request what the guard made of it; headers that bear our name are ours alone."""
    document = passage.document
    if passage.changed and isinstance(document, dict):
        for name in data.keys() - document.keys():
            del data[name]
        data.update(document)
    for place in ("headers", "extra_headers"):
        headers = data.get(place)
        if isinstance(headers, dict) and any(str(name).lower().startswith(OURS) for name in headers):
            data[place] = {
                name: value for name, value in headers.items() if not str(name).lower().startswith(OURS)
            }
    if passage.forward:
        data["extra_headers"] = {**(data.get("extra_headers") or {}), **passage.forward}


def _metadata(data: Data) -> Iterable[Mapping[str, Any]]:
    return (data[name] for name in ("litellm_metadata", "metadata") if isinstance(data.get(name), dict))


def _status(error: Exception) -> int | None:
    """The status an error reaches the customer with."""
    for name in ("status_code", "code"):
        found = str(getattr(error, name, ""))
        if found.isdecimal():
            return int(found)
    return 500


def _text(user: Any, name: str) -> str | None:
    value = getattr(user, name, None)
    return value if isinstance(value, str) and value else None
