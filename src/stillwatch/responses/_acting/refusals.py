"""Refusals in the shape of the API the customer speaks, with our code inside.

OpenAI: https://platform.openai.com/docs/guides/error-codes. Anthropic: https://docs.anthropic.com/en/api/errors.
Google: https://cloud.google.com/apis/design/errors.
Official clients raise their own error classes by the status, and show the message.
"""

from collections.abc import Mapping

from stillwatch.records import Route
from stillwatch.responses._acting.interface import Context, Json, Refusal

UNAUTHORIZED, FORBIDDEN, TOO_MANY, UNAVAILABLE = 401, 403, 429, 503
OPENAI_TYPES = {
    UNAUTHORIZED: "invalid_request_error",
    FORBIDDEN: "request_forbidden",
    TOO_MANY: "rate_limit_error",
    UNAVAILABLE: "server_error",
}
ANTHROPIC_TYPES = {
    UNAUTHORIZED: "authentication_error",
    FORBIDDEN: "permission_error",
    TOO_MANY: "rate_limit_error",
    UNAVAILABLE: "overloaded_error",
}
GOOGLE_STATES = {
    UNAUTHORIZED: "UNAUTHENTICATED",
    FORBIDDEN: "PERMISSION_DENIED",
    TOO_MANY: "RESOURCE_EXHAUSTED",
    UNAVAILABLE: "UNAVAILABLE",
}
TITLES = {FORBIDDEN: "This request was refused.", TOO_MANY: "Too many requests. Try again later."}


def refuse(
    context: Context,
    status: int,
    *,
    message: str | None = None,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Json] | None = None,
) -> Refusal:
    """Refuse a call for the reason its decision gives."""
    decision = context.decision
    said = {"reason": decision.reason, "decision_id": decision.decision_id, **(more or {})}
    if decision.appeal and context.facilities.appeal_url:
        said["appeal"] = context.facilities.appeal_url.replace("{decision_id}", decision.decision_id)
    told = decision.message or message or TITLES[status]
    body = error_body(context.route, status, str(decision.reason), told, said)
    return Refusal(status, {"content-type": "application/json", **(headers or {})}, body)


def error_body(
    route: Route, status: int, code: str, message: str, said: Mapping[str, Json]
) -> dict[str, Json]:
    """The error object of a route's own API."""
    if route == "messages":
        error = {"type": ANTHROPIC_TYPES[status], "message": message, "stillwatch": dict(said)}
        return {"type": "error", "error": error}
    if route == "gemini":
        state = GOOGLE_STATES[status]
        return {"error": {"code": status, "message": message, "status": state, "stillwatch": dict(said)}}
    kind = OPENAI_TYPES[status]
    return {
        "error": {"message": message, "type": kind, "param": None, "code": code, "stillwatch": dict(said)}
    }
