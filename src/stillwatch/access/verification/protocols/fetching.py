"""Short documents of an identity provider, fetched with bounds: no redirect, one time-out, so many bytes."""

import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from stillwatch.access.verification.refusal import Reason, Refused

TIMEOUT = 10.0  # seconds for connecting and for each read
LONGEST = 1 << 20  # bytes of an answer
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def safe(url: str) -> bool:
    """TLS, or this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and parts.username is None
    return plain and bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))


def fetch(
    url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A JSON object; with `form`, the answer to a POST. Raises Refused."""
    if not safe(url):
        raise Refused("untrusted", "an address of the provider is neither https nor on this machine")
    data = None if form is None else urlencode(form).encode("ascii")
    told = {"accept": "application/json", **(headers or {})}
    request = Request(url, data=data, headers=told)  # noqa: S310 - the scheme was checked
    try:
        with _opener().open(request, timeout=TIMEOUT) as answer:
            body: bytes = answer.read(LONGEST + 1)
    except HTTPError as answer:
        with answer:
            reason = _reason(answer.read(LONGEST))
        kind: Reason = "unreachable" if answer.code >= 500 else "forged"
        raise Refused(kind, f"the provider answered {answer.code}{reason}") from answer
    except (OSError, HTTPException, ValueError) as error:
        raise Refused("unreachable", "the provider did not answer") from error
    if len(body) > LONGEST:
        raise Refused("malformed", "the provider's answer is too long")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused("malformed", "the provider's answer is not JSON") from error
    if not isinstance(found, dict):
        raise Refused("malformed", "the provider's answer is no object")
    return found


def _reason(body: bytes) -> str:
    """The `error` of RFC 6749, where there is one."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    error = said.get("error") if isinstance(said, dict) else None
    if not isinstance(error, str) or not error.isascii() or not error.replace("_", "").isalpha():
        return ""
    return f": {error[:60]}"


def _opener() -> OpenerDirector:
    """Knows no redirects: what is sent to one address is not carried to another."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
