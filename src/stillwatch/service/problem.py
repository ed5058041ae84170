"""Errors as answers: one shape for all of them, that of RFC 9457, with no more of what went wrong than helps."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from starlette.responses import Response

from stillwatch.records import (
    InvalidConfiguration,
    NotThere,
    StillwatchError,
    UnreadableInput,
    UsageError,
)

CONTENT_TYPE = "application/problem+json"
AGAIN = "5"  # seconds after which a client may try again


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong with a request. `type` is `about:blank`: the status says which kind it is."""

    title: str
    status: int
    detail: str
    request_id: str
    type: str = "about:blank"


class Refused(Exception):
    """Ends a request with a problem."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def refusal_of(error: StillwatchError | OSError) -> Refused:
    """The answer for an error that was raised on purpose, or for a disk that is full."""
    if isinstance(error, OSError):
        return Refused(HTTPStatus.SERVICE_UNAVAILABLE, "the disk took nothing", {"retry-after": AGAIN})
    for kind, status in (
        (NotThere, HTTPStatus.NOT_FOUND),
        (UsageError, HTTPStatus.CONFLICT),
        (InvalidConfiguration, HTTPStatus.UNPROCESSABLE_ENTITY),
        (UnreadableInput, HTTPStatus.SERVICE_UNAVAILABLE),
    ):
        if isinstance(error, kind):
            return Refused(status, str(error))
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, str(error), {"retry-after": AGAIN})


def answered(refused: Refused, request_id: str) -> Response:
    problem = Problem(
        title=refused.status.phrase, status=refused.status.value, detail=refused.detail, request_id=request_id
    )
    return Response(
        msgspec.json.encode(problem),
        status_code=refused.status.value,
        headers=refused.headers,
        media_type=CONTENT_TYPE,
    )
