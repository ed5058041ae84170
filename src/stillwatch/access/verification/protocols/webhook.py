"""Signed events from outside, in the manner of Standard Webhooks: HMAC-SHA256 (`v1`) or Ed25519 (`v1a`) over id, time, body.

An event is taken within five minutes of the time it was signed for, and its id counts once. What is signed is what
came over the wire, byte for byte: nothing is parsed before its signature holds.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from stillwatch.access.verification.proof import SECOND
from stillwatch.access.verification.refusal import Refused
from stillwatch.records import Micros

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
HEADERS = (ID, TIMESTAMP, SIGNATURE)
WINDOW = 300 * SECOND  # between the clocks, either way; what Standard Webhooks recommends
LONGEST_ID = 256
SIGNATURES = 8  # that one event may carry; two are needed while a secret is replaced


class Verifier(msgspec.Struct, frozen=True):
    """What checks one vendor's signatures: secrets for `v1`, public keys for `v1a`."""

    secrets: Sequence[bytes] = ()
    public_keys: Sequence[bytes] = ()


def signed_content(event_id: str, timestamp: str, body: bytes) -> bytes:
    return b".".join((event_id.encode(), timestamp.encode(), body))


def signature(secret: bytes, event_id: str, timestamp: str, body: bytes) -> str:
    """As the header carries it."""
    made = hmac.digest(secret, signed_content(event_id, timestamp, body), "sha256")
    return f"v1,{b64encode(made).decode()}"


def verify(verifier: Verifier, headers: Mapping[str, str], body: bytes, now: Micros) -> str:
    """The id of an event that its vendor signed just now. Raises Refused."""
    given = {name.lower(): value for name, value in headers.items()}
    event_id, moment = given.get(ID, ""), given.get(TIMESTAMP, "")
    if not event_id.isascii() or not event_id.isprintable() or not 0 < len(event_id) <= LONGEST_ID:
        raise Refused("malformed", f"{ID} is missing, too long or not plain text")
    if "." in event_id:
        raise Refused("malformed", f"{ID} has a dot, which separates what is signed")
    if not (moment.isascii() and moment.isdecimal() and len(moment) <= 12):
        raise Refused("malformed", f"{TIMESTAMP} is missing or no time in seconds")
    if not _signed(verifier, given.get(SIGNATURE, ""), signed_content(event_id, moment, body)):
        raise Refused("forged", "no signature of this vendor fits the event")
    away = now - int(moment) * SECOND
    if away > WINDOW:
        raise Refused("late", f"the event was signed more than {WINDOW // SECOND} seconds ago")
    if away < -WINDOW:
        raise Refused("clock_skewed", "the event was signed for a time ahead of our clock")
    return event_id


def _signed(verifier: Verifier, offered: str, content: bytes) -> bool:
    holds = False
    for one in offered.split(" ")[:SIGNATURES]:
        version, _, encoded = one.partition(",")
        try:
            made = b64decode(encoded, validate=True)
        except ValueError:
            continue
        if version == "v1":
            for secret in verifier.secrets:  # all are compared, in constant time
                holds |= hmac.compare_digest(made, hmac.digest(secret, content, "sha256"))
        elif version == "v1a":
            holds |= any(_fits(key, made, content) for key in verifier.public_keys)
    return holds


def _fits(public: bytes, made: bytes, content: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(made, content)
    except InvalidSignature:
        return False
    return True


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a vendor found. `identity` is the person or instrument as the vendor knows it; only a keyed token is kept."""

    reference: str  # the challenge that the vendor was asked with
    outcome: Literal["passed", "failed"]
    proof: str
    performed_at: int  # seconds since 1970
    identity: str | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """The body of an event. Fields beyond these are the vendor's own and are not kept."""

    type: str
    data: Said


def event_of(body: bytes) -> Event:
    """Raises Refused where the body is none."""
    try:
        return msgspec.json.decode(body, type=Event)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("malformed", f"no event of a vendor: {str(error)[:200]}") from error
