"""Signed webhooks in the manner of Standard Webhooks: HMAC-SHA256 over id, time and body."""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from stillwatch.records import InvalidConfiguration, StillwatchError

PREFIX = "whsec_"  # of a secret in base64
SHORTEST = 24  # bytes of a secret, the least that Standard Webhooks allows
TOLERANCE = 300  # seconds between the clocks of sender and receiver; older ones are replays
VERSION = "v1"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class NotGenuine(StillwatchError):
    """A webhook that the holder of the secret did not send, or not just now."""


def secret_bytes(text: str) -> bytes:
    """The key of a secret: base64 after `whsec_`, else the text itself. Raises InvalidConfiguration."""
    if text.startswith(PREFIX):
        try:
            key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
        except binascii.Error as error:
            raise InvalidConfiguration(f"a webhook secret: no base64 after {PREFIX}") from error
    else:
        key = text.encode("utf-8", "surrogateescape")
    if len(key) < SHORTEST:
        raise InvalidConfiguration(f"a webhook secret has {len(key)} bytes; it needs {SHORTEST}")
    return key


def signed_headers(keys: Sequence[bytes], alarm_id: str, body: bytes, now: float) -> dict[str, str]:
    """The three headers; one signature a key, so that a secret can be replaced without a gap."""
    name, moment = header_id(alarm_id), str(int(now))
    signatures = (f"{VERSION},{_signature(key, name, moment, body)}" for key in keys)
    return {ID: name, TIMESTAMP: moment, SIGNATURE: " ".join(signatures)}


def header_id(alarm_id: str) -> str:
    """An id as a header carries it. A dot separates what is signed, so the id has none."""
    return quote(alarm_id, safe="", errors="replace").replace(".", "%2E")


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> str:
    """The id of a genuine webhook, for receivers; raises NotGenuine.

    `body` is what came over the wire, byte for byte; `now` is the time in seconds. Keep the ids of the last
    five minutes to know a repeat: Stillwatch delivers at least once.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        name, moment, signatures = given[ID], given[TIMESTAMP], given[SIGNATURE]
    except KeyError as missing:
        raise NotGenuine(f"the header {missing.args[0]} is missing") from None
    if not (moment.isascii() and moment.isdigit() and len(moment) <= len(str(1 << 63))):
        raise NotGenuine(f"{TIMESTAMP} is no time in seconds")
    if abs(now - int(moment)) > TOLERANCE:
        raise NotGenuine(f"{TIMESTAMP} is more than {TOLERANCE // 60} minutes away from now")
    keys = [secret_bytes(one) for one in secret.split()]
    expected = [_signature(key, name, moment, body).encode() for key in keys]
    offered = [
        one.removeprefix(f"{VERSION},").encode() for one in signatures.split() if one.startswith(VERSION)
    ]
    if not any([hmac.compare_digest(one, other) for one in offered for other in expected]):  # noqa: C419 - all are compared, in constant time
        raise NotGenuine("no signature fits the body")
    return name


def _signature(key: bytes, name: str, moment: str, body: bytes) -> str:
    signed = b".".join((name.encode("utf-8", "surrogateescape"), moment.encode(), body))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
