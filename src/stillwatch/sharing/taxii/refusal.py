"""The end of a request that is refused."""

from collections.abc import Mapping
from http import HTTPStatus


class NotServed(Exception):
    """Ends a request with an error resource."""

    def __init__(self, status: HTTPStatus, why: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.headers = dict(headers or {})


def misunderstood(why: str) -> NotServed:
    return NotServed(HTTPStatus.BAD_REQUEST, why)


def not_found() -> NotServed:
    """The same for what is not there and for what the partner may not know of."""
    return NotServed(HTTPStatus.NOT_FOUND, "there is nothing here that you may see")
