r"""`webhook+https://HOST/PATH#secret=NAME`: each alarm posted as JSON and signed.

Carries: `{"type": "alarm.KIND", "timestamp": ..., "data": {...}}`; `data` has the fields of the `jsonl` sink.
Signs: in the manner of Standard Webhooks. `webhook-id` is the alarm's id, as is `idempotency-key`;
`webhook-signature` is `v1,` and the base64 of the HMAC-SHA256 over id, timestamp and body, joined by dots. The secret
is the value of the environment variable NAME (`whsec_` and base64, or 24 bytes of text and more). Two secrets with
a space between them sign twice, for the time of a change. `stillwatch.sinks.verify` checks all this for a receiver.
Holds: an alarm counts as delivered when the answer is a 2xx. Redirects are not followed. The proxy of the environment
(`HTTPS_PROXY`) is used, and the certificates of the system or of `SSL_CERT_FILE`. `webhook+http` is signed but sent in
the clear: keep it to one machine or a private network.
Fails: no connection, 408, 425, 429 and 5xx are tried again, later than `Retry-After` says; any other answer makes
the alarm a dead letter.
Escapes: ASCII only, everything else as JSON's `\uXXXX`; an id that is no plain word is percent-encoded in headers.
"""

import os
import time
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Never
from urllib.error import HTTPError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from stillwatch.records import InvalidConfiguration, Notice, UsageError, clean, rfc3339
from stillwatch.records.product import NAME as PRODUCT
from stillwatch.records.product import VERSION
from stillwatch.records.text import NAME
from stillwatch.sinks._delivery.address import options, scheme_of, split
from stillwatch.sinks._delivery.interface import Kind, NotNow, Refused
from stillwatch.sinks._delivery.record import encoded, told
from stillwatch.sinks._delivery.signature import header_id, secret_bytes, signed_headers

TIMEOUT = 10.0  # seconds for connecting and for each read; receivers are told to answer first and work later
AWAY = {408, 425, 429, 502, 503, 504}  # answers that say nothing about this notice
LONGEST_WAIT = 3600.0  # seconds that Retry-After may ask for
READ = 1 << 12  # bytes of an answer that are read


class Webhook:
    """One receiver."""

    def __init__(self, url: str, keys: Sequence[bytes]) -> None:
        self._url = url
        self._keys = keys
        self._opener = _opener()

    def deliver(self, notice: Notice) -> None:
        sent = body(notice)
        headers = {
            "content-type": "application/json",
            "user-agent": f"{PRODUCT}/{VERSION}",
            "idempotency-key": header_id(notice.alarm_id),
            **signed_headers(self._keys, notice.alarm_id, sent, time.time()),
        }
        # The scheme was checked when the sink was opened.
        request = Request(self._url, data=sent, headers=headers, method="POST")  # noqa: S310
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                answer.read(READ)
        except HTTPError as answer:
            with answer:
                _judge(answer.code, answer.headers.get("retry-after"))
        except (OSError, HTTPException) as error:
            reason = clean(str(getattr(error, "reason", error)) or type(error).__name__)
            raise NotNow(f"no answer: {reason}") from error


def _opener() -> OpenerDirector:
    """Knows no redirects: what is signed for one address is not carried to another."""
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


def body(notice: Notice) -> bytes:
    return encoded(
        {
            "type": f"alarm.{clean(notice.alarm.kind, NAME)}",
            "timestamp": rfc3339(notice.alarm.ts),
            "data": told(notice),
        }
    )


def _judge(status: int, retry_after: str | None) -> Never:
    if status in AWAY or status >= 500:
        raise NotNow(f"HTTP {status}", after=_seconds(retry_after), answered=status not in AWAY)
    raise Refused(f"HTTP {status}")


def _seconds(retry_after: str | None) -> float:
    """How long a receiver asks to be left alone: seconds or a date; 0 where it says nothing readable."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(text).timestamp() - time.time()
    except (ValueError, OverflowError):
        return 0.0
    return min(max(wait, 0.0), LONGEST_WAIT)


def open_webhook(url: str) -> Webhook:
    scheme, parts = scheme_of(url), split(url)
    variable = options(scheme, parts.fragment, {"secret"}).get("secret")
    if not variable:
        raise UsageError(f"{scheme}: end the URL with #secret=NAME, the environment variable with the secret")
    keys = [secret_bytes(secret) for secret in os.environ.get(variable, "").split()]
    if not keys:
        raise InvalidConfiguration(f"{scheme}: the environment variable {variable} holds no secret")
    plain = parts._replace(scheme=scheme.removeprefix("webhook+"), fragment="").geturl()
    if not plain.isascii() or not plain.isprintable() or " " in plain:
        raise UsageError(f"{scheme}: percent-encode what is not ASCII in the URL")
    return Webhook(plain, keys)


SINK = Kind(
    ("webhook+http", "webhook+https"),
    "webhook+https://hooks.example.com/stillwatch#secret=HOOK_SECRET",
    open_webhook,
)
