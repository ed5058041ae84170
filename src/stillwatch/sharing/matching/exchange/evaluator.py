"""The evaluator: what a member runs so that others can have blinded values evaluated with its share, within limits.

It answers a member's signed, fresh request once, counts the elements first, and proves what it evaluated. Whatever else
comes is refused with a reason, and counted.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache

from stillwatch.sharing.matching.crypto import oprf, shares
from stillwatch.sharing.matching.crypto.group import BYTES, ORDER, NotInGroup, decoded, generated
from stillwatch.sharing.matching.exchange.messages import (
    LARGEST_MESSAGE,
    MOST_ELEMENTS,
    NONCE_BYTES,
    Answer,
    BadMessage,
    Reason,
    Refusal,
    Request,
    digest,
    is_signed,
    joined,
    opened,
    parted,
    request_in,
    signed,
)
from stillwatch.sharing.matching.exchange.usage import Usage
from stillwatch.sharing.matching.membership.epoch import EpochKey
from stillwatch.sharing.matching.membership.identity import Identity
from stillwatch.sharing.matching.membership.roster import Member, Roster

FRESH = 300_000_000  # microseconds that clocks of members may differ
NOBODY = "(unverified)"


class Refused(Exception):
    """A request that is not evaluated."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Evaluator:
    """Answers requests; may be used from several threads."""

    def __init__(
        self,
        identity: Identity,
        roster: Roster,
        keys: Mapping[str, EpochKey],
        usage: Usage,
        clock: Callable[[], int],
    ) -> None:
        self._identity = identity
        self._roster = roster
        self._keys = keys
        self._usage = usage
        self._clock = clock
        self._shares = cache(_share_in)

    def answer(self, content: bytes) -> tuple[Reason | None, bytes]:
        """The reply to a message, signed, and why it is a refusal, if it is one."""
        now = self._clock()
        sender, key_id, asked, named = NOBODY, "", 0, _named(content)
        try:
            request, member = self._authentic(content)
            sender, key_id = member.name, request.key_id if request.key_id in self._keys else ""
            asked = len(request.elements) // BYTES
            key, elements = self._admissible(request, now)
            self._count(member, key_id, len(elements), now)
            return None, signed(self._evaluated(key, request, elements, named), self._identity)[0]
        except Refused as refused:
            self._usage.refused(sender, key_id, refused.reason, asked, now)
            refusal = Refusal(
                responder=self._identity.name, request=named, reason=refused.reason, detail=refused.detail
            )
            return refused.reason, signed(refusal, self._identity)[0]

    def _authentic(self, content: bytes) -> tuple[Request, Member]:
        if len(content) > LARGEST_MESSAGE:
            raise Refused(Reason.MALFORMED, f"messages have up to {LARGEST_MESSAGE:,} bytes")
        try:
            envelope = opened(content)
            request = request_in(envelope)
        except BadMessage as error:
            raise Refused(Reason.MALFORMED, str(error)) from error
        member = self._roster.find(request.sender)
        if member is None or not is_signed(envelope, member.verify_key):
            raise Refused(Reason.UNSIGNED, "the signature is not that of a member")
        return request, member

    def _admissible(self, request: Request, now: int) -> tuple[EpochKey, list[bytes]]:
        if (request.group, request.receiver) != (self._roster.group, self._identity.name):
            raise Refused(Reason.MISDIRECTED, "this is for another group or member")
        if abs(now - request.sent_at) > FRESH or len(request.nonce) != NONCE_BYTES:
            raise Refused(Reason.STALE, "sent too long ago or in the future, or without a nonce of 16 bytes")
        if not self._usage.first_time(
            request.sender, request.nonce, request.sent_at, forget_before=now - 2 * FRESH
        ):
            raise Refused(Reason.REPLAYED, "this was asked before")
        key = self._keys.get(request.key_id)
        if key is None or not key.valid(now):
            raise Refused(Reason.KEY, "the key is unknown here, or not valid now")
        quorum = set(request.quorum)
        whole = len(quorum) == len(request.quorum) == key.threshold and quorum <= key.public_shares.keys()
        if not whole or key.number not in quorum:
            raise Refused(Reason.QUORUM, f"a quorum is {key.threshold} holders, this one among them")
        try:
            elements = parted(request.elements)
        except BadMessage as error:
            raise Refused(Reason.ELEMENTS, str(error)) from error
        if not 1 <= len(elements) <= MOST_ELEMENTS:
            raise Refused(Reason.ELEMENTS, f"a request has 1 to {MOST_ELEMENTS:,} elements")
        return key, elements

    def _count(self, sender: Member, key_id: str, elements: int, now: int) -> None:
        if not self._usage.take(sender.name, key_id, elements, sender.daily_limit, now):
            raise Refused(Reason.LIMIT, f"{sender.name} may ask {sender.daily_limit:,} elements a day")

    def _evaluated(self, key: EpochKey, request: Request, elements: list[bytes], named: bytes) -> Answer:
        secret, public = self._shares(key.share or "", key.number or 0, tuple(sorted(request.quorum)))
        try:
            evaluated = oprf.evaluate(secret, elements)
        except NotInGroup as error:
            raise Refused(Reason.ELEMENTS, "not elements of ristretto255") from error
        return Answer(
            responder=self._identity.name,
            request=named,
            elements=joined(evaluated),
            proof=oprf.prove(secret, public, elements, evaluated),
        )


def _named(content: bytes) -> bytes:
    """What the reply names its request by, also where the message is none."""
    try:
        return digest(opened(content).body)
    except BadMessage:
        return hashlib.sha256(content).digest()


def _share_in(share: str, number: int, quorum: tuple[int, ...]) -> tuple[int, bytes]:
    """A share as it counts in a quorum, secret and public: the answers of a quorum then only need adding up."""
    secret = shares.weights(quorum)[number] * decoded(bytes.fromhex(share)) % ORDER
    return secret, generated(secret)
