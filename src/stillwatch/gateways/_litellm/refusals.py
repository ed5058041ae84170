"""Refusals as LiteLLM's proxy hands them to its customers. Imports LiteLLM."""

from fastapi import HTTPException
from litellm.proxy._types import ProxyException

from stillwatch.records import Route
from stillwatch.responses import Refusal


class Refused(HTTPException):  # type: ignore[misc] # LiteLLM is not installed where types are checked
    """A refusal as LiteLLM hands it to the customer. Completions read its parts, the other routes the detail."""

    def __init__(self, refusal: Refusal) -> None:
        error = dict(refusal.body["error"])
        self.message = error.pop("message")
        self.type, self.param, self.code = (error.get(name) for name in ("type", "param", "code"))
        super().__init__(refusal.status, {"error": self.message, **error}, _headers(refusal))


class RefusedMessages(ProxyException):  # type: ignore[misc] # as above
    """The same for Messages, where LiteLLM keeps the headers of no other error."""

    def __init__(self, refusal: Refusal) -> None:
        error = dict(refusal.body["error"])
        super().__init__(
            message=error.pop("message"),
            type=error["type"],
            param=None,
            code=refusal.status,
            headers=_headers(refusal),
            provider_specific_fields=error,
        )


def _headers(refusal: Refusal) -> dict[str, str]:
    return {name: value for name, value in refusal.headers.items() if name != "content-type"}


REFUSALS = (Refused, RefusedMessages)


def error_of(refusal: Refusal, route: Route) -> Exception:
    """What a hook raises to refuse a call."""
    made: Exception = (RefusedMessages if route == "messages" else Refused)(refusal)
    return made
