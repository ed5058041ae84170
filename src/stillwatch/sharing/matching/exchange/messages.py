"""Requests and answers between members: MessagePack, signed, and bound to sender, receiver, key and moment.

An answer names the digest of its request, so that it can stand for no other; a request has a nonce, and is answered once.
"""

import hashlib
from enum import StrEnum
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from stillwatch.sharing.matching.crypto.group import BYTES
from stillwatch.sharing.matching.membership.identity import Identity

MOST_ELEMENTS = 2048  # of one request
LARGEST_MESSAGE = MOST_ELEMENTS * BYTES + 4096  # bytes
NONCE_BYTES = 16
CONTENT_TYPE = "application/vnd.stillwatch.matching+msgpack"
PATH = "/matching/1/evaluate"
_SIGNED = b"stillwatch-matching-1\0"


class Reason(StrEnum):
    """Why an evaluator does not evaluate."""

    MALFORMED = "malformed"
    UNSIGNED = "unsigned"  # the signature is not that of a member
    MISDIRECTED = "misdirected"  # for another group or member
    STALE = "stale"  # sent too long ago, or in the future
    REPLAYED = "replayed"
    KEY = "key"  # unknown, not yet or no longer valid
    QUORUM = "quorum"  # not one this member can be part of
    ELEMENTS = "elements"  # not elements of the group, none, or too many
    LIMIT = "limit"  # more than the sender may ask a day


class Request(msgspec.Struct, frozen=True, kw_only=True, tag="evaluate"):
    """Blinded elements that a member wants evaluated."""

    group: str
    key_id: str
    sender: str
    receiver: str
    sent_at: int  # microseconds
    nonce: bytes
    quorum: list[int]
    elements: bytes


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag="evaluated"):
    """The evaluated elements, and the proof that they were evaluated with the responder's share."""

    responder: str
    request: bytes  # SHA-256 of the request that was signed
    elements: bytes
    proof: bytes


class Refusal(msgspec.Struct, frozen=True, kw_only=True, tag="refused"):
    """That nothing was evaluated, and why."""

    responder: str
    request: bytes
    reason: Reason
    detail: str


Reply = Answer | Refusal
Body = TypeVar("Body", Request, Answer | Refusal)


class Envelope(msgspec.Struct, frozen=True, array_like=True):
    """A message as it travels."""

    body: bytes
    signature: bytes


class BadMessage(ValueError):
    """Not a message, or not signed by whom it should be."""


def digest(body: bytes) -> bytes:
    return hashlib.sha256(_SIGNED + body).digest()


def signed(message: Request | Reply, identity: Identity) -> tuple[bytes, bytes]:
    """A message in its envelope, and the digest by which an answer names it."""
    body = msgspec.msgpack.encode(message)
    return msgspec.msgpack.encode(Envelope(body, identity.signer.sign(_SIGNED + body))), digest(body)


def opened(content: bytes) -> Envelope:
    """The envelope. Raises BadMessage where there is none."""
    try:
        return msgspec.msgpack.decode(content, type=Envelope)
    except msgspec.MsgspecError as error:
        raise BadMessage(f"not a message: {error}") from error


def request_in(envelope: Envelope) -> Request:
    """The request, its signature not yet looked at."""
    try:
        return msgspec.msgpack.decode(envelope.body, type=Request)
    except msgspec.MsgspecError as error:
        raise BadMessage(f"not a request: {error}") from error


def reply_in(envelope: Envelope) -> Reply:
    """The answer or refusal, its signature not yet looked at."""
    try:
        return msgspec.msgpack.decode(envelope.body, type=Answer | Refusal)
    except msgspec.MsgspecError as error:
        raise BadMessage(f"not an answer: {error}") from error


def is_signed(envelope: Envelope, verify_key: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(verify_key))
        key.verify(envelope.signature, _SIGNED + envelope.body)
    except (InvalidSignature, ValueError):
        return False
    return True


def joined(elements: list[bytes]) -> bytes:
    return b"".join(elements)


def parted(elements: bytes) -> list[bytes]:
    """The elements of a message. Raises BadMessage where their bytes are not a multiple of an element's."""
    if len(elements) % BYTES:
        raise BadMessage("elements have 32 bytes each")
    return [elements[at : at + BYTES] for at in range(0, len(elements), BYTES)]
